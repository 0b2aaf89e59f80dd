import type { Location } from "./digest.ts";
import type { PublicKeys } from "./signature.ts";

/** An account and region of which an archive holds something. */
export interface EvidencePlace {
  readonly account: string;
  readonly region: string;
  /** Ends with `/`; null where there are none. */
  readonly digestFolder: string | null;
  readonly logFolder: string | null;
}

/** A file whose bytes have yet to be read. */
export interface EvidenceFile {
  /** Of S3; a copy has none. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Buffer>;
}

/** Why a file was not read: `missing`, or a sentence. */
export type NotRead = "missing" | { readonly unreadable: string };

/** Where a trail's files lie: a bucket, or a copy of one. Throws a fault where it cannot go on. */
export interface TrailArchive {
  places(): Promise<readonly EvidencePlace[]>;
  /** Every key in a folder whose day of delivery lies in the range. */
  keys(folder: string, range: DeliveryRange): AsyncIterable<string>;
  /**
   * Reads what CloudTrail delivered there; in a copy, what lies in its place.
   *
   * @param use may be called again where reading breaks off
   */
  read<T>(location: Location, use: (file: EvidenceFile) => Promise<T>): Promise<T | NotRead>;
  /** The same for a key that `keys` gave. */
  readKey<T>(key: string, use: (file: EvidenceFile) => Promise<T>): Promise<T | NotRead>;
  /** Whether that key is where this was delivered. */
  isAt(key: string, location: Location): boolean;
}

/** Delivery times, ms UTC, both included. */
export interface DeliveryRange {
  readonly from: number;
  readonly to: number;
}

/** CloudTrail's public keys. Throws a fault. */
export interface PublicKeySource {
  /** Those of a region with which it signed then; more may come along. */
  keys(region: string, signed: DeliveryRange): Promise<PublicKeys>;
}
