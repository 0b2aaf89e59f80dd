import type { FindingChange } from "../findings/store.ts";
import type { Session } from "../sessions/session.ts";
import type { EventTally } from "./event-tallies.ts";
import type { JudgeProgress, JudgeTime } from "./judge-time.ts";

/** What a pass of judging came to. */
export interface LiveChange {
  /** By event time; what the pass was judged as of. */
  readonly asOf: number;
  /** The events that this process took in, each told once. */
  readonly tallies: readonly EventTally[];
  /** Those that came or changed. */
  readonly sessions: readonly Session[];
  /** In the order in which they happened; a finding may change twice. */
  readonly findings: readonly FindingChange[];
  /** When what was put off is due, in ms from now; null when nothing was. */
  readonly dueInMs: number | null;
}

export interface LiveJudgeOptions {
  /** How much it may remember of groups. The more, the less is read again. */
  readonly bytesMax: number;
  /**
   * Whether all is judged once, at the end: then events are not counted, for which they would be
   * held until they are judged, and how a group was judged is not remembered.
   */
  readonly isArchive?: boolean;
}

/** How a pass is made. */
export interface PassOptions extends JudgeTime {
  readonly isFinal: boolean;
  readonly progress?: JudgeProgress | undefined;
}

/** What a pass comes to, while it goes on. */
export interface Change {
  readonly asOf: number;
  readonly sessions: Session[];
  readonly findings: FindingChange[];
}
