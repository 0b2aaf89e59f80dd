import type { Level } from "./detection.ts";

/** A detection matched an event: what correlations count. Instants in ms UTC. */
export interface Hit {
  /** The detection's name. */
  readonly rule: string;
  readonly eventKey: string;
  readonly eventId: string;
  readonly at: number;
  readonly groupKey: string;
  /** Values of the fields that correlations over this rule group by or count; absent fields are left out. */
  readonly fields: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

export interface CorrelationFiring {
  readonly correlation: string;
  /** Group-by field -> value. */
  readonly group: Readonly<Record<string, string>>;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly eventIds: readonly string[];
  readonly eventCount: number;
  /** Which rules took part, sorted. */
  readonly rules: readonly string[];
  /** The count, sum, average or percentile at the window that fired hardest. */
  readonly value: number;
  readonly level: Level;
}
