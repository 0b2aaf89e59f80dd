import { baselineOf, defaultMemory, type Baseline } from "../../src/baselines/baseline.ts";
import { Chronicle, type Days } from "../../src/baselines/chronicle.ts";
import { CountedSubjects } from "../../src/baselines/counted-subjects.ts";
import { bucketOf, byCategory, byMeasure } from "../../src/baselines/day-bucket.ts";
import { Incidences } from "../../src/baselines/incidences.ts";
import type { Contribution, DayBucket } from "../../src/baselines/day-bucket.ts";
import type { Category, Measure, Traits } from "../../src/baselines/traits.ts";

/** 2026-03-01, in days since the epoch. */
export const march1 = 20_513;

export type TraitsOverrides = Partial<Record<Category, readonly string[]>> & {
  readonly changes?: readonly string[];
  readonly numbers?: Partial<Record<Measure, number>>;
};

/** An ordinary look at instances, but for what the case is about. */
export function traits({ changes = [], numbers = {}, ...values }: TraitsOverrides = {}): Traits {
  return {
    values: {
      ...byCategory(() => []),
      operation: ["ec2:DescribeInstances"],
      service: ["ec2"],
      access: ["list"],
      region: ["eu-west-1"],
      network: ["ipv4 203.0.113.0/24"],
      userAgent: ["aws-cli/linux"],
      hour: ["10"],
      ...Object.fromEntries(Object.entries(values).map(([category, shown]) =>
        [category, [...shown].sort()])),
    },
    changes,
    numbers: {
      ...byMeasure(() => 0),
      calls: 10, operations: 1, services: 1, minutes: 5, peakPerMinute: 3, breadth: 1, networks: 1,
      ...numbers,
    },
  };
}

export type Shown = TraitsOverrides & { readonly voice?: number; readonly score?: number | null };

export function contribution({ voice = 1, score = null, ...shown }: Shown = {}): Contribution {
  return { voice, traits: traits(shown), score, scoreAbove: score };
}

/** The same number of ordinary sessions on each of the days before `asOfDay`. */
export function pastOf(
  sessionsPerDay: number,
  { days = 14, shown = {}, asOfDay = march1 }: {
    days?: number;
    shown?: Shown;
    asOfDay?: number;
  } = {},
): Map<number, DayBucket> {
  const bucket = bucketOf(Array.from({ length: sessionsPerDay }, () => contribution(shown)));
  return new Map(Array.from({ length: days }, (_, i) => [asOfDay - 1 - i, bucket]));
}

/** As of 2026-03-01, without decay, so that shares can be counted by hand. */
export function baseline(
  subjects: readonly Days[],
  { above = null, level = "agent", halfLifeDays = Infinity, asOfDay = march1, from }: {
    above?: Incidences | null;
    level?: Baseline["level"];
    halfLifeDays?: number;
    asOfDay?: number;
    from?: number;
  } = {},
): Baseline {
  const when = from === undefined ? { asOfDay } : { asOfDay, from };
  const memory = { ...defaultMemory, halfLifeDays };
  return baselineOf(subjects, when, { level, above, memory });
}

/** How many of these subjects show each value. */
export function incidences(subjects: readonly Days[], asOfDay = march1): Incidences {
  const first = asOfDay - defaultMemory.windowDays;
  const told = subjects.map((days) => ({ days, chronicle: new Chronicle() }));
  return new Incidences(new CountedSubjects().within({ first, asOfDay }, told), null);
}
