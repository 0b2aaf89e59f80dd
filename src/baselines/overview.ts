import type { Baseline, Memory } from "./baseline.ts";
import { byCategory, byMeasure } from "./day-bucket.ts";
import { totalOf, type Histogram } from "./histogram.ts";
import type { Levels } from "./deviation.ts";
import { standingName, type StandingName } from "./placing.ts";
import { thresholdOf } from "./standing.ts";
import type { BaselineSettings, ComparedSession, KnownSubject } from "./store.ts";
import { categories, type Category, type Measure } from "./traits.ts";
import { quantileOf } from "./usual.ts";

/** A subject's baseline, as lists tell it. Dates are UTC days. */
export interface BaselineView {
  readonly role: string;
  readonly agent: string | null;
  readonly kind: KnownSubject["subject"]["kind"];
  readonly asOf: string;
  readonly sessions: number;
  readonly days: number;
  /** The first of these days. */
  readonly since: string | null;
  /** Whether its own past, or its role's with all agents, judges. */
  readonly maturity: "mature" | "learning";
  /** Whose past judges; null where nobody's does. */
  readonly judgedBy: Baseline["level"] | null;
  /** What its own past lacks before it judges. */
  readonly missing: {
    readonly sessions: number;
    readonly days: number;
    /** Sessions that were scored; they come once the others are there. */
    readonly scored: number;
  };
  /** Whether values were left out, being too many: of some it is not known if they are new. */
  readonly truncated: boolean;
  /** Days before this one do not count. */
  readonly resetOn: string | null;
}

/** What is normal for a subject, and how its sessions stood. */
export interface BaselineDetail extends BaselineView {
  /** What a p-value must not exceed to be unusual; null while there is too little to tell. */
  readonly threshold: number | null;
  readonly alertsPerWeek: number;
  readonly values: Readonly<Record<Category, {
    readonly distinct: number;
    readonly usual: readonly ShownValue[];
  }>>;
  /** Per session. */
  readonly numbers: Readonly<Record<Measure, Band>>;
  /** Sessions by hour of the week, from Monday 00:00 UTC. */
  readonly hours: readonly number[];
  readonly latest: readonly ShownSession[];
  readonly quarantined: readonly (ShownSession & Pick<ComparedSession, "heldBy">)[];
}

interface ShownValue {
  readonly value: string;
  readonly sessions: number;
  /** Of all sessions. */
  readonly share: number;
}

export interface Band {
  readonly low: number;
  readonly median: number;
  readonly high: number;
  readonly highest: number;
}

interface ShownSession {
  readonly session: string;
  readonly day: string;
  readonly standing: StandingName;
  readonly pValue: number | null;
  readonly isUnusual: boolean;
  readonly confidence: ComparedSession["placing"]["confidence"];
  readonly scoreBits: number | null;
}

/** The baseline of the subject's agent in its role, whether it judges or not. */
export function ownOf({ own }: Pick<Levels, "own">): Baseline {
  const [ofAgent] = own;
  if (ofAgent === undefined) throw new Error("A subject has no level of its own.");
  return ofAgent;
}

/** What judges sessions that begin on the day; as `deviationOf` has it. */
export function judgeOf({ own, above }: Levels): Baseline | null {
  const scorer = own.find(({ isMature }) => isMature);
  return scorer?.canRank === true ? scorer : (above.find(({ isMature }) => isMature) ?? null);
}

/** Whether it is its own past, or its role's, that judges. */
export function isMature({ own }: Pick<Levels, "own">): boolean {
  return own.find((level) => level.isMature)?.canRank === true;
}

export function baselineView(
  { subject, from }: KnownSubject,
  levels: Levels,
  memory: Memory,
): BaselineView {
  const own = ownOf(levels);
  const judge = judgeOf(levels);
  const { sessions, days, span, asOfDay, scores } = own;
  return {
    ...subject,
    asOf: dateOf(asOfDay),
    sessions,
    days,
    since: days === 0 ? null : dateOf(asOfDay - span),
    maturity: isMature(levels) ? "mature" : "learning",
    judgedBy: judge?.level ?? null,
    missing: {
      sessions: Math.max(0, memory.matureSessions - sessions),
      days: Math.max(0, memory.matureDays - days),
      scored: Math.max(0, memory.rankSessions - totalOf(scores)),
    },
    truncated: isTruncated(own),
    resetOn: from === null ? null : dateOf(from),
  };
}

export function isTruncated({ values }: Baseline): boolean {
  return categories.some((category) => values[category].knownBelow !== Infinity);
}

export function baselineDetail(
  known: KnownSubject,
  levels: Levels,
  { settings: { memory, budget }, latest, held }: {
    readonly settings: BaselineSettings;
    readonly latest: readonly ComparedSession[];
    readonly held: readonly ComparedSession[];
  },
): BaselineDetail {
  const own = ownOf(levels);
  return {
    ...baselineView(known, levels, memory),
    threshold: own.canRank ? thresholdOf(own, totalOf(own.scores), budget) : null,
    alertsPerWeek: budget.alertsPerWeek,
    values: byCategory((category) => shownValues(own, category)),
    numbers: byMeasure((measure) => bandOf(own.numbers[measure])),
    hours: Array.from({ length: 168 }, (_, hour) =>
      own.values.hour.of(String(hour))?.sessions ?? 0),
    latest: latest.map(shownSession),
    quarantined: held.map((session) => ({ ...shownSession(session), heldBy: session.heldBy })),
  };
}

/** As many as fit on a screen: the rest is in an export. */
const shownMax = 10;

function shownValues(
  { values, sessions: all }: Baseline,
  category: Category,
): BaselineDetail["values"][Category] {
  // An hour that no session was active in has a weight of its neighbours.
  const seen = values[category].all().filter(([, { sessions }]) => sessions > 0);
  const usual = seen
    .sort(([a, x], [b, y]) => y.sessions - x.sessions || (a < b ? -1 : 1))
    .slice(0, shownMax)
    .map(([value, { sessions }]) => ({ value, sessions, share: round(sessions / all) }));
  return { distinct: seen.length, usual };
}

/** What 90 of 100 sessions are within, the middle, and the most there was; within 5 %. */
export function bandOf(histogram: Histogram): Band {
  return {
    low: quantileOf(histogram, 0.05),
    median: quantileOf(histogram, 0.5),
    high: quantileOf(histogram, 0.95),
    highest: quantileOf(histogram, 1),
  };
}

function shownSession({ sessionId, day, placing, score }: ComparedSession): ShownSession {
  return {
    session: sessionId,
    day: dateOf(day),
    standing: standingName(placing),
    ...placing,
    scoreBits: score === null ? null : Math.round(score * 10) / 10,
  };
}

function round(share: number): number {
  return Math.round(share * 1000) / 1000;
}

export function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
