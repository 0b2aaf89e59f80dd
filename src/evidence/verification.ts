import type { DeliveryRange, PublicKeySource, TrailArchive } from "./archive.ts";
import type { Slots } from "./slots.ts";

/** What verifying works with. */
export interface Verification extends DeliveryRange {
  readonly archive: TrailArchive;
  readonly publicKeys: PublicKeySource;
  /** Files read at the same time. */
  readonly slots: Slots;
  /** ms UTC */
  readonly now: number;
  readonly inflatedBytesMax: number;
  /** One more digest is done with; so many log files of it were read. */
  readonly onDigest: (digest: { readonly endAt: number; readonly logCount: number }) => void;
}

/**
 * CloudTrail takes up to an hour to list what it delivered, and some more to deliver the digest.
 * docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html
 */
export const deliveryDelayMs = 2 * 3600 * 1000;
