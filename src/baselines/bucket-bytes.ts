import { deflateRawSync, inflateRawSync } from "node:zlib";
import { bucketVersion, byCategory, byMeasure, type DayBucket, type Seen } from "./day-bucket.ts";
import type { Histogram } from "./histogram.ts";
import { categories, measures } from "./traits.ts";

/** A bucket as it is stored: arrays in the order of the tables in `traits.ts`, deflated. */
export function bytesOf({ sessions, voices, values, numbers, ...scores }: DayBucket): Buffer {
  const packed: Packed = [
    bucketVersion,
    sessions,
    voices,
    categories.map((category) => {
      const { entries, knownBelow } = values[category];
      return [knownBelow, entries.map(([value]) => value), entries.map(([, seen]) => seen)];
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
  seen: readonly Seen[],
];

/** Null for one of another version, which is made anew from its sessions. */
export function bucketFrom(bytes: Uint8Array): DayBucket | null {
  const packed = JSON.parse(inflateRawSync(bytes).toString("utf8")) as Packed;
  const [version, sessions, voices, values, numbers, scores, scoresAbove] = packed;
  if (version !== bucketVersion) return null;
  return {
    sessions,
    voices,
    values: byCategory((category) => {
      const [knownBelow, names, seen] = values[categories.indexOf(category)] ?? [null, [], []];
      const entries = names.map((name, i): readonly [string, Seen] => [name, seen[i] ?? [0]]);
      return { entries, knownBelow };
    }),
    numbers: byMeasure((measure) => numbers[measures.indexOf(measure)] ?? []),
    scores,
    scoresAbove,
  };
}
