import { GroupWindow } from "./correlation-bursts.ts";
import type { Burst, WindowEvent } from "./correlation-bursts.ts";
import { countedOf, groupsOf } from "./correlation-groups.ts";
import type { Counted } from "./correlation-groups.ts";
import type { Correlation, CorrelationFiring, Hit } from "./correlation.ts";

/**
 * Judges one correlation over its hits by event time: see {@link GroupWindow} for windows and
 * bursts.
 *
 * The order of hits of the same instant, and hits given more than once, change nothing. A hit that
 * lacks a group-by field, or the field that is counted, is no part of the correlation. An event
 * that several rules matched counts as one event.
 *
 * @param hits ordered by time
 * @returns the firings, by first event, then group
 */
export function correlate(correlation: Correlation, hits: Iterable<Hit>): CorrelationFiring[] {
  const correlator = new Correlator(correlation);
  for (const hit of hits) correlator.add(hit);
  return correlator.finish().map(withoutInstants);
}

export function withoutInstants(burst: Burst): CorrelationFiring {
  const {
    correlation,
    group,
    firstAt,
    lastAt,
    firedAt,
    eventIds,
    eventCount,
    rules,
    value,
    level,
  } = burst;
  return {
    correlation,
    group,
    firstAt,
    lastAt,
    firedAt,
    eventIds,
    eventCount,
    rules,
    value,
    level,
  };
}

/**
 * One correlation under way. Holds, per group, the events of one timespan; groups that fall silent
 * are let go.
 */
export class Correlator {
  readonly #correlation: Correlation;
  readonly #ruleIndex: ReadonlyMap<string, number>;
  readonly #groups = new Map<string, GroupWindow>();
  readonly #bursts: Burst[] = [];
  /** The hits of the instant `#at`, by group. */
  #instant = new Map<string, InstantOfGroup>();
  #at = -Infinity;
  /**
   * Groups above which the silent ones are looked for; doubles with what is left, so that looking
   * stays cheap.
   */
  #sweepAbove = 1024;

  constructor(correlation: Correlation) {
    this.#correlation = correlation;
    this.#ruleIndex = new Map(correlation.rules.map((rule, index) => [rule, index]));
  }

  /** @param hit not earlier than the one before; of another rule: ignored */
  add(hit: Hit): void {
    const rule = this.#ruleIndex.get(hit.rule);
    if (rule === undefined) return;
    if (hit.at < this.#at) {
      throw new Error(`Hits of ${this.#correlation.name} were not given in time order.`);
    }
    if (hit.at > this.#at) {
      this.#settle();
      this.#at = hit.at;
    }
    const counted = countedOf(this.#correlation, hit);
    if (counted === null) return;
    for (const values of groupsOf(this.#correlation, hit)) {
      const key = JSON.stringify(values);
      let group = this.#instant.get(key);
      if (group === undefined) this.#instant.set(key, (group = { values, events: new Map() }));
      merge(group.events, { hit, rule, counted });
    }
  }

  /** @returns all bursts, by first event, then group */
  finish(): Burst[] {
    this.#settle();
    for (const group of this.#groups.values()) this.#keep(group.closeBefore(Infinity));
    this.#groups.clear();
    return this.#bursts.sort((a, b) =>
      a.firstAt - b.firstAt || compare(groupText(a), groupText(b)),
    );
  }

  #settle(): void {
    for (const [key, { values, events }] of this.#instant) {
      let group = this.#groups.get(key);
      if (group === undefined) {
        const named = this.#correlation.groupBy.map((name, i) => [name, values[i] ?? ""] as const);
        group = new GroupWindow(this.#correlation, Object.fromEntries(named));
        this.#groups.set(key, group);
      }
      this.#keep(group.settle(this.#at, [...events.values()].sort(byEventKey).map(windowEvent)));
    }
    if (this.#instant.size > 0) this.#instant = new Map();
    if (this.#groups.size > this.#sweepAbove) this.#sweep();
  }

  #sweep(): void {
    const windowStart = this.#at - this.#correlation.timespanMs;
    for (const [key, group] of this.#groups) {
      if (!group.isIdle(windowStart)) continue;
      this.#keep(group.closeBefore(windowStart));
      this.#groups.delete(key);
    }
    this.#sweepAbove = Math.max(1024, this.#groups.size * 2);
  }

  #keep(burst: Burst | null): void {
    if (burst !== null) this.#bursts.push(burst);
  }
}

interface InstantOfGroup {
  readonly values: readonly string[];
  readonly events: Map<string, Draft>;
}

/** An event's hits of one instant and group, merged. */
interface Draft {
  readonly hit: Hit;
  readonly rules: Set<number>;
  readonly values: Set<string>;
  /** The number that the first listed rule gives. */
  number: number | null;
}

function merge(
  events: Map<string, Draft>,
  { hit, rule, counted }: { hit: Hit; rule: number; counted: Counted },
): void {
  const draft = events.get(hit.eventKey);
  if (draft === undefined) {
    events.set(hit.eventKey, {
      hit,
      rules: new Set([rule]),
      values: new Set(counted.values),
      number: counted.number,
    });
    return;
  }
  if (rule < Math.min(...draft.rules)) draft.number = counted.number;
  draft.rules.add(rule);
  for (const value of counted.values) draft.values.add(value);
}

function windowEvent({ hit, rules, values, number }: Draft): WindowEvent {
  return {
    at: hit.at,
    eventKey: hit.eventKey,
    eventId: hit.eventId,
    rules: [...rules].sort((a, b) => a - b),
    values: [...values],
    number,
    firing: hit.firing ?? null,
  };
}

function byEventKey(a: Draft, b: Draft): number {
  return compare(a.hit.eventKey, b.hit.eventKey);
}

function groupText({ group }: Burst): string {
  return JSON.stringify(group);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
