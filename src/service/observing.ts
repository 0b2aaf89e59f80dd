import type { Normalise } from "../events/normalise.ts";
import { eventsOf } from "../judging/beyond.ts";
import { observeAll, type Observation } from "../response/observe.ts";
import type { Store } from "../storage/store.ts";

/** Groups looked at between two marks: what a stop leaves is looked at again. */
const groupsAtOnce = 20;

/**
 * Looks at the events of groups that an open revocation may concern, from what is stored: so that
 * neither a crash nor the order in which events and revocations become known hides what they show.
 *
 * @param now ms UTC, by our clock
 */
export async function observeMarked(
  { store, normalise }: { readonly store: Store; readonly normalise: Normalise },
  now: number,
): Promise<readonly Observation[]> {
  const seen: Observation[] = [];
  for (;;) {
    const marked = await store.observables(groupsAtOnce);
    for (const { groupKey } of marked) {
      for await (const records of store.recordsOf(groupKey)) {
        seen.push(...await observeAll(eventsOf(records, normalise), store, now));
      }
    }
    await store.observed(marked);
    if (marked.length < groupsAtOnce) return seen;
  }
}
