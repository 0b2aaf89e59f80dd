import { comparedAgain } from "../baselines/compared.ts";
import { placingOf } from "../baselines/placing.ts";
import { sightOf } from "../baselines/sight.ts";
import type { BaselineSettings, LearningStep } from "../baselines/store.ts";
import type { Store } from "../storage/store.ts";
import { BaselineBook } from "./baseline-book.ts";

/** What comes late makes learning and comparing go on and on: of each second, at most a quarter. */
const pauseRatio = 3;

/**
 * Learns what was judged, day by day, and has sessions compared again where what was learned before
 * them has changed.
 */
export class LiveBaselines {
  readonly #store: Store;
  readonly #settings: BaselineSettings;
  readonly book: BaselineBook;
  #restUntil = 0;

  constructor(store: Store, settings: BaselineSettings) {
    this.#store = store;
    this.#settings = settings;
    this.book = new BaselineBook(store, settings);
  }

  /** How long until `step` would do what is to be done; null where nothing is. */
  async dueInMs(): Promise<number | null> {
    if ((await this.#store.nextLearning(null)) === null) return null;
    return Math.max(0, this.#restUntil - performance.now());
  }

  /**
   * Does the next of what a day's sessions, as of their baselines, wait for.
   *
   * @param beforeDay null: the latest there is
   * @param isFinal whether nothing may be put off
   * @returns whether anything was done: then more may be to do, and to judge
   */
  async step(beforeDay: number | null, isFinal: boolean): Promise<boolean> {
    const startedAt = performance.now();
    if (!isFinal && startedAt < this.#restUntil) return false;
    const next = await this.#store.nextLearning(beforeDay);
    if (next === null) return false;
    await this.#do(next);
    const endedAt = performance.now();
    this.#restUntil = endedAt + pauseRatio * (endedAt - startedAt);
    return true;
  }

  async #do({ what, day }: LearningStep): Promise<void> {
    const { windowDays } = this.#settings.memory;
    if (what === "learn") {
      await this.#store.learn(day, windowDays);
      return;
    }
    for (let isDone = false; !isDone;) {
      const version = await this.book.refresh();
      const levelsOf = await this.book.asOf(day);
      isDone = await this.#store.compare({ day, version }, (session) => {
        const levels = levelsOf(session.subject);
        const { budget } = this.#settings;
        const again = comparedAgain({ ...session, id: session.sessionId, day }, { levels, budget });
        const { deviation } = again;
        return { sight: sightOf(again), placing: placingOf(deviation), ...deviation.learned };
      });
    }
  }
}
