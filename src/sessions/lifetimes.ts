/** A task that somebody told of, as far as it says how long a credential was needed. */
export interface ToldSpan {
  readonly id: string;
  /** ms UTC: as told, or as missing signs of life tell; null where neither has. */
  readonly endedAt: number | null;
  readonly endedBy: "told" | "silence" | null;
  /** Whether signs of life were promised: as long as they come, it runs. */
  readonly isHeard: boolean;
}

/** A temporary credential of an agent, each access key once. Instants in ms UTC. */
export interface IssuedCredential {
  readonly accessKeyId: string;
  readonly agent: string;
  readonly roleArn: string | null;
  /** Where neither a record nor anybody told, its first use. */
  readonly issuedAt: number;
  readonly expiresAt: number | null;
  /** When a revocation took what it could do, for good; null: none did. */
  readonly revokedAt: number | null;
  /** The last call made with it; null: none was seen. */
  readonly lastAt: number | null;
  /** Those it was issued for, or for which a key of its chain was, the first started first. */
  readonly tasks: readonly ToldSpan[];
  /** The first of `tasks`, else the inferred one of its session. */
  readonly taskId: string | null;
}

/**
 * How the end of a credential's use is known. `idle`: nobody said; it is the last call, once
 * nothing was called for long or nothing could be.
 */
export const endBases = ["told", "silence", "idle"] as const;
export type EndBasis = (typeof endBases)[number];

/**
 * What became of the seconds a credential was issued for: `issued` are `used`, `zombie` and
 * `saved`, once its task has ended. Those to come count: a credential of 900 s has 780 zombie
 * seconds when its task ends after 120.
 */
export interface Lifetime {
  /** ms UTC; null while it is needed. */
  readonly endedAt: number | null;
  readonly endBasis: EndBasis | null;
  /** Null where its expiry is not known. */
  readonly issuedSeconds: number | null;
  readonly usedSeconds: number;
  /** Null where its expiry is not known; 0 while it is needed. */
  readonly zombieSeconds: number | null;
  /** From its revocation to its expiry: nobody could use them. Null where that is not known. */
  readonly savedSeconds: number | null;
}

/** When, and after how long without a call a task is over of which nobody told. */
export interface Measured {
  /** ms UTC. */
  readonly asOf: number;
  /** `tasks.idleSeconds` of the config. */
  readonly idleSeconds: number;
}

export function lifetimeOf(credential: IssuedCredential, measured: Measured): Lifetime {
  const { issuedAt, expiresAt, revokedAt } = credential;
  const { at: endedAt, basis: endBasis } = endOf(credential, measured);
  const deadAt = Math.max(issuedAt, Math.min(expiresAt ?? Infinity, revokedAt ?? Infinity));
  const usedUntil = Math.max(issuedAt, Math.min(endedAt ?? measured.asOf, deadAt));
  const usedSeconds = (usedUntil - issuedAt) / 1000;
  const known = { endedAt, endBasis, usedSeconds };
  if (expiresAt === null) {
    return { ...known, issuedSeconds: null, zombieSeconds: null, savedSeconds: null };
  }
  const issuedSeconds = Math.max(0, expiresAt - issuedAt) / 1000;
  const zombieSeconds = endedAt === null ? 0 : (deadAt - usedUntil) / 1000;
  const savedSeconds = Math.max(0, expiresAt - deadAt) / 1000;
  return { ...known, issuedSeconds, zombieSeconds, savedSeconds };
}

/** When work ended of which nobody told: with the last call, once none came for long. */
export function idleEnd(lastCallAt: number, { asOf, idleSeconds }: Measured): number | null {
  return lastCallAt + idleSeconds * 1000 > asOf ? null : lastCallAt;
}

/** Whether somebody who has the credential can use it, though nobody needs it. */
export function isLiveZombie(
  { expiresAt, revokedAt }: IssuedCredential,
  of: Lifetime,
  asOf: number,
): boolean {
  return of.endedAt !== null && expiresAt !== null &&
    Math.min(expiresAt, revokedAt ?? Infinity) > asOf;
}

/** The last of its tasks' ends; where nobody would tell of one, what its calls say. */
function endOf(
  { issuedAt, expiresAt, lastAt, tasks }: IssuedCredential,
  measured: Measured,
): { readonly at: number | null; readonly basis: EndBasis | null } {
  const isExpired = expiresAt !== null && expiresAt <= measured.asOf;
  const open = tasks.filter(({ endedAt }) => endedAt === null);
  // Of one that promised no signs of life, nobody has to say that it is over.
  if (open.some(({ isHeard }) => isHeard || !isExpired)) return running;
  const last = tasks.reduce<ToldSpan | null>(
    (late, task) => (task.endedAt ?? -Infinity) > (late?.endedAt ?? -Infinity) ? task : late, null,
  );
  if (open.length === 0 && last !== null) return { at: last.endedAt, basis: last.endedBy };
  const quietAt = Math.max(lastAt ?? issuedAt, last?.endedAt ?? -Infinity);
  if (!isExpired && idleEnd(quietAt, measured) === null) return running;
  return { at: quietAt, basis: "idle" };
}

const running = { at: null, basis: null };
