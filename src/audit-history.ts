import { setImmediate as nextTurn } from "node:timers/promises";
import type { App } from "./app.ts";
import { History } from "./audit/history.ts";
import { eventsOf } from "./judging/beyond.ts";
import { issuedWithin, lengthsWithin } from "./lifetime-report.ts";
import { lifetimeOf, type Measured } from "./sessions/lifetimes.ts";

/** What a store tells of roles, users and agents: all of it is read once. */
export async function historyIn(
  { store, config, normalise }: Pick<App, "store" | "config" | "normalise">,
  measured: Measured,
): Promise<History> {
  const { skippedCount } = await store.counts();
  const history = new History(config, skippedCount === 0);
  for await (const { records } of store.allRecords()) {
    for (const event of eventsOf(records, normalise)) history.noteEvent(event);
    // An interrupt is heard between turns of the event loop only.
    await nextTurn();
  }
  for await (const sessions of store.sessions()) {
    for (const session of sessions) history.noteSession(session);
  }
  for await (const credential of issuedWithin(store, {})) {
    history.noteCredential(credential, lifetimeOf(credential, measured));
  }
  for await (const { roles, seconds } of lengthsWithin(store, measured)) {
    if (seconds === null) continue;
    for (const role of new Set(roles)) if (role !== null) history.noteTask(role, seconds);
  }
  return history;
}
