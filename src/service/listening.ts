import type { Config } from "../config/schema.ts";
import type { Ingested } from "../pipeline.ts";
import type { Arrival, OriginStore } from "../sessions/origin-store.ts";
import { signOf, type Origin } from "../sessions/origin.ts";
import type { Watermark } from "./watermark.ts";

const quarterMs = 15 * 60_000;

type Quarter = Origin & Arrival & { isNews: boolean };

/**
 * What listening tells of where events come from: how late they are, and since when it would have
 * been noticed that nothing comes.
 */
export class Listening {
  readonly #now: () => number;
  readonly #startedAt: number;
  /** Those that go on, and those that were not kept yet. */
  readonly #quarters = new Map<string, Quarter>();

  constructor(now: () => number) {
    this.#now = now;
    this.#startedAt = now();
  }

  /** What was committed now. */
  note(ingested: readonly Pick<Ingested, "fresh">[]): void {
    const now = this.#now();
    const at = Math.floor(now / quarterMs) * quarterMs;
    for (const sign of ingested.flatMap(({ fresh }) => fresh.map(signOf))) {
      if (sign === null) continue;
      const { account, region } = sign;
      const key = `${account} ${region} ${at}`;
      const lagMs = Math.max(0, now - sign.at);
      if ((this.#quarters.get(key)?.lagMs ?? Infinity) <= lagMs) continue;
      this.#quarters.set(key, { account, region, at, lagMs, isNews: true });
    }
  }

  /**
   * Keeps what was noted since, and tells by when sources that were not heard are silent. Nobody
   * knows before it was listened for as long as events may be late: what waits for us after a pause
   * comes in any order.
   */
  async silentBy(
    { asOf }: Pick<Watermark, "asOf">,
    store: Pick<OriginStore, "keepArrivals">,
    { lagObjectiveSeconds }: Config["arrival"],
  ): Promise<number | undefined> {
    const now = this.#now();
    const news = [...this.#quarters.values()].filter(({ isNews }) => isNews);
    for (const quarter of news) quarter.isNews = false;
    for (const [key, { at }] of this.#quarters) {
      if (at + quarterMs <= now) this.#quarters.delete(key);
    }
    await store.keepArrivals(news, lagObjectiveSeconds * 1000);
    const isHeardOut = now - this.#startedAt >= lagObjectiveSeconds * 1000;
    return isHeardOut && asOf > 0 ? asOf : undefined;
  }
}
