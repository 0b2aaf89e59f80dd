import type { RevocationTie } from "../sessions/revocation-tie.ts";
import type { Session } from "../sessions/session.ts";
import { callerOf, denies, type Denial } from "./denial.ts";
import { changeKey } from "./place.ts";
import type { Change } from "./plan.ts";
import { partOf, type Revocation } from "./revocation.ts";

/**
 * What one denial of a revocation takes from sessions of one role, or all of it from one key, and
 * when: what events are judged by. Instants in ms UTC.
 */
export interface Effect {
  readonly revocationId: string;
  /** The role's id, `AROA…`, or the key's, `AKIA…`. */
  readonly of: string;
  /** Null: of a key. */
  readonly denial: Denial | null;
  /** Where it is written, if that is a managed policy. */
  readonly policyArn: string | null;
  /** When it was first read back as it should be: whoever takes it out later breaks it. */
  readonly since: number;
  /** When somebody undid it, or it was out again. */
  readonly until: number | null;
}

/** Of every version that was written: what one took, a wider one takes too, only later. */
export function effectsOf(revocation: Revocation): readonly Effect[] {
  const { id: revocationId, versions, applied, undone, pruned } = revocation;
  return versions.flatMap((version) => version.plan.changes.flatMap((change) => {
    const key = changeKey(change);
    const since = applied[partOf(version, key)];
    if (since === undefined) return [];
    const end = Math.min(undone?.at ?? Infinity, pruned[key] ?? Infinity);
    const until = end === Infinity ? null : end;
    return takenBy(change).map((taken) => ({ revocationId, ...taken, since, until }));
  }));
}

function takenBy(change: Change): readonly Pick<Effect, "of" | "denial" | "policyArn">[] {
  if (change.kind === "key") return [{ of: change.accessKeyId, denial: null, policyArn: null }];
  const { denials, place } = change;
  const policyArn = place.carrier === "managed" ? place.policyArn : null;
  return denials.map((denial) => ({ of: denial.roleId, denial, policyArn }));
}

/** What of these takes access from the session: the first in force first. */
export function tiesBy(
  effects: readonly Effect[],
  session: Session,
): readonly RevocationTie[] {
  const keys = new Set(session.credentials.map(({ accessKeyId }) => accessKeyId));
  const caller = callerOf(session);
  return effects
    .filter(({ denial, of }) => denial === null
      ? keys.has(of)
      : isTold(denial, session) && denies(denial, caller))
    .map(({ revocationId, denial, of, since, until }) =>
      ({ revocationId, accessKeyId: denial === null ? of : null, since, until }))
    .sort((a, b) => a.since - b.since || (a.revocationId < b.revocationId ? -1 : 1));
}

/** Without a time of issue it cannot be told from one that came back under the name. */
function isTold({ issuedBefore }: Denial, { createdAt }: Session): boolean {
  return issuedBefore === null || createdAt !== null;
}
