import type { SinkOf } from "../config/schema.ts";
import type { Level } from "../detections/detection.ts";
import type { QuietHours } from "./quiet-hours.ts";
import type { Only } from "./routing.ts";

/** How a receiver wants to be told. */
export interface Manners {
  readonly only: Only;
  /** Nothing that was acknowledged or closed by then. */
  readonly afterMs: number;
  /** Null: never again. */
  readonly repeatMs: number | null;
  /** Whether what is acknowledged is told again too. */
  readonly repeatsAcknowledged: boolean;
  /** Levels below go into the digest. */
  readonly digestBelow: Level;
  readonly digestMs: number;
  /** Of each level. */
  readonly messagesPerHour: number;
  readonly quietHours: readonly QuietHours[];
  readonly wakeFrom: Level;
}

export type DeskConfig = SinkOf<"slack"> | SinkOf<"pagerduty"> | SinkOf<"alertmanager">;

export function mannersOf(sink: DeskConfig): Manners {
  if (sink.kind === "alertmanager") return programsManners(sink);
  return {
    only: sink.only,
    afterMs: sink.afterMinutes * 60_000,
    repeatMs: sink.repeatHours === null ? null : sink.repeatHours * 3_600_000,
    repeatsAcknowledged: false,
    digestBelow: sink.digestBelow,
    digestMs: sink.digestMinutes * 60_000,
    messagesPerHour: sink.messagesPerHour,
    quietHours: sink.quietHours,
    wakeFrom: sink.wakeFrom,
  };
}

/** Alertmanager groups, mutes and repeats by itself; it has to be told what goes on. */
function programsManners({ only, resendSeconds }: SinkOf<"alertmanager">): Manners {
  return {
    only,
    afterMs: 0,
    repeatMs: resendSeconds * 1000,
    repeatsAcknowledged: true,
    digestBelow: "informational",
    digestMs: 0,
    messagesPerHour: Number.POSITIVE_INFINITY,
    quietHours: [],
    wakeFrom: "informational",
  };
}
