import type { Session } from "../sessions/session.ts";
import type { Denial } from "./denial.ts";
import type { Seen } from "./place.ts";
import type { Untouchable } from "./refusal.ts";

/** What a plan is made from. */
export interface Known {
  /** Every session that may be concerned, live or not. */
  readonly sessions: readonly Session[];
  readonly seen: Seen;
  /** Denials in force, by {@link placeKey}. */
  readonly granted: ReadonlyMap<string, readonly Denial[]>;
  /** ms UTC. */
  readonly asOf: number;
}

/** How things are done here. */
export interface Means {
  readonly carrier: "inline" | "managed";
  readonly policyName: string;
  readonly untouchable: Untouchable;
}
