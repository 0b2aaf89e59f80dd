import type { Compared } from "../baselines/compared.ts";
import type { SessionGroup } from "../findings/judge.ts";
import { BaselineBook } from "./baseline-book.ts";
import { baselineSettings } from "./baseline-settings.ts";
import type { Bench } from "./bench.ts";
import { eventsOf } from "./beyond.ts";
import { SessionProfiles } from "./session-profiles.ts";

/** How the sessions of one group compare, from what is stored: for who asks about one event. */
export async function compareSessions(
  { store, config, normalise }: Bench,
  split: Pick<SessionGroup, "group" | "sessions">,
): Promise<ReadonlyMap<string, Compared>> {
  const profiles = new SessionProfiles();
  for await (const records of store.recordsOf(split.group.key)) {
    for (const event of eventsOf(records, normalise)) profiles.note(split, event);
  }
  return await new BaselineBook(store, baselineSettings(config)).compare(split, profiles);
}
