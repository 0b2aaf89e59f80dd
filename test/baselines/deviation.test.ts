import { describe, expect, it } from "vitest";
import { defaultMemory } from "../../src/baselines/baseline.ts";
import { deviationOf } from "../../src/baselines/deviation.ts";
import { exportedPast, ExportedPast, pastFrom } from "../../src/baselines/exported.ts";
import { isLearned } from "../../src/baselines/learning.ts";
import { levelsAsOf, type Past } from "../../src/baselines/levels.ts";
import { reasonsOf, scoreOf } from "../../src/baselines/session-score.ts";
import { sightOf } from "../../src/baselines/sight.ts";
import { usualValues } from "../../src/baselines/usual.ts";
import { march1, pastOf, traits } from "../builders/baseline.ts";

const of = (role: string, agent: string | null, days: Past["days"]): Past =>
  ({ subject: { role, agent, kind: "ai" }, days, from: null });
const scored = { score: 1 } as const;
const old = of("1/old", "aider", pastOf(4, { days: 20, shown: scored }));
const young = of("1/young", "codex", pastOf(1, { days: 3, shown: scored }));
const budget = { alertsPerWeek: 1 };
const far = { id: "s", traits: traits({ region: ["ap-east-1"], operation: ["ec2:RunInstances"] }) };

describe("a deviation", () => {
  const levels = levelsAsOf([old, young], march1, { memory: defaultMemory });

  it("is from the role's own past where that is mature, with high confidence", () => {
    const { baseline, confidence, standing } = deviationOf(far, levels(old.subject), budget);
    expect(baseline).toMatchObject({ level: "agent", sessions: 80, days: 20 });
    expect(confidence).toBe("high");
    expect(standing).toMatchObject({ of: 80, asStrange: 0, isUnusual: true });
  });

  it("is from the agents of its kind while the role learns, with low confidence", () => {
    const { baseline, confidence, score } = deviationOf(far, levels(young.subject), budget);
    if (baseline === null) throw new Error("Nothing judges.");
    expect(baseline.level).toBe("kind");
    expect(confidence).toBe("low");
    expect(score).toBe(scoreOf(far.traits, baseline));
    const [strangest] = reasonsOf(far.traits, baseline);
    expect(strangest).toMatchObject({ of: "operation", value: "ec2:RunInstances" });
  });

  it("is from the role where the agent is new to it", () => {
    const newcomer = { ...old.subject, agent: "cursor" };
    const { baseline, confidence } = deviationOf(far, levels(newcomer), budget);
    expect([baseline?.level, confidence]).toEqual(["role", "medium"]);
  });

  it("is none where nobody has a past", () => {
    const empty = levelsAsOf([], march1, { memory: defaultMemory })(young.subject);
    expect(deviationOf(far, empty, budget)).toMatchObject({
      baseline: null, score: null, standing: null, learned: { score: null, scoreAbove: null },
    });
  });

  it("does not see what the day itself and later days brought", () => {
    const later = of("1/old", "aider", new Map([...old.days, ...pastOf(9, {
      days: 3, asOfDay: march1 + 3, shown: { region: ["ap-east-1"] },
    })]));
    const given = levelsAsOf([later, young], march1, { memory: defaultMemory })(old.subject);
    expect(deviationOf(far, given, budget)).toEqual(deviationOf(far, levels(old.subject), budget));
  });

  it("looks the same while what rules can see of it is the same", () => {
    const sight = (pasts: readonly Past[]) => {
      const given = levelsAsOf(pasts, march1, { memory: defaultMemory })(old.subject);
      return sightOf({ traits: far.traits, deviation: deviationOf(far, given, budget) });
    };
    const busier = of("1/young", "codex", pastOf(1, { days: 4, shown: scored }));
    const went = of("1/old", "aider",
      new Map([...old.days, ...pastOf(4, { days: 1, shown: { region: ["ap-east-1"] } })]));
    expect(sight([old, busier])).toBe(sight([old, young]));
    expect(sight([went, young])).not.toBe(sight([old, young]));
  });

  it("says what was expected", () => {
    const { baseline } = deviationOf(far, levels(old.subject), budget);
    expect(baseline === null ? [] : usualValues(baseline, "region")).toEqual(["eu-west-1"]);
  });
});

describe("a session is learned from", () => {
  it.each([
    ["without findings", [], true],
    ["with a medium one that is open", [["medium", "open", null]], true],
    ["with a high one that is open", [["high", "open", null]], false],
    ["with a critical one that somebody has seen", [["critical", "acknowledged", null]], false],
    ["with a high one that was accepted", [["high", "suppressed", null]], true],
    ["with a high one that was false", [["high", "closed", "false-positive"]], true],
    ["with a high one that went away", [["high", "closed", "withdrawn"]], true],
    ["with a low one that was true", [["low", "closed", "true-positive"]], false],
    ["with one false and one open", [["high", "closed", "false-positive"], ["high", "open", null]],
      false],
  ] as const)("%s: %j -> %s", (_what, findings, expected) => {
    const given = findings.map(([level, status, verdict]) => ({ level, status, verdict }));
    expect(isLearned(given)).toBe(expected);
  });
});

describe("an exported past", () => {
  it("comes back from JSON as it was", () => {
    const exported = JSON.parse(JSON.stringify(exportedPast(old))) as unknown;
    expect(pastFrom(ExportedPast.parse(exported))).toEqual({
      ...old, days: new Map([...old.days].sort(([a], [b]) => a - b)),
    });
    expect(exportedPast(old).days).toHaveProperty("2026-02-28.sessions", 4);
  });

  it.each([
    ["of another version", { version: 0 }],
    ["with a day that is none", { days: { yesterday: {} } }],
    ["with a voice that is none", { subject: { ...old.subject, kind: "robot" } }],
  ])("%s is refused", (_what, change) => {
    expect(ExportedPast.safeParse({ ...exportedPast(old), ...change }).success).toBe(false);
  });
});
