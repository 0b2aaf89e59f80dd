import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { levels } from "../../src/detections/detection.ts";
import type { FindingPart } from "../../src/findings/finding.ts";
import { evidenceMax, grown, mergeByFinding, mergeParts } from "../../src/findings/merge.ts";

function part(changes: Partial<FindingPart> = {}): FindingPart {
  return {
    fingerprint: "f",
    rule: "r",
    title: "R",
    level: "low",
    confidence: "high",
    because: "Because.",
    entity: { type: "session", id: "s" },
    agent: null,
    role: null,
    session: null,
    credential: null,
    account: null,
    firstEventAt: 10,
    lastEventAt: 10,
    eventCount: 1,
    evidence: [{ eventId: "e", at: 10 }],
    values: {},
    decidedAt: 10,
    decidedBy: "e",
    tags: [],
    ...changes,
  };
}

/** A part as one event makes it. */
const anyPart = fc
  .record({
    at: fc.nat({ max: 50 }),
    id: fc.uuid(),
    level: fc.constantFrom(...levels),
  })
  .map(({ at, id, level }) =>
    part({
      level,
      firstEventAt: at,
      lastEventAt: at,
      decidedAt: at,
      decidedBy: id,
      because: `${level} at ${at} by ${id}`,
      evidence: [{ eventId: id, at }],
    }),
  );
const distinct = fc.uniqueArray(anyPart, {
  minLength: 1,
  maxLength: 40,
  selector: (p) => p.decidedBy,
});

describe("mergeParts", () => {
  it("adds counts, widens instants, and speaks with the worst event", () => {
    const merged = mergeParts([
      part({ level: "medium", because: "A medium." }),
      part({
        level: "critical",
        because: "A critical.",
        firstEventAt: 5,
        lastEventAt: 30,
        eventCount: 4,
        decidedAt: 20,
        decidedBy: "x",
        evidence: [
          { eventId: "a", at: 5 },
          { eventId: "x", at: 20 },
        ],
      }),
    ]);
    expect(merged).toMatchObject({
      level: "critical",
      because: "A critical.",
      firstEventAt: 5,
      lastEventAt: 30,
      eventCount: 5,
      evidence: [
        { eventId: "a", at: 5 },
        { eventId: "e", at: 10 },
        { eventId: "x", at: 20 },
      ],
    });
  });

  it("among events of the same level lets the earliest speak, then the smaller id", () => {
    const late = part({ because: "Late.", decidedAt: 12, decidedBy: "a" });
    const early = part({ because: "Early.", decidedAt: 11, decidedBy: "z" });
    const twin = part({ because: "Twin.", decidedAt: 11, decidedBy: "y" });
    expect(mergeParts([late, early]).because).toBe("Early.");
    expect(mergeParts([early, twin]).because).toBe("Twin.");
  });

  it("keeps the earliest evidence, and no more than its bound", () => {
    const parts = Array.from({ length: 50 }, (_, i) =>
      part({ evidence: [{ eventId: `e${i}`, at: 100 - i }] }),
    );
    const { evidence, eventCount } = mergeParts(parts);
    expect(eventCount).toBe(50);
    expect(evidence).toHaveLength(evidenceMax);
    expect(evidence[0]).toEqual({ eventId: "e49", at: 51 });
  });

  it("gives the same in any order and grouping", () => {
    fc.assert(
      fc.property(distinct, fc.nat(), fc.nat(), (parts, cut, turn) => {
        const whole = mergeParts(parts);
        const rotated = [
          ...parts.slice(turn % parts.length),
          ...parts.slice(0, turn % parts.length),
        ];
        expect(mergeParts(rotated.reverse())).toEqual(whole);
        const at = cut % parts.length;
        if (at === 0) return;
        expect(mergeParts([mergeParts(parts.slice(0, at)), mergeParts(parts.slice(at))])).toEqual(
          whole,
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe("grown", () => {
  it("is merging with a part of one event that does not decide", () => {
    fc.assert(
      fc.property(distinct, (parts) => {
        const [worst, ...rest] = [...parts].sort(
          (a, b) =>
            levels.indexOf(b.level) - levels.indexOf(a.level) ||
            a.decidedAt - b.decidedAt ||
            (a.decidedBy < b.decidedBy ? -1 : 1),
        );
        if (worst === undefined) return;
        const step = rest.reduce(
          (sum, { decidedAt, decidedBy }) => grown(sum, { at: decidedAt, id: decidedBy }),
          worst,
        );
        expect(step).toEqual(mergeParts(parts));
      }),
      { numRuns: 500 },
    );
  });
});

describe("mergeByFinding", () => {
  it("merges parts of the same finding and leaves others apart", () => {
    const merged = mergeByFinding([part(), part({ fingerprint: "g" }), part()]);
    expect(merged.map(({ fingerprint, eventCount }) => [fingerprint, eventCount])).toEqual([
      ["f", 2],
      ["g", 1],
    ]);
  });
});
