import type { Baseline } from "./baseline.ts";
import { surpriseOf } from "./surprise.ts";
import { tailOf } from "./tail.ts";
import { categories, measures, type Category, type Measure, type Traits } from "./traits.ts";

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
 * They are not: one project brings ten operations, so of one kind the first counts whole, the
 * second half, the third a third. What is left of the error is for `standing.ts`.
 *
 * It never falls as a session goes on.
 */
export function scoreSession({ values, changes, numbers }: Traits, baseline: Baseline): SessionScore {
  const changing = new Set(changes);
  let bits = 0;
  const reasons: Reason[] = [];
  for (const category of categories) {
    const found = values[category].flatMap((value) => {
      const isChange = category === "operation" && changing.has(value);
      const expected = isChange ? strangersChange : strangers[category];
      const excess = surpriseOf(baseline, category, value).bits - expected;
      return excess > 0 ? [{ of: category, value, bits: excess }] : [];
    });
    bits += discounted(found);
    reasons.push(...found);
  }
  const beyond = measures.flatMap((of) => {
    const excess = -Math.log2(tailOf(baseline, of, numbers[of])) - strangersNumber;
    return excess > 0 ? [{ of, value: numbers[of], bits: excess }] : [];
  });
  reasons.sort((a, b) => b.bits - a.bits || (a.of < b.of ? -1 : 1));
  return { bits: bits + discounted(beyond), reasons: [...reasons, ...beyond].sort(strangestFirst) };
}

function strangestFirst(a: Reason, b: Reason): number {
  return b.bits - a.bits || (`${a.of} ${a.value}` < `${b.of} ${b.value}` ? -1 : 1);
}

function discounted(reasons: readonly Reason[]): number {
  return reasons
    .map(({ bits }) => bits)
    .sort((a, b) => b - a)
    .reduce((sum, bits, i) => sum + bits / (i + 1), 0);
}

/**
 * How surprising each is of a stranger's session, in bits: choices, by what intruders are after.
 * A change is nearer to it than a look; an hour or a bucket says little.
 */
const strangers: Readonly<Record<Category, number>> = {
  operation: 5,
  service: 4,
  region: 3,
  network: 3,
  userAgent: 3,
  error: 4,
  resource: 5,
  hour: 3,
};
const strangersChange = 3;
const strangersNumber = 4;
