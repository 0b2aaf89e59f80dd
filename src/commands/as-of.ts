import type { App } from "../app.ts";
import type { Measured } from "../sessions/lifetimes.ts";

/** As a service would judge it now; not before the newest event, whatever our clock says. */
export async function measuredNow({ store, config }: App): Promise<Measured> {
  const asOf = Math.max(Date.now(), (await store.latestAt()) ?? 0);
  return { asOf, idleSeconds: config.tasks.idleSeconds };
}
