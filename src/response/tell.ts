import { appliedAt, changesOf, isWanted, standingVersion } from "../revocations/life-cycle.ts";
import { changeKey } from "../revocations/place.ts";
import { partOf, type Revocation } from "../revocations/revocation.ts";
import type { RevocationStore } from "../revocations/store.ts";

export interface At {
  readonly key: string;
  /** ms UTC. */
  readonly asOf: number;
  readonly store: RevocationStore;
}

const actor = "trailwarden";

/** Those that were read back here as they should be, and still are to be so. */
export function inForceAt(
  revocations: readonly Revocation[],
  { key, asOf }: At,
): readonly Revocation[] {
  return revocations.filter((one) => isWanted(one, asOf) && appliedAt(one, key) !== null);
}

/** The place is as the ledger wants it: what is wanted here is in force, the rest is out. */
export async function tellSettled(revocations: readonly Revocation[], at: At): Promise<void> {
  const { key, asOf, store } = at;
  const by = { actor, at: asOf };
  for (const one of revocations) {
    const version = standingVersion(one);
    const isHere = changesOf(one).some((change) => changeKey(change) === key);
    if (version !== null && isHere && isWanted(one, asOf)) {
      if (appliedAt(one, key) !== null) continue;
      const part = partOf(version, key);
      await store.tellRevocation(one.id, { kind: "applied", part, at: asOf }, by);
    } else await tellPruned(one, at);
  }
}

/** A role, user or key that is gone took everything with it. */
export async function tellGone(revocations: readonly Revocation[], at: At): Promise<void> {
  for (const one of revocations) await tellPruned(one, at);
}

async function tellPruned(
  { id, releasedAt, pruned }: Revocation,
  { key, asOf, store }: At,
): Promise<void> {
  if (releasedAt === null || pruned[key] !== undefined) return;
  await store.tellRevocation(id, { kind: "pruned", key, at: asOf }, { actor, at: asOf });
}

/** Somebody took out or rewrote what was in force. */
export async function tellTampered(
  inForce: readonly Revocation[],
  { key, asOf, store }: At,
): Promise<void> {
  const sign = { at: asOf, by: key };
  for (const { id } of inForce) {
    await store.tellRevocation(id, { kind: "tampered", sign }, { actor, at: asOf });
  }
}
