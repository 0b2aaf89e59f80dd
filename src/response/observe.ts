import type { TrailEvent } from "../events/event.ts";
import { wholeList, type RevocationStore } from "../revocations/store.ts";
import { observe } from "../revocations/verify.ts";

/** What was seen of a revocation, for whoever counts it. */
export interface Observation {
  readonly revocationId: string;
  readonly what: "denied" | "succeeded";
  readonly eventId: string;
}

/**
 * Tells the ledger what these events say of revocations that are in force.
 *
 * @param now ms UTC, by our clock: when it was told
 */
export async function observeAll(
  events: readonly TrailEvent[],
  store: RevocationStore,
  now: number,
): Promise<readonly Observation[]> {
  const open = await store.listRevocations({ isOpen: true }, wholeList);
  const seen: Observation[] = [];
  for (let revocation of open) {
    const { id } = revocation;
    for (const event of events) {
      const what = observe(revocation, event);
      if (what === "nothing") continue;
      const news = { kind: what, sign: { at: event.at, by: event.id } } as const;
      // The first of each is a change of state; the rest would fill the audit log.
      const by = revocation[what] === null ? { actor: "trailwarden", at: now } : null;
      revocation = await store.tellRevocation(id, news, by) ?? revocation;
      seen.push({ revocationId: id, what, eventId: event.id });
    }
  }
  return seen;
}
