import type { Burst } from "../detections/correlation-bursts.ts";
import { correlateAll, raised } from "../detections/correlation-run.ts";
import { correlatedPart, correlationGroupKey } from "../findings/correlated.ts";
import { mergeByFinding } from "../findings/merge.ts";
import type { FindingChange } from "../findings/store.ts";
import type { Bench } from "./bench.ts";

/** What a correlation gave, and of which version of its hits. */
interface Known {
  readonly version: number;
  readonly bursts: readonly Burst[];
}

/** Of each second, correlations that go on and on take no more than a quarter. */
const pauseRatio = 3;

/**
 * Judges correlations over stored hits: only those whose hits changed, and not so often that
 * judging itself comes to a stand.
 */
export class LiveCorrelations {
  readonly #bench: Bench;
  readonly #known = new Map<string, Known>();
  #isKept = false;
  #restUntil = 0;

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  /** How long until `judge` would do what is to be done; null where nothing is. */
  async dueInMs(): Promise<number | null> {
    if ((await this.#changed()).size === 0 && this.#isKept) return null;
    return Math.max(0, this.#restUntil - performance.now());
  }

  /**
   * Whatever changed.
   *
   * @param announceFrom see `FindingStore.judged`
   */
  async judge(announceFrom: number): Promise<readonly FindingChange[]> {
    const { store, rules } = this.#bench;
    const startedAt = performance.now();
    const revision = await store.revisionOf(correlationGroupKey);
    const changed = await this.#changed();
    if (changed.size === 0 && this.#isKept) return [];
    const bursts = await correlateAll(
      rules.correlations,
      (names) => store.hits(names),
      ({ name }) => changed.has(name) ? undefined : this.#known.get(name)?.bursts,
    );
    const byName = new Map(rules.correlations.map((each) => [each.name, each]));
    const parts = raised(rules.correlations, bursts).flatMap((firing) => {
      const correlation = byName.get(firing.correlation);
      return correlation === undefined ? [] : [correlatedPart(correlation, firing)];
    });
    const { changes, revisions } = await store.judged([{
      groupKey: correlationGroupKey, revision, sessions: [], parts: mergeByFinding(parts), hits: [],
    }], announceFrom);
    // Where somebody else was quicker, both look again: one of them saw less.
    this.#isKept = revisions.has(correlationGroupKey);
    for (const [name, version] of changed) {
      this.#known.set(name, { version, bursts: bursts.get(name) ?? [] });
    }
    const endedAt = performance.now();
    this.#restUntil = endedAt + pauseRatio * (endedAt - startedAt);
    return changes;
  }

  /** The correlations whose hits, or those of one they are chained to, are others than known. */
  async #changed(): Promise<ReadonlyMap<string, number>> {
    const changed = new Map<string, number>();
    for (const { name, rules, chained } of this.#bench.rules.correlations) {
      const version = await this.#bench.store.hitsVersion(rules);
      const isChained = chained.some((inner) => changed.has(inner));
      if (isChained || this.#known.get(name)?.version !== version) changed.set(name, version);
    }
    return changed;
  }
}
