import { memoiseOf } from "../events/memo.ts";
import { Chronicle, type Days } from "./chronicle.ts";
import { byCategory, byMeasure } from "./day-bucket.ts";
import { countedIn, weighedIn } from "./daily-counts.ts";
import { emptyHistogram, totalOf, type Histogram } from "./histogram.ts";
import type { Incidences } from "./incidences.ts";
import { SeenValues } from "./seen-values.ts";
import { daysIn, firstDayIn, shownIn } from "./track.ts";
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
  /** Those by the baselines above; empty but above. */
  readonly scoresAbove: Histogram;
  /** What is asked about values that were never seen here; null at the top. */
  readonly above: Incidences | null;
}

/**
 * The baseline as of the start of a day, of one subject or of several together.
 *
 * @param when `from`: days before it do not count (a reset)
 */
export function baselineOf(
  past: readonly Days[],
  when: { readonly asOfDay: number; readonly from?: number },
  { level, above, memory, chronicle = new Chronicle() }:
    Pick<Baseline, "level" | "above"> & {
      readonly memory: Memory;
      /** Made of the same past as of some other day. */
      readonly chronicle?: Chronicle;
    },
): Baseline {
  const { asOfDay, from = -Infinity } = when;
  const earliest = asOfDay - memory.windowDays;
  const tracks = chronicle.of(past, { first: earliest, asOfDay });
  const window = { first: Math.max(from, earliest), asOfDay, weightOfAge: weightsOf(memory) };
  const { sessions, weight, isOfOneVoice } = shownIn(tracks.sessions, window);
  const days = daysIn(tracks.sessions, window);
  const scores = countedIn(tracks.scores, window);
  const isMature = sessions >= memory.matureSessions && days >= memory.matureDays;
  return {
    level,
    above,
    asOfDay,
    sessions,
    days,
    span: asOfDay - (firstDayIn(tracks.sessions, window) ?? asOfDay),
    weight,
    isMature,
    canRank: isMature && totalOf(scores) >= memory.rankSessions,
    values: byCategory((category) => new SeenValues({
      tracks: tracks.values[category],
      window,
      // A voice is told by its network too, which is thus never heard from two.
      isHeard: !isOfOneVoice && category !== "network",
      areHours: category === "hour",
      knownBelow: tracks.knownBelow[category]
        .reduce((least, { day, hash }) =>
          day >= window.first && day < asOfDay ? Math.min(least, hash) : least, Infinity),
    })),
    numbers: byMeasure((measure) => weighedIn(tracks.numbers[measure], window)),
    scores,
    scoresAbove: isOwn(level) ? emptyHistogram : countedIn(tracks.scoresAbove, window),
  };
}

/** Others' past judges by `scoresAbove`, see there; nobody asks for a role's own. */
function isOwn(level: Baseline["level"]): boolean {
  return level === "agent" || level === "role";
}

/** How much a session counts, by the age of its day. */
const weightsOf = memoiseOf(({ windowDays, halfLifeDays }: Memory): readonly number[] =>
  Array.from({ length: windowDays }, (_, age) => 0.5 ** (age / halfLifeDays)));
