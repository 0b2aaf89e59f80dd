import { describe, expect, it } from "vitest";
import { defaultMemory } from "../../src/baselines/baseline.ts";
import { levelsAsOf } from "../../src/baselines/levels.ts";
import { isOfRole, type Subject } from "../../src/baselines/subject.ts";
import { march1, pastOf } from "../builders/baseline.ts";

const aider: Subject = { role: "111122223333/ro", agent: "aider", kind: "ai" };

describe("a reset", () => {
  const from = march1 - 3;
  const past = { subject: aider, days: pastOf(2), from };
  it.each([
    ["from its day on, leaves the days before it out", march1, [6, 28]],
    ["on its day, leaves nothing of its own", from, [0, 22]],
    ["leaves what began before it as it was", from - 1, [20, 20]],
  ])("%s", (_what, asOfDay, expected) => {
    const { own, above } = levelsAsOf([past], asOfDay, { memory: defaultMemory })(aider);
    expect([own[0], ...above].map((level) => level?.sessions)).toEqual(expected);
  });
});

describe("a subject", () => {
  it.each([
    ["ro", true],
    ["111122223333/ro", true],
    ["arn:aws:iam::111122223333:role/ro", true],
    ["arn:aws:iam::111122223333:role/agents/ro", true],
    ["arn:aws:iam::444455556666:role/ro", false],
    ["444455556666/ro", false],
    ["arn:aws:iam::111122223333:user/ro", false],
    ["r", false],
  ])("is of the role %s: %s", (text, expected) => {
    expect(isOfRole(aider, text)).toBe(expected);
  });

  it("may be a user", () => {
    const bob: Subject = { role: "111122223333/user/bob", agent: null, kind: "none" };
    expect(isOfRole(bob, "arn:aws:iam::111122223333:user/people/bob")).toBe(true);
    expect(isOfRole(bob, "user/bob")).toBe(true);
  });
});
