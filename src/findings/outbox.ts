/**
 * One word on its way out of the system: the newest on its subject. Kept in the transaction that
 * gave rise to it, told after; so it is told at least once, and never for what was not kept.
 */
export interface OutboxMessage {
  /** Ascending in the order in which words came; a subject's newer word has a higher one. */
  readonly seq: number;
  /** `finding` */
  readonly topic: string;
  /** What it is about: a finding's fingerprint. */
  readonly subject: string;
  /** Changes with what is worth telling: `high open`, `high closed true-positive`, `withdrawn`. */
  readonly version: string;
  /** JSON: for a finding `{ status, verdict, note, finding }`. */
  readonly data: string;
}

export interface OutboxStore {
  /** Messages this receiver has not been told, oldest first, at most `limit`. */
  outbox(receiver: string, limit: number): Promise<readonly OutboxMessage[]>;
  /** The receiver has been told everything up to this message. */
  told(receiver: string, seq: number): Promise<void>;
}
