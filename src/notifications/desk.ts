import type { Finding } from "../findings/finding.ts";
import type { Digest } from "../notices/digest.ts";
import type { Telling } from "../notices/notice.ts";

/** One thing to be told of one finding. */
export interface Message {
  readonly what: Telling;
  readonly finding: Finding;
  /** What `tell` gave when it told of this finding last; null: nothing. */
  readonly memory: string | null;
}

/** Somebody who is told of each finding as it stands, and has something to show for it. */
export interface Desk {
  /** As the config names it. */
  readonly name: string;
  /** How many messages one call takes. */
  readonly atOnce: number;
  /** Whether it waits for more before it tells people: what is over by then, it tells nobody. */
  readonly isGrouping: boolean;
  /**
   * All or nothing: what it throws is tried again. Gives, of each message, what is to be remembered
   * to find it again.
   *
   * @throws SinkFault `refused` where only these messages are not taken
   */
  tell(messages: readonly Message[]): Promise<readonly (string | null)[]>;
  tellDigest(digest: Digest): Promise<void>;
}
