import { isLiveZombie, type IssuedCredential, type Lifetime } from "./lifetimes.ts";

/** What the credentials of an agent, a role or a task come to. */
export interface LifetimeSum {
  readonly credentialCount: number;
  /** Those that no call was seen of. */
  readonly unusedCount: number;
  /** Valid still, though their task has ended. */
  readonly liveZombieCount: number;
  /** In none of the seconds: how long they are valid nobody told. */
  readonly unknownExpiryCount: number;
  readonly issuedSeconds: number;
  readonly usedSeconds: number;
  readonly zombieSeconds: number;
  readonly savedSeconds: number;
  /** How long the last one is valid that was issued. */
  readonly present: { readonly issuedAt: number; readonly seconds: number } | null;
}

export const nothingIssued: LifetimeSum = {
  credentialCount: 0, unusedCount: 0, liveZombieCount: 0, unknownExpiryCount: 0,
  issuedSeconds: 0, usedSeconds: 0, zombieSeconds: 0, savedSeconds: 0, present: null,
};

/** In whatever order they come, the sum is the same. */
export function withCredential(
  sum: LifetimeSum,
  { credential, lifetime }: {
    readonly credential: IssuedCredential;
    readonly lifetime: Lifetime;
  },
  asOf: number,
): LifetimeSum {
  const { issuedSeconds, usedSeconds, zombieSeconds, savedSeconds } = lifetime;
  const isUnknown = issuedSeconds === null;
  return plus(sum, {
    credentialCount: 1,
    unusedCount: credential.lastAt === null ? 1 : 0,
    liveZombieCount: isLiveZombie(credential, lifetime, asOf) ? 1 : 0,
    unknownExpiryCount: isUnknown ? 1 : 0,
    issuedSeconds: issuedSeconds ?? 0,
    usedSeconds: isUnknown ? 0 : usedSeconds,
    zombieSeconds: zombieSeconds ?? 0,
    savedSeconds: savedSeconds ?? 0,
    present: isUnknown ? null : { issuedAt: credential.issuedAt, seconds: issuedSeconds },
  });
}

export function plus(a: LifetimeSum, b: LifetimeSum): LifetimeSum {
  return {
    credentialCount: a.credentialCount + b.credentialCount,
    unusedCount: a.unusedCount + b.unusedCount,
    liveZombieCount: a.liveZombieCount + b.liveZombieCount,
    unknownExpiryCount: a.unknownExpiryCount + b.unknownExpiryCount,
    issuedSeconds: toMs(a.issuedSeconds + b.issuedSeconds),
    usedSeconds: toMs(a.usedSeconds + b.usedSeconds),
    zombieSeconds: toMs(a.zombieSeconds + b.zombieSeconds),
    savedSeconds: toMs(a.savedSeconds + b.savedSeconds),
    present: laterOf(a.present, b.present),
  };
}

/** Instants are whole milliseconds: what stands behind them is the arithmetic's. */
function toMs(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/** Of those issued at once, the longer. */
function laterOf(a: LifetimeSum["present"], b: LifetimeSum["present"]): LifetimeSum["present"] {
  if (a === null || b === null) return a ?? b;
  return b.issuedAt - a.issuedAt > 0 || (a.issuedAt === b.issuedAt && b.seconds > a.seconds)
    ? b
    : a;
}
