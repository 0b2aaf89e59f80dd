import fc from "fast-check";
import { expect, it } from "vitest";
import { defaultMemory, type Baseline } from "../../src/baselines/baseline.ts";
import { Chronicles } from "../../src/baselines/chronicles.ts";
import { bucketOf, type DayBucket } from "../../src/baselines/day-bucket.ts";
import { levelsAsOf, type Past } from "../../src/baselines/levels.ts";
import type { Incidences } from "../../src/baselines/incidences.ts";
import { categories, type Category } from "../../src/baselines/traits.ts";
import { contribution, march1 } from "../builders/baseline.ts";

const memory = { ...defaultMemory, windowDays: 5, halfLifeDays: 2 };
const subjects: readonly Past["subject"][] = [
  { role: "111122223333/ro", agent: "aider", kind: "ai" },
  { role: "111122223333/ro", agent: "cline", kind: "ai" },
  { role: "111122223333/ci", agent: null, kind: "automation" },
];

const bucket = fc.array(fc.record({
  operation: fc.subarray(["s3:GetObject", "s3:ListBuckets", "iam:ListUsers"], { minLength: 1 }),
  hour: fc.subarray(["10", "11", "130"]),
  voice: fc.integer({ min: 1, max: 3 }),
  numbers: fc.record({ calls: fc.integer({ min: 0, max: 40 }) }),
  score: fc.constantFrom(null, 0, 3),
}), { minLength: 1, maxLength: 3 }).map((shown) => bucketOf(shown.map(contribution)));

/** What is learned or unlearned of some day, then the day as of which all are asked. */
const step = fc.record({
  subject: fc.nat(subjects.length - 1),
  day: fc.integer({ min: -12, max: 5 }),
  bucket: fc.option(bucket, { freq: 5 }),
  from: fc.option(fc.integer({ min: -8, max: 5 }), { freq: 1 }),
  asOf: fc.integer({ min: -4, max: 6 }),
});

it("as of any days, in any order, come to what they would anew, and stay so", () => {
  fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 15 }), (steps) => {
    const chronicles = new Chronicles();
    const known = subjects.map(() => new Map<number, DayBucket>());
    const earlier: (readonly [made: Baseline, picture: string])[] = [];
    for (const { subject, day, bucket: learned, from, asOf } of steps) {
      if (learned === null) known[subject]?.delete(march1 + day);
      else known[subject]?.set(march1 + day, learned);
      const asOfDay = march1 + asOf;
      const pasts = subjects.flatMap((each, i): Past[] => {
        const days = new Map([...(known[i] ?? [])].filter(([of]) =>
          of >= asOfDay - memory.windowDays && of < asOfDay));
        const reset = from === null ? null : march1 + from;
        return days.size === 0 ? [] : [{ subject: each, days, from: reset }];
      });
      const shared = levelsAsOf(pasts, asOfDay, { memory, chronicles });
      const anew = levelsAsOf(pasts, asOfDay, { memory });
      for (const each of subjects) {
        const [made, expected] = [shared, anew].map((levelsOf) => {
          const { own, above } = levelsOf(each);
          return [...own, ...above];
        });
        expect(made?.map(pictureOf)).toEqual(expected?.map(pictureOf));
        for (const level of made ?? []) earlier.push([level, pictureOf(level)]);
      }
    }
    for (const [made, picture] of earlier) expect(pictureOf(made)).toBe(picture);
  }), { numRuns: 20 });
});

function pictureOf({ values, above: others, ...rest }: Baseline): string {
  return JSON.stringify({
    ...rest,
    values: categories.map((category) => {
      const { onceCount, usual, knownBelow } = values[category];
      const seen = [...values[category].all()].sort(([a], [b]) => (a < b ? -1 : 1));
      const above = seen.map(([value]) => incidencesOf(others, category, value));
      return { onceCount, usual, knownBelow, seen, above };
    }),
  });
}

/** At each level above. */
function incidencesOf(others: Incidences | null, category: Category, value: string): unknown[] {
  return others === null ? [] : [
    others.of(category, value), others.total(category),
    ...incidencesOf(others.above, category, value),
  ];
}
