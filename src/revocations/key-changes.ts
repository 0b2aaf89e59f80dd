import type { Session } from "../sessions/session.ts";
import type { Seen } from "./place.ts";
import type { KeyChange } from "./plan.ts";
import type { Refusal, Untouchable } from "./refusal.ts";
import type { Target } from "./target.ts";

/** A long-term key, and a session that was made with it. */
export interface KeyMeant {
  readonly accessKeyId: string;
  readonly session: Session;
}

/** Also of a key that is asked for by name and has been idle: it has no end. */
export function keysMeant(
  target: Target,
  meant: readonly Session[],
  all: readonly Session[],
): readonly KeyMeant[] {
  const found = new Map<string, KeyMeant>();
  for (const session of target.kind === "credential" ? all : meant) {
    for (const { accessKeyId, kind } of session.credentials) {
      const isOther = target.kind === "credential" && target.accessKeyId !== accessKeyId;
      if (kind === "long-term" && !isOther) found.set(accessKeyId, { accessKeyId, session });
    }
  }
  return [...found.values()];
}

export interface KeyChanges {
  readonly changes: readonly KeyChange[];
  readonly refusals: readonly Refusal[];
}

export function keyChanges(
  keys: readonly KeyMeant[],
  seen: Seen,
  untouchable: Untouchable,
): KeyChanges {
  const changes: KeyChange[] = [];
  const refusals: Refusal[] = [];
  for (const key of keys) {
    const made = keyChange(key, seen, untouchable);
    if ("kind" in made) changes.push(made);
    else refusals.push(made);
  }
  return { changes, refusals };
}

function keyChange(
  { accessKeyId, session }: KeyMeant,
  { keys }: Seen,
  { managementAccount }: Untouchable,
): KeyChange | Refusal {
  const { account, name, kind } = session;
  if (kind !== "iam-user" || name === null || account === null) {
    const because = `The key ${accessKeyId} is no IAM user's that is known by name (${kind}).`;
    return { name: "not-a-role", subject: session.id, because, scp: null };
  }
  if (account === managementAccount) {
    const because = "The user is in the organization's management account. Do it by hand.";
    return { name: "management-account", subject: session.id, because, scp: null };
  }
  return {
    kind: "key", account, userName: name, accessKeyId, before: keys.get(accessKeyId) ?? null,
    because: ["A long-term key has no time of issue: it is switched off as a whole."],
  };
}
