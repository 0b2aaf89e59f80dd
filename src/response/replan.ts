import { versionOf } from "../revocations/approve.ts";
import type { Widening } from "../revocations/fit.ts";
import { appliedAt, changesOf, isWanted, stateOf } from "../revocations/life-cycle.ts";
import type { Revocation } from "../revocations/revocation.ts";
import { look } from "./look.ts";
import type { Responder } from "./respond.ts";
import type { ReconciledAs } from "./reconcile.ts";

/**
 * Plans anew what could not be written where it was to go: the role has been filled by others, the
 * managed policy is gone. What hits more than was approved waits for its own yes; until then what
 * stands is left alone.
 */
export async function replanAt(
  key: string,
  as: ReconciledAs,
  responder: Responder,
): Promise<void> {
  if (as !== "no-room" && as !== "missing") return;
  const { store, now } = responder;
  for (const one of await store.revocationsAt(key)) {
    const isToDo = isWanted(one, now()) && (as === "missing" || appliedAt(one, key) === null);
    if (isToDo) await replan(one, "none", responder);
  }
}

/** What does not hold is asked for again for the whole role, where the config wants that. */
export async function escalate(revocation: Revocation, responder: Responder): Promise<void> {
  const { config, now } = responder;
  const isWhole = changesOf(revocation)
    .every((change) => change.kind === "key" || change.widening === "role-wide");
  if (!config.escalate || isWhole || stateOf(revocation, now()) !== "violated") return;
  await replan(revocation, "role-wide", responder);
}

async function replan(
  { id, target, trigger, versions }: Revocation,
  from: Widening,
  responder: Responder,
): Promise<void> {
  const { store, config, now } = responder;
  // After what it takes the place of, whatever the clock says.
  const at = Math.max(now(), 1 + Math.max(...versions.map((version) => version.at)));
  const { plan } = await look(target, at, { ...responder, from });
  const version = versionOf(plan, trigger, { at, policies: config.approvals });
  const isKnown = versions.some(({ digest }) => digest === version.digest);
  if (plan.changes.length === 0 || isKnown) return;
  await store.tellRevocation(id, { kind: "planned", version }, { actor: "trailwarden", at });
}
