import type { TrailEvent } from "../events/event.ts";
import { effectsOf } from "../revocations/effects.ts";
import type { Span } from "../revocations/revocation.ts";
import { wholeList, type RevocationStore } from "../revocations/store.ts";
import { observe } from "../revocations/verify.ts";

/** What was seen of a revocation, for whoever counts it. */
export interface Observation {
  readonly revocationId: string;
  readonly what: "denied" | "succeeded";
  readonly eventId: string;
}

/**
 * Tells the ledger what these events say of revocations that are in force; again changes nothing.
 *
 * @param now ms UTC, by our clock: when it was told
 * @returns what moved the first or the last time of it
 */
export async function observeAll(
  events: readonly TrailEvent[],
  store: RevocationStore,
  now: number,
): Promise<readonly Observation[]> {
  const open = await store.listRevocations({ isOpen: true }, wholeList);
  const inOrder = [...events].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const seen: Observation[] = [];
  for (let revocation of open) {
    const { id } = revocation;
    const effects = effectsOf(revocation);
    for (const event of effects.length === 0 ? [] : inOrder) {
      const what = observe(effects, event);
      if (what === "nothing" || isKnown(revocation[what], event)) continue;
      const news = { kind: what, sign: { at: event.at, by: event.id } } as const;
      // The first of each is a change of state; the rest would fill the audit log.
      const by = revocation[what] === null ? { actor: "trailwarden", at: now } : null;
      revocation = await store.tellRevocation(id, news, by) ?? revocation;
      seen.push({ revocationId: id, what, eventId: event.id });
    }
  }
  return seen;
}

/** Whether it is neither before the first, nor after the last that is known. */
function isKnown(span: Span | null, { at, id }: TrailEvent): boolean {
  if (span === null) return false;
  const isBefore = at < span.firstAt || (at === span.firstAt && id < span.firstBy);
  const isAfter = at > span.lastAt || (at === span.lastAt && id > span.lastBy);
  return !isBefore && !isAfter;
}
