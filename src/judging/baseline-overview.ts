import { setImmediate as nextTurn } from "node:timers/promises";
import { baselineDetail, baselineView } from "../baselines/overview.ts";
import type { BaselineDetail, BaselineView } from "../baselines/overview.ts";
import type { BaselineSettings, BaselineStore, KnownSubject } from "../baselines/store.ts";
import type { EventStore } from "../sessions/store.ts";
import { BaselineBook } from "./baseline-book.ts";

/** Sessions shown of each kind. */
const sessionsMax = 20;

/** Baselines as people see them. What was made of what was learned is held for the next. */
export class BaselineOverview {
  readonly #store: BaselineStore & Pick<EventStore, "latestAt">;
  readonly #settings: BaselineSettings;
  readonly #book: BaselineBook;

  constructor(store: BaselineStore & Pick<EventStore, "latestAt">, settings: BaselineSettings) {
    this.#store = store;
    this.#settings = settings;
    this.#book = new BaselineBook(store, settings);
  }

  /** The day of the newest event: as of it, all that was learned judges. Since the epoch. */
  async latestDay(): Promise<number> {
    return Math.floor(((await this.#store.latestAt()) ?? 0) / 86_400_000);
  }

  async views(
    subjects: readonly KnownSubject[],
    asOfDay: number,
  ): Promise<readonly BaselineView[]> {
    await this.#book.refresh();
    const levels = await this.#book.asOf(asOfDay);
    const views: BaselineView[] = [];
    for (const known of subjects) {
      views.push(baselineView(known, levels(known.subject), this.#settings.memory));
      // Each takes milliseconds, the first more; in a service others wait.
      await nextTurn();
    }
    return views;
  }

  async details(
    subjects: readonly KnownSubject[],
    asOfDay: number,
  ): Promise<readonly BaselineDetail[]> {
    await this.#book.refresh();
    const levels = await this.#book.asOf(asOfDay);
    const fromDay = asOfDay - this.#settings.memory.windowDays;
    const details: BaselineDetail[] = [];
    for (const known of subjects) {
      const chosen = { subject: known.subject, fromDay, limit: sessionsMax };
      details.push(baselineDetail(known, levels(known.subject), {
        settings: this.#settings,
        latest: await this.#store.comparedSessions(chosen),
        held: await this.#store.comparedSessions({ ...chosen, isHeld: true }),
      }));
      await nextTurn();
    }
    return details;
  }
}
