/**
 * Whether a receiver is asked at all. After a few failures in a row the circuit opens: nothing is
 * sent for a while, then one thing, and only when that went well, the rest.
 */
export interface Circuit {
  /** In a row. */
  readonly failedCount: number;
  /** ms UTC: nothing is sent before. */
  readonly notBefore: number;
}

export const closedCircuit: Circuit = { failedCount: 0, notBefore: 0 };

/** One restart, or one lost connection, is no outage yet. */
const failuresMax = 5;
/** Long enough to spare who is overloaded, short enough that nobody waits for it. */
const openMs = 30_000;
/** What a receiver may ask for with `Retry-After`: after an hour, it is asked all the same. */
const askedMsMax = 3_600_000;

export function isOpen({ failedCount }: Circuit): boolean {
  return failedCount >= failuresMax;
}

/** @param delayMs ours; the receiver's own wish, where it has one, goes before it when longer */
export function afterFailure(
  { failedCount }: Circuit,
  delayMs: number,
  { askedMs, now }: { readonly askedMs: number | null; readonly now: number },
): Circuit {
  const asked = Math.min(askedMs ?? 0, askedMsMax);
  const failed = { failedCount: failedCount + 1 };
  const least = failed.failedCount >= failuresMax ? openMs : 0;
  return { ...failed, notBefore: now + Math.max(delayMs, asked, least) };
}
