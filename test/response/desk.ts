import { AwsFault, type AwsFaultCode } from "../../src/aws/fault.ts";
import type { ResponseConfig } from "../../src/config/schema.ts";
import { versionOf } from "../../src/revocations/approve.ts";
import type { Plan } from "../../src/revocations/plan.ts";
import { requested, type Revocation, type Trigger } from "../../src/revocations/revocation.ts";
import type { Desk } from "../../src/response/reconcile.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import type { Store } from "../../src/storage/store.ts";
import { at } from "../builders/event.ts";
import { Account } from "../iam/account.ts";

/** A ledger, an account, and a clock that waiting moves. */
export interface Office extends Desk {
  readonly store: Store;
  readonly account: Account;
  /** ms UTC. */
  time: number;
  /** What was waited, ms. */
  readonly waited: number[];
}

export async function office(seconds = 600): Promise<Office> {
  const store = await openSqliteStore({ path: ":memory:" });
  const account = new Account();
  const made: Office = {
    store, account, time: at(seconds), waited: [], holder: "one",
    gateOf: () => account,
    now: () => made.time,
    random: () => 0.5,
    wait: (ms) => {
      made.waited.push(ms);
      made.time += ms;
      return Promise.resolve();
    },
  };
  return made;
}

export const byPerson: Trigger = { by: "person", rule: null, level: null, subject: null };

/** Asked for by one person, which is enough; `id` tells it. */
export function asked(
  id: string,
  plan: Plan,
  policies: ResponseConfig["approvals"] = [],
): Revocation {
  const version = versionOf(plan, byPerson, { at: at(600), policies });
  return requested({
    id, target: plan.target, trigger: byPerson, reason: "because", requestedBy: "cli:ann",
    requestedAt: at(600),
  }, version);
}

/** Asked for, approved by whoever asks, captured: to be carried out. */
export async function released({ store }: Office, id: string, plan: Plan): Promise<void> {
  await store.addRevocation(asked(id, plan));
  await store.releaseRevocation(id, "{}", { actor: "trailwarden", at: at(600) });
}

export function fault(code: AwsFaultCode): AwsFault {
  return new AwsFault(code, { action: "iam:PutRolePolicy", resource: "role ro" }, new Error(code));
}
