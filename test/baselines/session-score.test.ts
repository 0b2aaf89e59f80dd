import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reasonsOf, scoreOf } from "../../src/baselines/session-score.ts";
import { traitsOf } from "../../src/baselines/traits.ts";
import { profileOf } from "../../src/sessions/profile-tally.ts";
import { at, trailEvent } from "../builders/event.ts";
import { baseline, pastOf, traits } from "../builders/baseline.ts";
import { eventLists } from "../sessions/arbitrary-event.ts";

const role = baseline([pastOf(4, { days: 20 })]);

describe("a session's score", () => {
  it("is nothing for what the role does every day", () => {
    expect(scoreOf(traits(), role)).toBe(0);
    expect(reasonsOf(traits(), role)).toEqual([]);
  });

  it("names the strangest first", () => {
    const session = traits({
      operation: ["ec2:DescribeInstances", "ec2:RunInstances"],
      access: ["list", "write"],
      changes: ["ec2:RunInstances"],
      region: ["ap-east-1"],
    });
    const reasons = reasonsOf(session, role);
    expect(reasons.map(({ of, value }) => `${of} ${value}`)).toEqual([
      "operation ec2:RunInstances", "access write", "region ap-east-1",
    ]);
    const [operation, access, region] = reasons.map((reason) => reason.bits);
    // 80 sessions without anything new: 7.3 bits; a stranger's change is expected with 7.
    expect(operation).toBeCloseTo(7.3 + 14 - 7, 5);
    const bits = (operation ?? 0) + (region ?? 0) + (access ?? 0) / 2;
    expect(scoreOf(session, role)).toBeCloseTo(bits, 5);
  });

  it("grows less with each further sign of one kind", () => {
    const of = (count: number) => scoreOf(traits({
      operation: Array.from({ length: count }, (_, i) => `iam:List${i}`),
    }), role);
    expect(of(2) - of(1)).toBeCloseTo(of(1) / 2, 5);
    expect(of(3) - of(2)).toBeCloseTo(of(1) / 3, 5);
  });

  it("never falls as a session goes on", () => {
    const cases = fc.tuple(eventLists, fc.integer({ min: 0, max: 40 }));
    fc.assert(fc.property(cases, ([events, count]) => {
      const inTime = [...events].sort((a, b) => a.at - b.at);
      const score = (some: typeof events) => scoreOf(traitsOf(profileOf(some)), role);
      expect(score(inTime.slice(0, count))).toBeLessThanOrEqual(score(inTime) + 1e-9);
    }));
  });

  it("takes many calls in a minute for strange, however usual each is", () => {
    const burst = Array.from({ length: 200 }, () => trailEvent({ at: at(0) }));
    const reasons = reasonsOf(traitsOf(profileOf(burst)), role);
    expect(reasons.map(({ of }) => of)).toContain("peakPerMinute");
  });
});
