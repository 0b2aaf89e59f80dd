import type { ReadBatch } from "./read.ts";
import type { Rejection, RejectReason } from "./record.ts";

/** Reasons that are of the file, whichever record they were met at. */
const ofTheFile: ReadonlySet<RejectReason> = new Set(["bad-gzip", "truncated", "not-json"]);

/** What was met in a file so far, as far as it decides whether the file itself is to blame. */
export interface Met {
  /** Anything that could be read, or was left out on purpose. */
  readonly isReadable: boolean;
  readonly worst: Rejection | null;
}

export const nothingMet: Met = { isReadable: false, worst: null };

export function metIn(before: Met, batch: ReadBatch): Met {
  const readCount = batch.records.length + batch.skippedCount;
  const worst = batch.rejections.find(({ reason }) => ofTheFile.has(reason)) ?? batch.rejections[0];
  const isWorse = before.worst === null || !ofTheFile.has(before.worst.reason);
  return {
    isReadable: before.isReadable || readCount > 0 || Object.keys(batch.others).length > 0,
    worst: isWorse ? (worst ?? before.worst) : before.worst,
  };
}

/**
 * Why a file, now that its end was met, is poison: it is damaged, or nothing in it is CloudTrail's.
 * Null where single records could not be read: they are kept aside, and the file is good.
 */
export function damageOf({ isReadable, worst }: Met): Rejection | null {
  if (worst === null) return null;
  return ofTheFile.has(worst.reason) || !isReadable ? worst : null;
}
