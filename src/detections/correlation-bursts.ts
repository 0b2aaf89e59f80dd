import type { Correlation, CorrelationFiring } from "./correlation.ts";
import { firingEvidenceMax } from "./correlation.ts";
import { harder, holds } from "./correlation-condition.ts";
import type { Threshold } from "./correlation-condition.ts";
import type { Contribution, Measure } from "./correlation-measure.ts";
import { measureFor } from "./correlation-measures.ts";

import type { Level } from "./detection.ts";

/** One event of a group, with what a firing keeps of it. */
export interface WindowEvent extends Contribution {
  readonly eventKey: string;
  readonly eventId: string;
  readonly firing: CorrelationFiring | null;
}

/**
 * A firing, and every instant at which its condition held: chained temporal correlations need them.
 */
export interface Burst extends CorrelationFiring {
  readonly heldAt: readonly number[];
}

/**
 * The sliding window of one group, and the burst it is in.
 *
 * The window that ends at an event is `(at - timespan, at]`: an event exactly one timespan old is
 * outside. Windows are judged at instants with events only, once all of an instant's events are in;
 * so conditions such as `lt` are never judged over nothing, and the order within a second does not
 * matter. Firing windows that overlap are one burst, which gives one firing: a finding that grows
 * rather than many.
 */
export class GroupWindow {
  readonly #correlation: Correlation;
  readonly #group: Readonly<Record<string, string>>;
  readonly #measure: Measure;
  #events: WindowEvent[] = [];
  #head = 0;
  #burst: OpenBurst | null = null;

  constructor(correlation: Correlation, group: Readonly<Record<string, string>>) {
    this.#correlation = correlation;
    this.#group = group;
    this.#measure = measureFor(correlation);
  }

  /**
   * Takes all of one instant's events, later than all before.
   *
   * @returns the burst that this instant shows to be over, if any
   */
  settle(at: number, events: readonly WindowEvent[]): Burst | null {
    const windowStart = at - this.#correlation.timespanMs;
    const over = this.closeBefore(windowStart);
    this.#evict(windowStart);
    this.#events.push(...events);
    this.#measure.add(events);
    const value = this.#measure.value(at);
    const thresholds = thresholdsOf(this.#correlation);
    if (value !== null && thresholds.every((threshold) => holds(threshold, value))) {
      this.#burst ??= new OpenBurst(this.#correlation);
      this.#burst.grow(at, value, this.#events.slice(this.#firstAfter(this.#burst.lastAt)));
    }
    return over;
  }

  /** Ends the burst if no window that starts at `windowStart` or later can overlap it. */
  closeBefore(windowStart: number): Burst | null {
    if (this.#burst === null || this.#burst.lastAt > windowStart) return null;
    const over = this.#burst.close(this.#group);
    this.#burst = null;
    return over;
  }

  /** Whether all of its events have left every window that starts at `windowStart` or later. */
  isIdle(windowStart: number): boolean {
    return (this.#events.at(-1)?.at ?? -Infinity) <= windowStart;
  }

  #evict(windowStart: number): void {
    const oldestEvent = (): WindowEvent | undefined => this.#events[this.#head];
    for (let oldest = oldestEvent(); oldest !== undefined; oldest = oldestEvent()) {
      if (oldest.at > windowStart) break;
      this.#measure.remove(oldest);
      this.#head += 1;
    }
    // Half of the array empty: worth one copy, so that each event is moved once on average.
    if (this.#head * 2 > this.#events.length) {
      this.#events = this.#events.slice(this.#head);
      this.#head = 0;
    }
  }

  #firstAfter(at: number): number {
    let index = this.#events.length;
    while (index > this.#head && (this.#events[index - 1]?.at ?? at) > at) index -= 1;
    return index;
  }
}

function thresholdsOf({ condition }: Correlation): readonly Threshold[] {
  return condition.kind === "threshold" ? condition.thresholds : [];
}

/** A burst that may still grow. Counts everything, keeps the earliest event ids. */
class OpenBurst {
  readonly #correlation: Correlation;
  readonly #eventIds = new Set<string>();
  readonly #rules = new Set<number>();
  readonly #firings = new Set<CorrelationFiring>();
  readonly #heldAt: number[] = [];
  #firstAt = Infinity;
  #eventCount = 0;
  #value: number | null = null;

  constructor(correlation: Correlation) {
    this.#correlation = correlation;
  }

  /** The end of the last window that fired. */
  get lastAt(): number {
    return this.#heldAt.at(-1) ?? -Infinity;
  }

  /** @param events those of the window that fired, without what the burst has already */
  grow(at: number, value: number, events: readonly WindowEvent[]): void {
    this.#heldAt.push(at);
    this.#value = this.#value === null
      ? value
      : harder(thresholdsOf(this.#correlation), this.#value, value);
    for (const event of events) this.#take(event);
  }

  #take({ at, eventId, firing, rules }: WindowEvent): void {
    for (const rule of rules) this.#rules.add(rule);
    // A chained firing shows at every instant it held: its events are counted once.
    if (firing !== null && this.#firings.has(firing)) return;
    if (firing !== null) this.#firings.add(firing);
    this.#firstAt = Math.min(this.#firstAt, firing?.firstAt ?? at);
    this.#eventCount += firing?.eventCount ?? 1;
    for (const id of firing?.eventIds ?? [eventId]) {
      if (this.#eventIds.size < firingEvidenceMax) this.#eventIds.add(id);
    }
  }

  close(group: Readonly<Record<string, string>>): Burst {
    return {
      correlation: this.#correlation.name,
      group,
      firstAt: this.#firstAt,
      lastAt: this.lastAt,
      firedAt: this.#heldAt[0] ?? this.lastAt,
      eventIds: [...this.#eventIds],
      eventCount: this.#eventCount,
      rules: [...this.#rules].map((index) => this.#correlation.rules[index] ?? "").sort(),
      value: this.#value ?? 0,
      level: levelOf(this.#correlation, group),
      heldAt: this.#heldAt,
    };
  }
}

function levelOf(correlation: Correlation, group: Readonly<Record<string, string>>): Level {
  for (const [name, levels] of Object.entries(correlation.levelWhen)) {
    const level = Object.entries(levels).find(([value]) => value === group[name]);
    if (level !== undefined) return level[1];
  }
  return correlation.level;
}
