import type { Baseline } from "./baseline.ts";
import { surprisesOf, type Surprises } from "./surprise.ts";
import { tailsOf, type Tails } from "./tail.ts";
import { measures, type Category, type Measure, type Traits } from "./traits.ts";

/** How strange a session is as a whole, and what makes it so. */
export interface SessionScore {
  readonly bits: number;
  /** The strangest first. */
  readonly reasons: readonly Reason[];
}

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
export function scoreSession(traits: Traits, baseline: Baseline): SessionScore {
  const reasons: Reason[] = [];
  let bits = 0;
  const surprises = surprisesOf(baseline);
  for (const together of kin) {
    const from = reasons.length;
    for (const category of together) addStrangeValues(reasons, traits, { category, surprises });
    bits += discounted(reasons, from);
  }
  const from = reasons.length;
  addStrangeNumbers(reasons, traits, tailsOf(baseline));
  bits += discounted(reasons, from);
  return { bits, reasons: reasons.sort(strangestFirst) };
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

function addStrangeValues(
  reasons: Reason[],
  { values, changes }: Traits,
  { category, surprises }: { readonly category: Category; readonly surprises: Surprises },
): void {
  for (const value of values[category]) {
    const { bits } = surprises.of(category, value);
    const isChange = category === "operation" && changes.includes(value);
    const excess = bits - (isChange ? strangersChange : strangers[category]);
    if (excess > 0) reasons.push({ of: category, value, bits: excess });
  }
}

function addStrangeNumbers(reasons: Reason[], { numbers }: Traits, tails: Tails): void {
  for (const of of measures) {
    const tail = tails.of(of, numbers[of]);
    if (tail >= strangeTail) continue;
    reasons.push({ of, value: numbers[of], bits: -Math.log2(tail) - strangersNumber });
  }
}

function strangestFirst(a: Reason, b: Reason): number {
  return b.bits - a.bits || (`${a.of} ${a.value}` < `${b.of} ${b.value}` ? -1 : 1);
}

/** Of those from one on. */
function discounted(reasons: readonly Reason[], from: number): number {
  if (reasons.length === from) return 0;
  return reasons
    .slice(from)
    .map(({ bits }) => bits)
    .sort((a, b) => b - a)
    .reduce((sum, bits, i) => sum + bits / (i + 1), 0);
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
