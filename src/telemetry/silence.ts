import type { Gauge } from "prom-client";
import type { BoundedLabel } from "./bounded-label.ts";
import type { FreshEvent } from "./happenings.ts";

/** When each account and region was last heard of. */
export class Silence {
  readonly #gauge: Gauge<"account" | "region">;
  readonly #label: BoundedLabel;
  readonly #latest = new Map<string, number>();

  constructor(gauge: Gauge<"account" | "region">, label: BoundedLabel) {
    this.#gauge = gauge;
    this.#label = label;
  }

  /**
   * Nothing counts as later than now: an event that claims to be of next year would hide the
   * silence after it. What is beyond the label's bound is left out: together such accounts would
   * never be silent.
   */
  broken(events: readonly FreshEvent[], now: number): void {
    const changed = new Map<string, FreshEvent>();
    for (const event of events) {
      if (event.account === null) continue;
      const key = `${event.account} ${event.region}`;
      const at = Math.min(event.at, now);
      if (at <= (this.#latest.get(key) ?? 0) || !this.#label.has(key)) continue;
      this.#latest.set(key, at);
      changed.set(key, event);
    }
    for (const [key, { account, region }] of changed) {
      const at = this.#latest.get(key) ?? now;
      this.#gauge.set({ account: account ?? "", region }, at / 1000);
    }
  }
}
