import { test } from "vitest";
import type { IngestTransaction } from "../../src/sessions/store.ts";
import type { GroupState } from "../../src/sessions/state.ts";
import type { StoredEvent } from "../../src/sessions/store.ts";
import type { Store } from "../../src/storage/store.ts";
import type { OpenEmpty } from "./contract.ts";
import { state } from "./made.ts";

/** Tests that each have a store of their own, closed whatever happens. */
export function testsWith(open: OpenEmpty): (name: string, body: Body) => void {
  return (name, body) => {
    test(name, async () => {
      const store = await open();
      try {
        await body(store);
      } finally {
        await store.close();
      }
    });
  };
}
type Body = (store: Store) => Promise<void>;

/** Stores events as a pipeline does: claimed, appended, their groups' states saved. */
export function keep(
  store: Store,
  events: readonly StoredEvent[],
  states?: readonly GroupState[],
): Promise<void> {
  return store.ingest((transaction) => keepIn(transaction, events, states));
}

export async function keepIn(
  transaction: IngestTransaction,
  events: readonly StoredEvent[],
  states?: readonly GroupState[],
): Promise<void> {
  const claimed = await transaction.claim(events.map(({ key }) => key), events.map(({ at }) => at));
  const fresh = events.filter(({ key }) => claimed.has(key));
  await transaction.append(fresh);
  const keys = [...new Set(fresh.map(({ groupKey }) => groupKey))];
  await transaction.saveGroups(states ?? keys.map((key) => state(key)));
}
