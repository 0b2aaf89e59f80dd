import type { Level } from "../detections/detection.ts";
import type { Finding } from "../findings/finding.ts";

/** What people are told of a finding. A closed set: it is a metric label. */
export const tellings = [
  "opened", "worse", "again", "acknowledged", "changed", "over", "digest",
] as const;
export type Telling = Exclude<(typeof tellings)[number], "digest">;

/** What a receiver was told last of a finding. */
export interface Told {
  readonly level: Level;
  readonly status: Finding["status"];
  readonly at: number;
  /** By a message of its own, or together with others. */
  readonly by: "message" | "digest";
}

/** What is to be told to one receiver of one finding, and what was. Instants in ms UTC. */
export interface Notice {
  readonly fingerprint: string;
  /** Of the newest word from the outbox. */
  readonly seq: number;
  /** When the first word on it came. */
  readonly firstAt: number;
  /** Null: nothing yet. */
  readonly told: Told | null;
  /** The level at which it was put aside for the next digest; null: it was not. */
  readonly gathered: Level | null;
  /** What the receiver gave to find its message again; null: nothing. */
  readonly memory: string | null;
  /** How often, in a row, the receiver would not take it. */
  readonly refusedCount: number;
}

/** What becomes of a notice. */
export type NoticeChange =
  | { readonly notice: Notice; readonly forget: true }
  /** Looked at again at `dueAt`; null: when there is a new word. */
  | { readonly notice: Notice; readonly dueAt: number | null };

/** What one receiver's desk remembers beside its notices; as JSON in the store. */
export interface DeskState {
  /** When messages of each level went out, within the last hour. */
  readonly sentAt: Readonly<Partial<Record<Level, readonly number[]>>>;
  /** When the next digest goes out; null: there is nothing for it. */
  readonly digestAt: number | null;
}

export const freshDesk: DeskState = { sentAt: {}, digestAt: null };

export interface NoticeStore {
  /**
   * Makes notices, due now, of the receiver's next words in the outbox, and marks these as told:
   * they are in the desk's hands. Returns how many there were.
   */
  takeWords(receiver: string, limit: number, now: number): Promise<number>;
  /** Those due by now, by `seq`, after one of them. */
  dueNotices(
    receiver: string, now: number, page: { readonly afterSeq: number; readonly limit: number },
  ): Promise<readonly Notice[]>;
  /** In one transaction. A notice that has had a newer word meanwhile stays due. */
  keepNotices(
    receiver: string, changes: readonly NoticeChange[], state: DeskState,
  ): Promise<void>;
  deskState(receiver: string): Promise<DeskState>;
}
