import { deflateRawSync, inflateRawSync } from "node:zlib";
import { bucketVersion, byCategory, byMeasure, type DayBucket, type Seen } from "./day-bucket.ts";
import type { Histogram } from "./histogram.ts";
import { categories, measures } from "./traits.ts";

/** A bucket as it is stored: in the order of the tables in `traits.ts`, by column, deflated. */
export function bytesOf({ sessions, voices, values, numbers, ...scores }: DayBucket): Buffer {
  const packed: Packed = [
    bucketVersion,
    sessions,
    voices,
    categories.map((category) => {
      const { entries, knownBelow } = values[category];
      const column = (i: 0 | 1 | 2) => entries.map(([, seen]) => seen[i] ?? none);
      return [knownBelow, entries.map(([value]) => value), column(0), column(1), column(2)];
    }),
    measures.map((measure) => numbers[measure]),
    scores.scores,
    scores.scoresAbove,
  ];
  return deflateRawSync(JSON.stringify(packed), { level: 9 });
}

type Packed = readonly [
  version: number,
  sessions: number,
  voices: readonly number[],
  values: readonly PackedValues[],
  numbers: readonly Histogram[],
  scores: Histogram,
  scoresAbove: Histogram,
];

type PackedValues = readonly [
  knownBelow: number | null,
  values: readonly string[],
  sessions: readonly number[],
  voices: readonly number[],
  secondVoices: readonly number[],
];

const none = -1;
const noValues: PackedValues = [null, [], [], [], []];

/** Null for one of another version, which is made anew from its sessions. */
export function bucketFrom(bytes: Uint8Array): DayBucket | null {
  const packed = JSON.parse(inflateRawSync(bytes).toString("utf8")) as Packed;
  const [version, sessions, voices, values, numbers, scores, scoresAbove] = packed;
  if (version !== bucketVersion) return null;
  return {
    sessions,
    voices,
    values: byCategory((category) => {
      const [knownBelow, names, ...columns] = values[categories.indexOf(category)] ?? noValues;
      const entries = names.map((name, i): readonly [string, Seen] => {
        const [count = 0, ...voices] = columns.map((column) => column[i] ?? none);
        return [name, [count, ...voices.filter((voice) => voice !== none)]];
      });
      return { entries, knownBelow };
    }),
    numbers: byMeasure((measure) => numbers[measures.indexOf(measure)] ?? []),
    scores,
    scoresAbove,
  };
}
