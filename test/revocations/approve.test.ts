import { describe, expect, it } from "vitest";
import { Response } from "../../src/config/response-schema.ts";
import type { ApprovalPolicy } from "../../src/config/schema.ts";
import {
  judgeRelease, judgeYes, peopleFor, releaseWaits, spentBy, versionOf, type Around,
} from "../../src/revocations/approve.ts";
import type { Plan } from "../../src/revocations/plan.ts";
import {
  requested, withNews, type Revocation, type Trigger,
} from "../../src/revocations/revocation.ts";
import { at } from "../builders/event.ts";
import { roleSession } from "../builders/role-session.ts";
import { planned } from "./planned.ts";

const readonly = { mode: "readonly", basis: "config", isGuessed: false } as const;
const sessions = ["task-1", "task-2", "task-3"].map((name) =>
  roleSession("ro", name, { agent: "aider", mode: readonly }));
const stranger = roleSession("ro", "task-9", { agent: "codex", mode: readonly });
const plan = planned({ kind: "role", arn: "arn:aws:iam::111111111111:role/ro" }, { sessions });
const mixed = planned(plan.target, { sessions: [...sessions, stranger] });
const empty: Plan = { ...plan, hits: [] };

const byRule: Trigger = { by: "rule", rule: "creates-lasting-credentials", level: "critical",
  subject: "f" };
const byHand: Trigger = { by: "person", rule: null, level: null, subject: null };
const policies = (...given: Partial<ApprovalPolicy>[]): readonly ApprovalPolicy[] =>
  Response.parse({ approvals: given.map((one) => ({ people: 0, ...one })) }).approvals;

describe("people who have to say yes", () => {
  it.each<readonly [number, string, readonly ApprovalPolicy[], Plan, Trigger]>([
    [1, "where nothing is declared", [], plan, byRule],
    [0, "by a policy for everything", policies({}), plan, byRule],
    [0, "by rule", policies({ rules: ["creates-*"] }), plan, byRule],
    [1, "by another rule", policies({ rules: ["reads-*"] }), plan, byRule],
    [1, "by rule, asked by hand", policies({ rules: ["*"] }), plan, byHand],
    [2, "by level", policies({ levels: ["critical"], people: 2 }), plan, byRule],
    [1, "by another level", policies({ levels: ["high"] }), plan, byRule],
    [0, "by agent", policies({ agents: ["aider"] }), plan, byRule],
    [1, "by agent, where another is hit too", policies({ agents: ["aider"] }), mixed, byRule],
    [1, "by agent, where nobody is known to be hit", policies({ agents: ["*"] }), empty, byRule],
    [0, "by mode", policies({ modes: ["readonly"] }), mixed, byRule],
    [1, "by another mode", policies({ modes: ["deploy"] }), plan, byRule],
    [2, "by the first that fits",
      policies({ modes: ["deploy"] }, { agents: ["aider"], people: 2 }, {}), plan, byRule],
    [1, "by all of a policy's conditions",
      policies({ agents: ["aider"], levels: ["high"] }), plan, byRule],
  ])("are %i: %s", (...[people, , given, of, trigger]) => {
    expect(peopleFor(of, trigger, given)).toBe(people);
  });
});

const ask = (of: Plan, trigger: Trigger, id = "a"): Revocation => requested({
  id, target: of.target, trigger, reason: "because", requestedBy: "cli:ann", requestedAt: at(600),
}, versionOf(of, trigger, { at: at(600), policies: policies({ people: 2 }) }));

describe("a yes", () => {
  const asked = ask(plan, byHand);
  const digest = asked.versions[0]?.digest ?? "";
  const wider = versionOf(mixed, byHand, { at: at(700), policies: [] });
  const replanned = withNews(asked, { kind: "planned", version: wider });

  it.each<readonly [string, string, Revocation, string, string]>([
    ["counts", "a second person's", asked, "token:bob", digest],
    ["same-person", "of whoever asked", asked, "token:Ann", digest],
    ["other-version", "to what was planned before", replanned, "token:bob", digest],
    ["counts", "of whoever asked, to what is wider now", replanned, "cli:ann", wider.digest],
    ["not-awaited", "to what was declined", withNews(asked,
      { kind: "declined", decision: { by: "cli:eve", reason: "no", at: at(601) } }),
    "token:bob", digest],
  ])("%s: %s", (...[answer, , of, by, to]) => {
    expect(judgeYes(of, { by, digest: to, at: at(710) })).toBe(answer);
  });

  it("is to a plan that hits the same, and to no other", () => {
    expect(versionOf(plan, byHand, { at: at(900), policies: [] }).digest).toBe(digest);
    expect(wider.digest).not.toBe(digest);
  });
});

describe("a release", () => {
  const approved = withNews(ask(plan, byHand), { kind: "approved", said: {
    digest: ask(plan, byHand).versions[0]?.digest ?? "", by: "cli:bob", at: at(610),
  } });
  const nothing = { sessions: new Set<string>(), roles: new Set<string>() };
  const around = (changes: Partial<Around> = {}): Around => ({
    config: { enabled: true, hourlyMax: { sessions: 3, roles: 1 } },
    paused: null, spent: nothing, asOf: at(700), ...changes,
  });
  const paused = { by: "cli:eve", reason: "an exercise.", at: at(650) };

  it("is now when all is well", () => {
    expect(judgeRelease(approved, around())).toEqual({ kind: "now" });
  });

  const waits: readonly (readonly [string, string, Revocation, Around])[] = [
    ["enabled", "response.enabled is false: plans are shown, and nothing is changed.", approved,
      around({ config: Response.parse({}) })],
    ["resume", "cli:eve has paused all responses: an exercise.", approved, around({ paused })],
    ["approval", "It takes the yes of 2 people.", ask(plan, byHand), around()],
    ["approval", "It takes the yes of 2 people.", approved, around({ asOf: at(99_999) })],
    ["hour", "4 sessions would be hit within an hour; response.hourlyMax.sessions is 3.", approved,
      around({ spent: { ...nothing, sessions: new Set(["other"]) } })],
    ["hour", "2 roles would be hit within an hour; response.hourlyMax.roles is 1.", approved,
      around({ spent: { ...nothing, roles: new Set(["other"]) } })],
  ];
  it.each(waits)("waits for %s: %s", (...[what, because, of, how]) => {
    expect(judgeRelease(of, how)).toEqual({ kind: "wait", for: what, because });
  });

  it("has a case for all it may wait for", () => {
    expect([...new Set(waits.map(([what]) => what))]).toEqual([...releaseWaits]);
  });

  it("counts what was released within the hour, each session once", () => {
    const released = withNews(approved, { kind: "released", at: at(700) });
    const spent = spentBy([released, { ...released, id: "b" }, approved], at(700 + 3599));
    expect([spent.sessions.size, spent.roles.size]).toEqual([3, 1]);
    expect(judgeRelease(approved, around({ spent }))).toEqual({ kind: "now" });
    expect(spentBy([released], at(700 + 3600)).sessions.size).toBe(0);
  });
});
