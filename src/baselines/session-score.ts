import type { Baseline } from "./baseline.ts";
import { surpriseOf } from "./surprise.ts";
import { tailOf } from "./tail.ts";
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
  const ofWhat = kin.map((together) =>
    together.flatMap((category) => strangeValues(traits, category, baseline)));
  const howMuch = strangeNumbers(traits, baseline);
  const bits = [...ofWhat, howMuch].reduce((sum, reasons) => sum + discounted(reasons), 0);
  return { bits, reasons: [...ofWhat.flat(), ...howMuch].sort(strangestFirst) };
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

function strangeValues(
  { values, changes }: Traits,
  category: Category,
  baseline: Baseline,
): readonly Reason[] {
  const changing = category === "operation" ? new Set(changes) : noChanges;
  return values[category].flatMap((value) => {
    const expected = changing.has(value) ? strangersChange : strangers[category];
    const excess = surpriseOf(baseline, category, value).bits - expected;
    return excess > 0 ? [{ of: category, value, bits: excess }] : [];
  });
}

const noChanges: ReadonlySet<string> = new Set();

function strangeNumbers({ numbers }: Traits, baseline: Baseline): readonly Reason[] {
  return measures.flatMap((of) => {
    const excess = -Math.log2(tailOf(baseline, of, numbers[of])) - strangersNumber;
    return excess > 0 ? [{ of, value: numbers[of], bits: excess }] : [];
  });
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
