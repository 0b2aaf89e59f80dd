import { Chronicle, type Days, type Window } from "./chronicle.ts";
import { byCategory, byMeasure } from "./day-bucket.ts";
import { seenValues, weighedHistogram } from "./seen-values.ts";
import type { SeenValues, SubjectCounts, Weighed } from "./seen-values.ts";
import { totalOf, type Histogram } from "./histogram.ts";
import { smoothedHours } from "./hours.ts";
import type { Category, Measure } from "./traits.ts";

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

/**
 * The baseline as of the start of a day, of one subject or of the sum of several.
 *
 * @param when `from`: days before it do not count (a reset)
 */
export function baselineOf(
  past: Days,
  when: { readonly asOfDay: number; readonly from?: number },
  { level, above, memory, counted, chronicle = new Chronicle() }:
    Pick<Baseline, "level" | "above"> & {
      readonly memory: Memory;
      /** How many subjects show each value, where the past is a sum of them. */
      readonly counted?: SubjectCounts;
      /** Of the same past, as of some other day. */
      readonly chronicle?: Chronicle;
    },
): Baseline {
  const { asOfDay, from = -Infinity } = when;
  const window = { first: asOfDay - memory.windowDays, asOfDay };
  const tracks = chronicle.of(past, window);
  const counting = { ...window, first: Math.max(from, window.first) };
  const weightOfAge = weightsOf(memory);
  const seen = weighed(past, counting, weightOfAge);
  const sessions = seen.reduce((sum, { bucket }) => sum + bucket.sessions, 0);
  const isHeard = areSeveral(seen);
  const unweighed = seen.map((each) => ({ ...each, weight: 1 }));
  const scores = weighedHistogram(unweighed, (bucket) => bucket.scores);
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
      const values = seenValues(tracks[category], { ...counting, weightOfAge }, {
        // A voice is told by its network too, which is thus never heard from two.
        isHeard: isHeard && category !== "network",
        subjects: counted?.[category] ?? null,
        knownBelow: seen.reduce((least, { bucket }) =>
          Math.min(least, bucket.values[category].knownBelow ?? Infinity), Infinity),
      });
      return category === "hour" ? smoothedHours(values) : values;
    }),
    numbers: byMeasure((measure) => weighedHistogram(seen, ({ numbers }) => numbers[measure])),
    scores,
    scoresAbove: weighedHistogram(unweighed, (bucket) => bucket.scoresAbove),
  };
}

function weighed(
  past: Days,
  { first, asOfDay }: Window,
  weightOfAge: readonly number[],
): readonly (Weighed & { readonly day: number })[] {
  const seen: (Weighed & { readonly day: number })[] = [];
  for (let day = first; day < asOfDay; day += 1) {
    const bucket = past.get(day);
    if (bucket === undefined) continue;
    seen.push({ day, bucket, weight: weightOfAge[asOfDay - 1 - day] ?? 0 });
  }
  return seen;
}

/** Whether more than one voice is heard. */
function areSeveral(seen: readonly Weighed[]): boolean {
  let only: number | undefined;
  for (const { bucket: { voices: [voice, second] } } of seen) {
    if (voice === undefined) continue;
    if (second !== undefined || voice !== (only ?? voice)) return true;
    only = voice;
  }
  return false;
}

const weights = new WeakMap<Memory, readonly number[]>();

/** How much a session counts, by the age of its day. */
function weightsOf(memory: Memory): readonly number[] {
  const before = weights.get(memory);
  if (before !== undefined) return before;
  const { windowDays, halfLifeDays } = memory;
  const made = Array.from({ length: windowDays }, (_, age) => 0.5 ** (age / halfLifeDays));
  weights.set(memory, made);
  return made;
}
