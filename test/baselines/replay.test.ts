import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultMemory } from "../../src/baselines/baseline.ts";
import { replay, type PastSession } from "../../src/baselines/replay.ts";
import { march1, traits, type TraitsOverrides } from "../builders/baseline.ts";

const subject = { role: "111122223333/ro-inventory", agent: "aider", kind: "ai" } as const;
const settings = { memory: defaultMemory, budget: { alertsPerWeek: 1 } };

const session = (id: string, day: number, shown: TraitsOverrides = {}): PastSession =>
  ({ id, subject, voice: 1, day, traits: traits(shown) });

/** Three sessions on each of so many days. */
const usual = (days: number): PastSession[] => Array.from({ length: days * 3 }, (_, i) =>
  session(`s-${i}`, march1 + Math.floor(i / 3), { numbers: { calls: 5 + (i % 7) } }));

const operation = ["ec2:RunInstances"];
const far = { region: ["ap-east-1"], operation, changes: operation };

function unusual(sessions: readonly PastSession[], isLearned = () => true): readonly string[] {
  return [...replay(sessions, settings, isLearned)]
    .filter(({ deviation }) => deviation.standing?.isUnusual === true)
    .map((each) => each.session.id);
}

describe("a replay", () => {
  it("finds what departs from a past that is long enough, and nothing before", () => {
    expect(unusual([...usual(21), session("x", march1 + 20, far)])).toContain("x");
    expect(unusual([...usual(6), session("x", march1 + 5, far)])).toEqual([]);
  });

  it("is the same for sessions in any order, told any number of times", () => {
    const sessions = [...usual(24), session("x", march1 + 22, far), session("y", march1 + 23, far)];
    const whole = [...replay(sessions, settings, () => true)];
    const shuffled = fc.shuffledSubarray([...sessions, ...sessions.slice(0, 9)], {
      minLength: sessions.length + 9,
    });
    fc.assert(fc.property(shuffled, (some) => {
      expect([...replay(some, settings, () => true)]).toEqual(whole);
    }), { numRuns: 20 });
  });

  it("does not let a session see itself, its day, or what comes after", () => {
    const found = [...replay([...usual(21), session("x", march1 + 20, far)], settings, () => true)];
    const later = [...replay([...usual(30), session("x", march1 + 20, far)], settings, () => true)];
    expect(later.slice(0, found.length - 3)).toEqual(found.slice(0, found.length - 3));
    const ofX = (of: typeof found) => of.find(({ session: { id } }) => id === "x")?.deviation;
    expect(ofX(later)).toEqual(ofX(found));
  });

  it("gets used to what it learns, and never to what it may not", () => {
    const again = Array.from({ length: 8 }, (_, i) => session(`x-${i}`, march1 + 20 + i, far));
    const learned = unusual([...usual(28), ...again]);
    expect(learned).toContain("x-0");
    expect(learned).not.toContain("x-7");
    const quarantined = [...replay([...usual(28), ...again], settings,
      ({ session: { id } }) => !id.startsWith("x"))]
      .filter(({ deviation }) => deviation.standing?.isUnusual === true);
    expect(quarantined.map((each) => each.session.id)).toEqual(
      expect.arrayContaining(again.map(({ id }) => id)));
  });
});
