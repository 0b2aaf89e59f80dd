import { test } from "vitest";
import type { FindingPart } from "../../src/findings/finding.ts";
import type { Session } from "../../src/sessions/session.ts";
import type { IngestTransaction } from "../../src/sessions/store.ts";
import type { GroupState } from "../../src/sessions/state.ts";
import type { StoredEvent } from "../../src/sessions/store.ts";
import type { Store } from "../../src/storage/store.ts";
import type { OpenEmpty } from "./contract.ts";
import { event, state } from "./made.ts";

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

/** A session as judging leaves it: a group with one event, its issuance, and what it gave. */
export async function keepSession(
  store: Store,
  session: Session,
  parts: readonly FindingPart[] = [],
): Promise<void> {
  const { groupKey, principalId, createdAt, lastAt, credentials, issuance } = session;
  const accessKeyIds = credentials.map(({ accessKeyId }) => accessKeyId);
  await store.ingest(async (transaction) => {
    await keepIn(transaction, [{ ...event(session.id), groupKey }], [
      state(groupKey, { principalId, createdAt, lastAt, accessKeyIds }),
    ]);
    if (issuance !== null) await transaction.addIssuances([{ ...issuance, eventKey: session.id }]);
  });
  await store.judged([{ groupKey, sessions: [session], hits: [], parts }]);
}
