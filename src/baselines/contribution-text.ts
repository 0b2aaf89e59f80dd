import { bucketVersion, byCategory, byMeasure, type Contribution } from "./day-bucket.ts";
import { categories, measures } from "./traits.ts";

/** What a session gives its day, as it is stored; its scores, which change alone, are beside it. */
export function contributionText({ voice, traits }: Contribution): string {
  const { values, changes, numbers } = traits;
  const packed: Packed = [
    bucketVersion,
    voice,
    categories.map((category) => values[category]),
    changes.map((operation) => values.operation.indexOf(operation)),
    measures.map((measure) => numbers[measure]),
  ];
  return JSON.stringify(packed);
}

type Packed = readonly [
  version: number,
  voice: number,
  values: readonly (readonly string[])[],
  changes: readonly number[],
  numbers: readonly number[],
];

/** Null for one of another version. */
export function contributionFrom(
  text: string,
  scores: Pick<Contribution, "score" | "scoreAbove">,
): Contribution | null {
  const [version, voice, values, changes, numbers] = JSON.parse(text) as Packed;
  if (version !== bucketVersion) return null;
  const operations = values[categories.indexOf("operation")] ?? [];
  return {
    voice,
    traits: {
      values: byCategory((category) => values[categories.indexOf(category)] ?? []),
      changes: changes.flatMap((i) => operations[i] ?? []),
      numbers: byMeasure((measure) => numbers[measures.indexOf(measure)] ?? 0),
    },
    ...scores,
  };
}
