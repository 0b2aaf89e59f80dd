import { bounded, hashOf, mergeSorted } from "../sessions/spans.ts";
import { binOf, emptyHistogram, mergeHistograms, scoreBinOf, type Histogram } from "./histogram.ts";
import type { Category, Measure, Traits } from "./traits.ts";

/**
 * What a subject's learned sessions that began on one UTC day come to: mergeable, so that the same
 * sessions in any order and any split give the same. Buckets of several subjects merge too.
 */
export interface DayBucket {
  readonly sessions: number;
  /** Whose sessions they were (see `voiceOf`), the smallest few. */
  readonly voices: readonly number[];
  readonly values: Readonly<Record<Category, KeptValues>>;
  /** Of each number one entry per session. */
  readonly numbers: Readonly<Record<Measure, Histogram>>;
  /** How strange the sessions were by the baseline of their day; see `session-score.ts`. */
  readonly scores: Histogram;
  /** The same by the baseline above the role's: for roles that have none of their own yet. */
  readonly scoresAbove: Histogram;
}

/** Values in their own order, bounded by keeping those with the smallest hashes. */
export interface KeptValues {
  readonly entries: readonly (readonly [value: string, seen: Seen])[];
  /** Of values with a greater hash some were left out; null where none were. */
  readonly knownBelow: number | null;
}

/** In how many sessions a value was, and whose: the two smallest voices tell one from several. */
export type Seen = readonly [sessions: number, ...voices: number[]];

/** What one session gives its day: kept with it, so that a bucket can be made anew. */
export interface Contribution {
  readonly voice: number;
  readonly traits: Traits;
  /** In bits; null while the baseline was not mature. */
  readonly score: number | null;
  readonly scoreAbove: number | null;
}

/**
 * How many values a day keeps of each category, those with the smallest hashes, as in
 * `sessions/spans.ts`.
 * Choices: twice what the busiest simulated role shows in a day, and 28 days of hostile values stay
 * under 64 kB. Hours: a session may last two days.
 */
export const bucketLimits: Readonly<Record<Category, number>> = {
  operation: 112,
  service: 32,
  access: 16,
  region: 24,
  network: 24,
  userAgent: 12,
  error: 16,
  resource: 48,
  hour: 72,
};

const voicesOfDayMax = 8;
const voicesOfValueMax = 2;

/** Part of every digest: buckets made by another version are made anew. */
export const bucketVersion = 1;

const noValues: KeptValues = { entries: [], knownBelow: null };

export const emptyBucket: DayBucket = {
  sessions: 0,
  voices: [],
  values: byCategory(() => noValues),
  numbers: byMeasure(() => emptyHistogram),
  scores: emptyHistogram,
  scoresAbove: emptyHistogram,
};

/** Merged in pairs, so that a busy day costs little more than reading it. */
export function bucketOf(contributions: Iterable<Contribution>): DayBucket {
  let parts = [...contributions].map(bucketOfOne);
  while (parts.length > 1) {
    parts = parts.flatMap((part, i) =>
      i % 2 === 1 ? [] : [mergeBuckets(part, parts[i + 1] ?? emptyBucket)]);
  }
  return parts[0] ?? emptyBucket;
}

function bucketOfOne({ voice, traits, score, scoreAbove }: Contribution): DayBucket {
  const seen: Seen = [1, voice];
  return {
    sessions: 1,
    voices: [voice],
    values: byCategory((category) =>
      kept(
        traits.values[category].map((value) => [value, seen] as const),
        null,
        bucketLimits[category],
      )),
    numbers: byMeasure((measure) => [[binOf(traits.numbers[measure]), 1]]),
    scores: score === null ? emptyHistogram : [[scoreBinOf(score), 1]],
    scoresAbove: scoreAbove === null ? emptyHistogram : [[scoreBinOf(scoreAbove), 1]],
  };
}

/** Of different sessions. Commutative and associative; `emptyBucket` changes nothing. */
export function mergeBuckets(a: DayBucket, b: DayBucket): DayBucket {
  if (a.sessions === 0) return b;
  if (b.sessions === 0) return a;
  return {
    sessions: a.sessions + b.sessions,
    voices: mergeVoices(a.voices, b.voices, voicesOfDayMax),
    values: byCategory((category) => {
      const [x, y] = [a.values[category], b.values[category]];
      const entries = mergeSorted(x.entries, y.entries, mergeSeen);
      return kept(entries, least(x.knownBelow, y.knownBelow), bucketLimits[category]);
    }),
    numbers: byMeasure((measure) => mergeHistograms(a.numbers[measure], b.numbers[measure])),
    scores: mergeHistograms(a.scores, b.scores),
    scoresAbove: mergeHistograms(a.scoresAbove, b.scoresAbove),
  };
}

function kept(
  entries: KeptValues["entries"],
  knownBelow: number | null,
  max: number,
): KeptValues {
  if (entries.length <= max) return { entries, knownBelow };
  const { entries: some } = bounded(entries, max);
  const highest = Math.max(...some.map(([value]) => hashOf(value)));
  return { entries: some, knownBelow: least(highest, knownBelow) };
}

function least(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function mergeSeen(a: Seen, b: Seen): Seen {
  const sessions = a[0] + b[0];
  // Mostly it is one voice, the same.
  if (a.length === 2 && b.length === 2 && a[1] === b[1]) return [sessions, a[1] ?? 0];
  return [sessions, ...mergeVoices(a.slice(1), b.slice(1), voicesOfValueMax)];
}

/** Both in their order, each voice once. */
function mergeVoices(
  a: readonly number[],
  b: readonly number[],
  max: number,
): readonly number[] {
  const merged: number[] = [];
  for (let i = 0, j = 0; merged.length < max && (i < a.length || j < b.length);) {
    const x = a[i] ?? Infinity;
    const y = b[j] ?? Infinity;
    merged.push(Math.min(x, y));
    if (x <= y) i += 1;
    if (y <= x) j += 1;
  }
  return merged;
}

/** Written out: it is made for every session, and so costs a fifth. (Measured.) */
export function byCategory<T>(make: (category: Category) => T): Readonly<Record<Category, T>> {
  return {
    operation: make("operation"),
    service: make("service"),
    access: make("access"),
    region: make("region"),
    network: make("network"),
    userAgent: make("userAgent"),
    error: make("error"),
    resource: make("resource"),
    hour: make("hour"),
  };
}

export function byMeasure<T>(make: (measure: Measure) => T): Readonly<Record<Measure, T>> {
  return {
    calls: make("calls"),
    operations: make("operations"),
    services: make("services"),
    denials: make("denials"),
    writes: make("writes"),
    deletes: make("deletes"),
    minutes: make("minutes"),
    peakPerMinute: make("peakPerMinute"),
    breadth: make("breadth"),
    resources: make("resources"),
    networks: make("networks"),
  };
}
