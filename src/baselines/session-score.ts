import type { Baseline } from "./baseline.ts";
import { surprisesOf, type Surprises } from "./surprise.ts";
import { tailsOf, type Tails } from "./tail.ts";
import { categories, measures, type Category, type Measure, type Traits } from "./traits.ts";

/** Something of a session that a thief's session would more likely show than one of the role's. */
export type Reason =
  | { readonly of: Category; readonly value: string; readonly bits: number }
  | { readonly of: Measure; readonly value: number; readonly bits: number };

/**
 * The score of a session: for each value and number, by how many bits it is likelier of somebody
 * who does not belong there than of the role; what is likelier of the role counts nothing. A
 * likelihood ratio, which no other test beats at the same rate of false alerts (Neyman, Pearson
 * 1933, https://doi.org/10.1098/rsta.1933.0009), were both sides known and the parts independent.
 * They are not: one project brings ten operations and a service, so of what belongs together the
 * first counts whole, the second half, the third a third. What is left of the error is for
 * `standing.ts`.
 *
 * It never falls as a session goes on.
 */
export function scoreOf(traits: Traits, baseline: Baseline): number {
  const surprises = surprisesOf(baseline);
  let bits = 0;
  for (const together of kin) {
    excesses.length = 0;
    for (const category of together) noteValues(traits, { category, surprises }, noteExcess);
    bits += discounted();
  }
  excesses.length = 0;
  noteNumbers(traits, tailsOf(baseline), noteExcess);
  return bits + discounted();
}

/** What makes the score, the strangest first. */
export function reasonsOf(traits: Traits, baseline: Baseline): readonly Reason[] {
  const reasons: Reason[] = [];
  const surprises = surprisesOf(baseline);
  for (const category of categories) {
    noteValues(traits, { category, surprises }, (bits, value) => {
      reasons.push({ of: category, value, bits });
    });
  }
  noteNumbers(traits, tailsOf(baseline), (bits, of) => {
    reasons.push({ of, value: traits.numbers[of], bits });
  });
  return reasons.sort(strangestFirst);
}

/** What comes together. */
const kin: readonly (readonly Category[])[] = [
  ["operation", "service", "access"],
  ["network", "userAgent"],
  ["region"],
  ["error"],
  ["resource"],
  ["hour"],
];

function noteValues(
  { values, changes }: Traits,
  { category, surprises }: { readonly category: Category; readonly surprises: Surprises },
  note: (bits: number, value: string) => void,
): void {
  for (const value of values[category]) {
    const { bits } = surprises.of(category, value);
    const isChange = category === "operation" && changes.includes(value);
    const excess = bits - (isChange ? strangersChange : strangers[category]);
    if (excess > 0) note(excess, value);
  }
}

function noteNumbers(
  { numbers }: Traits,
  tails: Tails,
  note: (bits: number, of: Measure) => void,
): void {
  for (const of of measures) {
    const tail = tails.of(of, numbers[of]);
    if (tail < strangeTail) note(-Math.log2(tail) - strangersNumber, of);
  }
}

function strangestFirst(a: Reason, b: Reason): number {
  return b.bits - a.bits || (`${a.of} ${a.value}` < `${b.of} ${b.value}` ? -1 : 1);
}

/** Of what belongs together, the greatest first. One list for all: sessions are many. */
const excesses: number[] = [];

function noteExcess(bits: number): void {
  let to = excesses.length;
  for (; to > 0; to -= 1) {
    const before = excesses[to - 1] ?? 0;
    if (before >= bits) break;
    excesses[to] = before;
  }
  excesses[to] = bits;
}

function discounted(): number {
  let sum = 0;
  for (let i = 0; i < excesses.length; i += 1) sum += (excesses[i] ?? 0) / (i + 1);
  return sum;
}

/**
 * How surprising each is of a stranger's session, in bits: choices, by what intruders are after.
 * They like some five hundred operations out of all, a change more than a look; what is no matter
 * of theirs (an hour, a bucket's name) says little.
 */
const strangers: Readonly<Record<Category, number>> = {
  operation: 9,
  service: 5,
  access: 2,
  region: 4,
  network: 4,
  userAgent: 4,
  error: 5,
  resource: 10,
  hour: 6,
};
const strangersChange = 7;
const strangersNumber = 4;
const strangeTail = 2 ** -strangersNumber;
