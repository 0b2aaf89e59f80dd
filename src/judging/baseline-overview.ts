import { baselineDetail, baselineView } from "../baselines/overview.ts";
import type { BaselineDetail, BaselineView } from "../baselines/overview.ts";
import type { BaselineStore, KnownSubject } from "../baselines/store.ts";
import type { Config } from "../config/schema.ts";
import type { EventStore } from "../sessions/store.ts";
import { BaselineBook } from "./baseline-book.ts";
import { baselineSettings } from "./baseline-settings.ts";

export interface Overview {
  readonly store: BaselineStore & Pick<EventStore, "latestAt">;
  readonly config: Pick<Config, "baselines">;
}

/** Sessions shown of each kind. */
const sessionsMax = 20;

/** The day of the newest event: as of it, all that was learned judges. Days since the epoch. */
export async function latestDay(store: Pick<EventStore, "latestAt">): Promise<number> {
  return Math.floor(((await store.latestAt()) ?? 0) / 86_400_000);
}

export async function baselineViews(
  { store, config }: Overview,
  subjects: readonly KnownSubject[],
  asOfDay: number,
): Promise<readonly BaselineView[]> {
  const settings = baselineSettings(config);
  const levels = await new BaselineBook(store, settings).asOf(asOfDay);
  return subjects.map((known) => baselineView(known, levels(known.subject), settings.memory));
}

export async function baselineDetails(
  { store, config }: Overview,
  subjects: readonly KnownSubject[],
  asOfDay: number,
): Promise<readonly BaselineDetail[]> {
  const settings = baselineSettings(config);
  const levels = await new BaselineBook(store, settings).asOf(asOfDay);
  return await Promise.all(subjects.map(async (known) => {
    const { subject } = known;
    const fromDay = asOfDay - settings.memory.windowDays;
    const chosen = { subject, fromDay, limit: sessionsMax };
    const latest = await store.comparedSessions(chosen);
    const held = await store.comparedSessions({ ...chosen, isHeld: true });
    return baselineDetail(known, levels(subject), { settings, latest, held });
  }));
}
