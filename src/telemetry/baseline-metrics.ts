import type { Registry } from "prom-client";
import { mergeHistograms, type Histogram } from "../baselines/histogram.ts";
import { standings, type StandingName } from "../baselines/placing.ts";
import type { Measure } from "../baselines/traits.ts";
import { quantileOf } from "../baselines/usual.ts";
import { makers } from "./metric-makers.ts";

/** The numbers of sessions that gauges show. */
export const gaugedMeasures = ["calls", "writes", "denials", "minutes"] as const satisfies
  readonly Measure[];
export type GaugedNumbers = Readonly<Record<(typeof gaugedMeasures)[number], Histogram>>;

/** What stands of baselines: of everyone, and of agents' roles. */
export interface BaselinesStanding {
  readonly mature: number;
  readonly learning: number;
  /** Those of agents of which values were left out. */
  readonly truncated: number;
  readonly roles: readonly RoleStanding[];
}

/** Of an agent in one role. */
export interface RoleStanding {
  readonly agent: string;
  /** Name, not ARN. */
  readonly role: string;
  /** What its sessions usually come to. */
  readonly normal: GaugedNumbers;
  /** What those that began within the last 24 hours come to, so far, and how they stand. */
  readonly lately: GaugedNumbers;
  readonly standings: Readonly<Record<StandingName, number>>;
}

export const noNumbers: GaugedNumbers = { calls: [], writes: [], denials: [], minutes: [] };

export function baselineMetrics(registry: Registry) {
  const { gauge } = makers(registry);
  return {
    baselines: gauge("trailwarden_baselines", ["maturity"],
      "Agents in their roles, and roles without one, whose own past judges (mature) or does not " +
      "yet (learning).",
    ),
    baselinesTruncated: gauge("trailwarden_baselines_truncated", [],
      "Agents' that showed more values than are kept: of some it is not known whether they are " +
      "new.",
    ),
    baselineMeasure: gauge("trailwarden_baseline_measure", ["agent", "role", "measure", "quantile"],
      "What sessions of an agent in a role usually come to: calls, writes, denials, minutes.",
    ),
    sessionMeasure: gauge("trailwarden_session_measure", ["agent", "role", "measure", "quantile"],
      "What those that began within the last 24 hours come to.",
    ),
    baselineSessions: gauge("trailwarden_baseline_sessions", ["agent", "role", "standing"],
      "Sessions that began within the last 24 hours, by how they compare: usual, odd (one in ten " +
      "is), unusual, or learning.",
    ),
  };
}

type BaselineMetrics = ReturnType<typeof baselineMetrics>;
type Whose = { readonly agent: string; readonly role: string };

/** @param whose the labels of an agent and a role, which are bounded */
export function showBaselines(
  metrics: BaselineMetrics,
  { mature, learning, truncated, roles }: BaselinesStanding,
  whose: (of: RoleStanding) => Whose,
): void {
  metrics.baselines.set({ maturity: "mature" }, mature);
  metrics.baselines.set({ maturity: "learning" }, learning);
  metrics.baselinesTruncated.set(truncated);
  for (const { of, normal, lately, standings: counts } of together(roles, whose)) {
    for (const measure of gaugedMeasures) {
      show(metrics.baselineMeasure, { ...of, measure }, normal[measure], [0.05, 0.5, 0.95]);
      show(metrics.sessionMeasure, { ...of, measure }, lately[measure], [0.5, 0.95]);
    }
    for (const standing of standings) {
      metrics.baselineSessions.set({ ...of, standing }, counts[standing]);
    }
  }
}

export function forgetBaselines(metrics: BaselineMetrics): void {
  const { baselines, baselineMeasure, sessionMeasure, baselineSessions } = metrics;
  for (const gauge of [baselines, baselineMeasure, sessionMeasure, baselineSessions]) gauge.reset();
  metrics.baselinesTruncated.remove();
}

function show(
  gauge: BaselineMetrics["baselineMeasure"],
  of: Whose & { readonly measure: string },
  ...[histogram, quantiles]: readonly [Histogram, readonly number[]]
): void {
  if (histogram.length === 0) return;
  for (const quantile of quantiles) {
    gauge.set({ ...of, quantile }, quantileOf(histogram, quantile));
  }
}

/** Roles of one name in several accounts, and those beyond the bound, are shown as one. */
function together(
  roles: readonly RoleStanding[],
  whose: (of: RoleStanding) => Whose,
): readonly (Omit<RoleStanding, "agent" | "role"> & { readonly of: Whose })[] {
  const sums = new Map<string, Omit<RoleStanding, "agent" | "role"> & { readonly of: Whose }>();
  for (const each of roles) {
    const of = whose(each);
    const key = JSON.stringify(of);
    const before = sums.get(key);
    sums.set(key, before === undefined ? { ...each, of } : {
      of,
      normal: mergeNumbers(before.normal, each.normal),
      lately: mergeNumbers(before.lately, each.lately),
      standings: byStanding((name) => before.standings[name] + each.standings[name]),
    });
  }
  return [...sums.values()];
}

function mergeNumbers(a: GaugedNumbers, b: GaugedNumbers): GaugedNumbers {
  return numbersOf((measure) => mergeHistograms(a[measure], b[measure]));
}

export function numbersOf(
  of: (measure: (typeof gaugedMeasures)[number]) => Histogram,
): GaugedNumbers {
  return { calls: of("calls"), writes: of("writes"), denials: of("denials"),
    minutes: of("minutes") };
}

export function byStanding(of: (name: StandingName) => number): RoleStanding["standings"] {
  return { learning: of("learning"), usual: of("usual"), odd: of("odd"), unusual: of("unusual") };
}
