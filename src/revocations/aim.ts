import { readRoleArn } from "../events/arn.ts";
import { leastOf, type Denial } from "./denial.ts";
import { changesOf, denialsAt, isWanted } from "./life-cycle.ts";
import { changeKey, type Place } from "./place.ts";
import type { Change, KeyChange } from "./plan.ts";
import type { KeyStatus } from "./role-gate.ts";
import type { Revocation } from "./revocation.ts";

/** How one place should be, by the ledger. */
export type Aim = PolicyAim | KeyAim;

export interface PolicyAim {
  readonly kind: "policy";
  readonly place: Place;
  readonly denials: readonly Denial[];
  /** Names of roles that a managed policy has to hang on, and of those that we hung it on. */
  readonly attachTo: readonly string[];
  readonly detachFrom: readonly string[];
}

export interface KeyAim {
  readonly kind: "key";
  readonly change: KeyChange;
  /** Null: as it is. */
  readonly status: KeyStatus | null;
}

/** What all revocations with a change here come to; null: none has. */
export function aimAt(
  key: string,
  revocations: readonly Revocation[],
  asOf: number,
): Aim | null {
  const wanted = revocations.filter((revocation) => isWanted(revocation, asOf));
  const here = (of: readonly Revocation[]) => of.flatMap((one) => changesAt(one, key));
  const inForce = here(wanted).filter((change) => wanted.some((one) =>
    changesOf(one).includes(change)));
  const [change] = here(revocations);
  if (change === undefined) return null;
  if (change.kind === "key") {
    const status = inForce.length > 0 ? "Inactive" : activeBefore(here(revocations));
    return { kind: "key", change, status };
  }
  const names = (changes: readonly Change[], isOurs = false) => [...new Set(changes.flatMap((one) =>
    one.kind === "deny" && (one.attach || !isOurs) ? readRoleArn(one.roleArn)?.name ?? [] : []))];
  const attachTo = change.place.carrier === "managed" ? names(inForce) : [];
  return {
    kind: "policy",
    place: change.place,
    denials: leastOf(wanted.flatMap((revocation) => denialsAt(revocation, key))),
    attachTo,
    detachFrom: names(here(revocations), true).filter((name) => !attachTo.includes(name)),
  };
}

/** Of every version: what a narrower one has written has to be taken out again. */
function changesAt({ versions }: Revocation, key: string): readonly Change[] {
  return versions.flatMap(({ plan }) => plan.changes.filter((change) => changeKey(change) === key));
}

function activeBefore(changes: readonly Change[]): KeyStatus | null {
  return changes.some((change) => change.kind === "key" && change.before === "Active")
    ? "Active" : null;
}
