import type { Level, RuleHead } from "./detection.ts";
import type { RuleExpression, Threshold } from "./correlation-condition.ts";

/** A detection matched an event: what correlations count. Instants in ms UTC. */
export interface Hit {
  /** The detection's name. */
  readonly rule: string;
  readonly eventKey: string;
  readonly eventId: string;
  readonly at: number;
  readonly groupKey: string;
  /**
   * Values of the fields that correlations over this rule group by or count; absent fields are left
   * out.
   */
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** Set where the hit stands for a firing of another correlation (chaining). */
  readonly firing?: CorrelationFiring;
}

export type FieldValue = string | number | boolean | readonly string[];

export interface CorrelationFiring {
  readonly correlation: string;
  /** Group-by field -> value. */
  readonly group: Readonly<Record<string, string>>;
  readonly firstAt: number;
  readonly lastAt: number;
  /** When the condition held first: the end of the first window that fired. */
  readonly firedAt: number;
  /** The earliest, at most {@link firingEvidenceMax}. */
  readonly eventIds: readonly string[];
  readonly eventCount: number;
  /** Which rules took part, sorted. */
  readonly rules: readonly string[];
  /** The count, sum, average or percentile at the window that fired hardest. */
  readonly value: number;
  readonly level: Level;
}

/** Event ids kept per firing: more than a finding shows, so that merging still has the earliest. */
export const firingEvidenceMax = 100;

/**
 * Sigma's correlation types: the first four of 2.0, the metrics of 2.1.
 * https://sigmahq.io/sigma-specification/specification/sigma-correlation-rules-specification.html
 */
export const correlationTypes = [
  "event_count",
  "value_count",
  "temporal",
  "temporal_ordered",
  "value_sum",
  "value_avg",
  "value_percentile",
  "value_median",
] as const;
export type CorrelationType = (typeof correlationTypes)[number];

/** A loaded Sigma correlation, compiled: its references resolved, its lengths in milliseconds. */
export interface Correlation extends RuleHead {
  readonly type: CorrelationType;
  /** Names of detections or of other correlations, in the order listed. */
  readonly rules: readonly string[];
  /** Of `rules`, those that are correlations. */
  readonly chained: readonly string[];
  /** Field, fact or alias names; empty: all hits are one group. */
  readonly groupBy: readonly string[];
  readonly timespanMs: number;
  readonly condition: CorrelationCondition;
  /** alias -> rule name -> the field it stands for in that rule's events. */
  readonly aliases: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /**
   * Rules that this correlation keeps from raising findings of their own; see
   * `correlation-links.ts`.
   */
  readonly silences: readonly string[];
}

export type CorrelationCondition =
  | {
      readonly kind: "threshold";
      /** All must hold. */
      readonly thresholds: readonly Threshold[];
      /** The fields whose values are counted or summed; empty for event_count and temporal. */
      readonly fields: readonly string[];
      /** 0 to 100; null but for value_percentile. */
      readonly percentile: number | null;
    }
  /** The extended condition of temporal types (Sigma 2.2): `recon and (exfil or not cleanup)`. */
  | { readonly kind: "rules"; readonly expression: RuleExpression };

/** Fields a correlation may use that describe the finding, not its event. */
export const findingFieldNames = ["finding.tactic", "finding.rule", "finding.level"] as const;

/** The {@link findingFieldNames} of one hit. A tactic is a tag `attack.<word>` without digits. */
export function findingFields(
  rule: { readonly name: string; readonly tags: readonly string[] },
  level: Level,
): Readonly<Record<(typeof findingFieldNames)[number], string | readonly string[]>> {
  const tactics = rule.tags
    .map((tag) => tag.toLowerCase().replaceAll("_", "-"))
    .filter((tag) => /^attack\.[a-z-]+$/.test(tag))
    .map((tag) => tag.slice("attack.".length));
  return {
    "finding.tactic": [...new Set(tactics)].sort(),
    "finding.rule": rule.name,
    "finding.level": level,
  };
}

/** The field that a group-by or condition name means in the events of one rule. */
export function fieldOf(
  correlation: Pick<Correlation, "aliases">,
  name: string,
  rule: string,
): string {
  const alias = Object.hasOwn(correlation.aliases, name) ? correlation.aliases[name] : undefined;
  if (alias === undefined || !Object.hasOwn(alias, rule)) return name;
  return alias[rule] ?? name;
}

/** Group-by and counted fields, as the rule names them. */
export function fieldNames(
  correlation: Pick<Correlation, "groupBy" | "condition">,
): readonly string[] {
  const counted = correlation.condition.kind === "threshold" ? correlation.condition.fields : [];
  return [...correlation.groupBy, ...counted];
}

/**
 * Detection name -> the fields its hits must carry, sorted. Detections that no correlation uses are
 * absent.
 */
export function hitFields(
  correlations: readonly Correlation[],
): ReadonlyMap<string, readonly string[]> {
  const fields = new Map<string, Set<string>>();
  for (const correlation of correlations) {
    for (const rule of correlation.rules) {
      if (correlation.chained.includes(rule)) continue;
      const ofRule = fields.get(rule) ?? new Set<string>();
      for (const name of fieldNames(correlation)) ofRule.add(fieldOf(correlation, name, rule));
      fields.set(rule, ofRule);
    }
  }
  return new Map([...fields].map(([rule, names]) => [rule, [...names].sort()]));
}

/**
 * Detections and correlations that raise no finding of their own, because a correlation speaks for
 * them.
 */
export function silencedRules(correlations: readonly Correlation[]): ReadonlySet<string> {
  return new Set(correlations.flatMap((correlation) => correlation.silences));
}

/** What a correlation's `because` may name beside its group-by fields. */
export const firingValueNames = [
  "correlation.value",
  "correlation.event_count",
  "correlation.rules",
  "correlation.duration_seconds",
  "correlation.timespan_seconds",
] as const;

/**
 * The values of a firing by name, for {@link firingValueNames} and the group-by fields; undefined
 * for others.
 */
export function firingValues(
  correlation: Correlation,
  firing: CorrelationFiring,
): (name: string) => unknown {
  const values: Readonly<Record<string, unknown>> = {
    ...firing.group,
    "correlation.value": firing.value,
    "correlation.event_count": firing.eventCount,
    "correlation.rules": firing.rules,
    "correlation.duration_seconds": Math.round((firing.lastAt - firing.firstAt) / 1000),
    "correlation.timespan_seconds": correlation.timespanMs / 1000,
  };
  return (name) => (Object.hasOwn(values, name) ? values[name] : undefined);
}
