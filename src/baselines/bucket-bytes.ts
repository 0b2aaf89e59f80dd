import { hash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { memoise } from "../events/memo.ts";
import { bucketVersion, byCategory, byMeasure } from "./day-bucket.ts";
import type { DayBucket, KeptValues, Seen } from "./day-bucket.ts";
import type { Histogram } from "./histogram.ts";
import { categories, measures } from "./traits.ts";

/** A bucket as text (JSON): in the order of the tables in `traits.ts`, by column. */
export function textOf(bucket: DayBucket): string {
  const { sessions, voices, values, numbers, scores, scoresAbove } = bucket;
  const packed: Packed = [
    bucketVersion,
    sessions,
    voices,
    categories.map((category) => packedValues(values[category])),
    measures.map((measure) => numbers[measure]),
    scores,
    scoresAbove,
  ];
  return JSON.stringify(packed);
}

/** What tells the text of one bucket from another's: the same for the same sessions. */
export function digestOf(text: string): string {
  return hash("sha256", text, "hex");
}

/** The text as it is stored. */
export function bytesOf(text: string): Buffer {
  return deflateRawSync(text, text.length > longText ? { level: 9 } : quickly);
}

/** Of a short text, as nearly all are, the best saves 4 % and takes twice as long. (Measured.) */
const longText = 4096;
const quickly = { level: 1, windowBits: 12, memLevel: 5 };

function packedValues({ entries, knownBelow }: KeptValues): PackedValues {
  const column = (i: 0 | 1 | 2) => columnOf(entries.map(([, seen]) => seen[i] ?? none));
  return [knownBelow, entries.map(([value]) => value), column(0), column(1), column(2)];
}

/** Mostly the numbers are all the same: then one stands for them. */
function columnOf(numbers: readonly number[]): Column {
  const [first] = numbers;
  return first !== undefined && numbers.every((each) => each === first) ? first : numbers;
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
  sessions: Column,
  voices: Column,
  secondVoices: Column,
];
type Column = number | readonly number[];

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
      return { entries: names.map((name, i) => entryOf(name, columns, i)), knownBelow };
    }),
    numbers: byMeasure((measure) => shared(numbers[measures.indexOf(measure)] ?? [])),
    scores: shared(scores),
    scoresAbove: shared(scoresAbove),
  };
}

type Entry = KeptValues["entries"][number];

/**
 * The same object for each bucket that has it: they are held by thousands and much alike, and so
 * take a third. (Measured: 8 kB each.)
 */
function entryOf(name: string, columns: readonly Column[], i: number): Entry {
  const [count = 0, ...voices] = columns.map((column) =>
    typeof column === "number" ? column : (column[i] ?? none));
  const seen: Seen = [count, ...voices.filter((voice) => voice !== none)];
  const known = entriesOf(name);
  const before = known.find(([, each]) =>
    each.length === seen.length && each.every((one, n) => one === seen[n]));
  if (before !== undefined) return before;
  const entry: Entry = [known[0]?.[0] ?? name, seen];
  known[known.length < entriesMax ? known.length : 0] = entry;
  return entry;
}

/** Those last met of a value. */
const entriesOf = memoise(16_384, (): Entry[] => []);
const entriesMax = 8;

/** So are the entries that nearly all histograms are made of. */
function shared(histogram: Histogram): Histogram {
  return histogram.map((entry) => smallEntries[entry[0] + 1]?.[entry[1]] ?? entry);
}

/** Bins begin at -1. */
const smallEntries: readonly Histogram[] = Array.from({ length: 128 }, (_, place) =>
  Array.from({ length: 8 }, (_, count) => [place - 1, count] as const));
