import { describe, expect, it } from "vitest";
import { auditJudgement } from "../../src/audit/audit-findings.ts";
import type { Judgement } from "../../src/audit/judge-account.ts";
import { compared, type Comparing, type Result } from "../../src/audit/result.ts";
import { account, daysAgo, now } from "./subjects.ts";

const arn = `arn:aws:iam::${account}:role/a`;

function judgement(result: Judgement["result"], changes: Partial<Judgement> = {}): Judgement {
  return {
    result, check: "key-old", title: "Old access key", level: "high", account, subject: arn,
    because: "It is old.", evidence: {}, remedy: null, ...changes,
  };
}

function failure(changes: Partial<Result> = {}): Result {
  return {
    ...judgement("fail"), change: "new", since: daysAgo(9), accepted: null, ...changes,
  };
}

const run: Comparing = { before: [failure()], accepted: [], at: now, known: new Set([account]) };
const accepted = { reason: "Soon gone.", until: "2026-06-30" };
const acceptance = { check: "key-old", subject: "*:role/a", ...accepted };

describe("a failure, beside the run before", () => {
  it.each<[string, Partial<Comparing>, object]>([
    ["is new where there was no run", { before: null }, { change: "new", since: now }],
    ["is new where it did not fail", { before: [] }, { change: "new", since: now }],
    ["is open since it was first found", {}, { change: "open", since: daysAgo(9) }],
    ["is another in another account", { before: [failure({ account: "444455556666" })] },
      { change: "new" }],
    ["is accepted up to the last day", { accepted: [acceptance] }, { change: null, accepted }],
    ["is not accepted from then on", { accepted: [acceptance], at: now + 86_400_000 },
      { change: "open", accepted: null }],
    ["is new again when its acceptance ended", { before: [failure({ accepted })] },
      { change: "new", since: daysAgo(9) }],
    ["is not accepted for another check", { accepted: [{ ...acceptance, check: "key-unused" }] },
      { accepted: null }],
    ["is not accepted for another subject", { accepted: [{ ...acceptance, subject: "*:role/b" }] },
      { accepted: null }],
    ["is not accepted for another account",
      { accepted: [{ ...acceptance, account: "444455556666" }] }, { accepted: null }],
  ])("%s", (_what, changes, expected) => {
    const { results: [result] } = compared([judgement("fail")], { ...run, ...changes });
    expect(result).toMatchObject(expected);
  });

  it("is fixed once it passes, or is gone; carried while nobody knows", () => {
    const of = (judgements: readonly Judgement[], changes: Partial<Comparing> = {}) => {
      const { fixed, carried } = compared(judgements, { ...run, ...changes });
      return { fixed: fixed.length, carried: carried.map(({ change }) => change) };
    };
    const unread = { known: new Set<string>() };
    expect(of([judgement("pass")])).toEqual({ fixed: 1, carried: [] });
    expect(of([])).toEqual({ fixed: 1, carried: [] });
    expect(of([judgement("unknown")])).toEqual({ fixed: 0, carried: ["carried"] });
    expect(of([], unread)).toEqual({ fixed: 0, carried: ["carried"] });
    expect(of([], { ...unread, accepted: [acceptance] })).toEqual({ fixed: 0, carried: [null] });
    expect(of([], { before: [failure({ account: null })], ...unread })).toMatchObject({ fixed: 1 });
    expect(of([judgement("pass")], { before: [failure({ accepted })] }).fixed).toBe(0);
    expect(of([judgement("fail")])).toEqual({ fixed: 0, carried: [] });
  });
});

describe("findings of a run", () => {
  it("are its open failures of high and worse, each since it was found", () => {
    const { parts, groupKey } = auditJudgement([
      failure(), failure({ level: "medium", check: "x" }), failure({ accepted, check: "y" }),
      failure({ change: "carried", check: "z", account: null, subject: "aider" }),
      failure({ check: "u", subject: `arn:aws:iam::${account}:user/u` }),
    ]);
    expect(groupKey).toBe("audit");
    expect(parts.map(({ rule, entity, role, agent, firstEventAt }) =>
      [rule, entity.type, role?.arn ?? agent?.name ?? null, firstEventAt])).toEqual([
      ["key-old", "role", arn, daysAgo(9)],
      ["z", "agent", "aider", daysAgo(9)],
      ["u", "principal", null, daysAgo(9)],
    ]);
  });
});
