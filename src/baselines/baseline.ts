import {
  byCategory, byMeasure, emptyBucket, mergeBuckets, mergeVoices, noLimits, type DayBucket,
} from "./day-bucket.ts";
import { mergeHistograms, totalOf, type Histogram } from "./histogram.ts";
import { smoothedHours } from "./hours.ts";
import { categories, type Category, type Measure } from "./traits.ts";

/** How long a baseline looks back, and when it is old enough to judge. */
export interface Memory {
  readonly windowDays: number;
  /** After so many days a session counts half. */
  readonly halfLifeDays: number;
  readonly matureSessions: number;
  readonly matureDays: number;
  /** Sessions scored since it was mature: before, it has nothing to rank others among. */
  readonly rankSessions: number;
}

/** Choices: four weeks see each weekday four times and a monthly habit once. */
export const defaultMemory: Memory = {
  windowDays: 28,
  halfLifeDays: 14,
  matureSessions: 20,
  matureDays: 7,
  rankSessions: 20,
};

/** What is normal as of the start of a day: a function of the buckets of the days before it. */
export interface Baseline {
  readonly level: "agent" | "role" | "kind" | "fleet";
  /** Days since the epoch, UTC. */
  readonly asOfDay: number;
  readonly sessions: number;
  /** Days on which there were sessions. */
  readonly days: number;
  /** Days from the first of them, at most the window. */
  readonly span: number;
  /** Sessions, each weighed by its age. */
  readonly weight: number;
  /** Whether it knows enough to score sessions, and enough scores to rank them. */
  readonly isMature: boolean;
  readonly canRank: boolean;
  readonly values: Readonly<Record<Category, SeenValues>>;
  /** Bins of `histogram.ts`, weighed by age. */
  readonly numbers: Readonly<Record<Measure, Histogram>>;
  /** Not weighed: see `standing.ts`. */
  readonly scores: Histogram;
  readonly scoresAbove: Histogram;
  /** What is asked about values that were never seen here; null at the top. */
  readonly above: Baseline | null;
}

export interface SeenValues {
  readonly byValue: ReadonlyMap<string, SeenValue>;
  /** How many of them were in one session only, and how many in one subject's only. */
  readonly onceCount: number;
  readonly aloneCount: number;
  /** How many there are of each subject, summed. */
  readonly incidences: number;
  /** Of values with a hash above this, none here does not mean none: see `DayBucket.values`. */
  readonly knownBelow: number;
}

export interface SeenValue {
  readonly sessions: number;
  readonly weight: number;
  /** How many subjects showed it. */
  readonly subjects: number;
}

/** A subject's buckets by day (since the epoch). */
export type Days = ReadonlyMap<number, DayBucket>;

/**
 * The baseline as of the start of a day, of one subject or of several together.
 *
 * @param when `from`: days before it do not count (a reset)
 */
export function baselineOf(
  subjects: readonly Days[],
  when: { readonly asOfDay: number; readonly from?: number },
  { level, above, memory }: Pick<Baseline, "level" | "above"> & { readonly memory: Memory },
): Baseline {
  const { asOfDay, from = -Infinity } = when;
  const seen: Weighed[] = [];
  const counted = subjectsBy(subjects, Math.max(from, asOfDay - memory.windowDays), asOfDay);
  for (let day = asOfDay - memory.windowDays; day < asOfDay; day += 1) {
    const bucket = day < from ? emptyBucket : sumOf(subjects, day);
    const weight = 0.5 ** ((asOfDay - 1 - day) / memory.halfLifeDays);
    if (bucket.sessions > 0) seen.push({ day, bucket, weight });
  }
  const sessions = seen.reduce((sum, { bucket }) => sum + bucket.sessions, 0);
  const voices = seen.reduce<readonly number[]>(
    (known, { bucket }) => mergeVoices(known, bucket.voices, 2), []);
  const all = (of: (bucket: DayBucket) => Histogram): Histogram =>
    seen.reduce<Histogram>((sum, { bucket }) => mergeHistograms(sum, of(bucket)), []);
  const scores = all((bucket) => bucket.scores);
  const isMature = sessions >= memory.matureSessions && seen.length >= memory.matureDays;
  return {
    level,
    above,
    asOfDay,
    sessions,
    days: seen.length,
    span: asOfDay - (seen[0]?.day ?? asOfDay),
    weight: seen.reduce((sum, { bucket, weight }) => sum + bucket.sessions * weight, 0),
    isMature,
    canRank: isMature && totalOf(scores) >= memory.rankSessions,
    values: byCategory((category) => {
      // A voice is told by its network too, which is thus never heard from two.
      const isHeard = voices.length > 1 && category !== "network";
      const values = seenValues(seen, category, { isHeard, subjects: counted[category] });
      return category === "hour" ? smoothedHours(values) : values;
    }),
    numbers: byMeasure((measure) =>
      seen.reduce<Histogram>((sum, { bucket, weight }) => {
        const weighed = bucket.numbers[measure].map(([bin, n]) => [bin, n * weight] as const);
        return mergeHistograms(sum, weighed);
      }, [])),
    scores,
    scoresAbove: all(({ scoresAbove }) => scoresAbove),
  };
}

interface Weighed {
  readonly day: number;
  readonly bucket: DayBucket;
  readonly weight: number;
}

function sumOf(subjects: readonly Days[], day: number): DayBucket {
  return subjects.reduce((sum, days) => {
    const bucket = days.get(day);
    return bucket === undefined ? sum : mergeBuckets(sum, bucket, noLimits);
  }, emptyBucket);
}

/** How many subjects showed each value on these days. */
function subjectsBy(
  subjects: readonly Days[],
  first: number,
  until: number,
): Readonly<Record<Category, ReadonlyMap<string, number>>> {
  const counts = byCategory(() => new Map<string, number>());
  for (const days of subjects) {
    const own = byCategory(() => new Set<string>());
    for (const [day, { values }] of days) {
      if (day < first || day >= until) continue;
      for (const category of categories) {
        for (const [value] of values[category].entries) own[category].add(value);
      }
    }
    for (const category of categories) {
      const of = counts[category];
      for (const value of own[category]) of.set(value, (of.get(value) ?? 0) + 1);
    }
  }
  return counts;
}

/**
 * Where several use a role, what one of them alone shows counts as one session: whoever drips
 * something in day by day does not make it usual.
 */
function seenValues(
  seen: readonly Weighed[],
  category: Category,
  { isHeard, subjects }: { readonly isHeard: boolean; readonly subjects: ReadonlyMap<string, number> },
): SeenValues {
  const sums = new Map<string, { sessions: number; weight: number; voices: readonly number[] }>();
  let knownBelow = Infinity;
  for (const { bucket, weight } of seen) {
    const { entries, knownBelow: ofDay } = bucket.values[category];
    if (ofDay !== null) knownBelow = Math.min(knownBelow, ofDay);
    for (const [value, [sessions, ...voices]] of entries) {
      const sum = sums.get(value) ?? { sessions: 0, weight: 0, voices: [] };
      sums.set(value, {
        sessions: sum.sessions + sessions,
        weight: sum.weight + sessions * weight,
        voices: mergeVoices(sum.voices, voices, 2),
      });
    }
  }
  const byValue = new Map<string, SeenValue>();
  const total = { onceCount: 0, aloneCount: 0, incidences: 0 };
  for (const [value, { sessions, weight, voices }] of sums) {
    const isAlone = isHeard && voices.length < 2;
    const shownBy = subjects.get(value) ?? 0;
    const counted = isAlone ? Math.min(1, weight) : weight;
    byValue.set(value, { sessions, weight: counted, subjects: shownBy });
    if (sessions === 1) total.onceCount += 1;
    if (shownBy === 1) total.aloneCount += 1;
    total.incidences += shownBy;
  }
  return { byValue, knownBelow, ...total };
}
