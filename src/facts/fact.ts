import type { Compared } from "../baselines/compared.ts";
import type { Config } from "../config/schema.ts";
import type { TrailEvent } from "../events/event.ts";
import type { Issuance } from "../sessions/issuance.ts";
import type { Credential, Session } from "../sessions/session.ts";
import type { ToolCall } from "../sessions/state.ts";

/** What a fact can be. Null: not known, or does not apply; a rule treats it as an absent field. */
export type FactValue = string | number | boolean | null | readonly string[];

export type FactType = "text" | "number" | "truth" | "list";

/** What rules may ask: the loader checks every name a rule uses against it. */
export interface FactCatalogue {
  /** e.g. `role`, `event`: a dotted name that starts with one of these is ours, or an error. */
  readonly namespaces: ReadonlySet<string>;
  readonly names: ReadonlyMap<string, Pick<Fact, "name" | "type" | "isOfSession" | "ofCalls">>;
}

/**
 * One fact: what rules may ask of an event in its context. Computed from its context alone: the
 * event, the final merged state of its session, what it issued, the configuration, and the instant
 * judged as of.
 */
export interface Fact {
  /** e.g. `credential.network_changed` */
  readonly name: string;
  readonly type: FactType;
  /** For numbers: `seconds`, `count`, …; null for the rest. */
  readonly unit: string | null;
  /** One sentence for someone who writes a rule. */
  readonly meaning: string;
  readonly of: (context: FactContext) => FactValue;
  /**
   * Whether session, credential and config alone decide it, always or where this says so: then it
   * is the same for all calls made with one credential of a session.
   */
  readonly isOfSession?: true | ((of: OfSession) => boolean);
  /** Absent for those that any call may have. */
  readonly ofCalls?: OfCalls;
  /** Absent for most: what they say of an event stays, however its session goes on. */
  readonly grows?: Growth;
}

/** What a fact of some calls is elsewhere, whatever else these hold. */
export interface OfCalls {
  readonly are: (call: Call) => boolean;
  readonly otherwise: null | false;
}

export type Call = Pick<TrailEvent, "source" | "name" | "operation">;

/**
 * What a fact leans on of a session that goes on, so that what it said of an earlier event may
 * change: times, counts and sightings of session or credential, seen through `view`, or what became
 * of what the event issued, or the tool call behind it. While the view is the same, so is the fact
 * of every earlier event. See `findings/sight.ts`.
 */
export type Growth =
  | { readonly with: "session"; readonly view: (session: Session) => unknown }
  | { readonly with: "credential"; readonly view: (credential: Credential) => unknown }
  | { readonly with: "comparison"; readonly view: (compared: Compared) => unknown }
  | { readonly with: "issued" }
  | { readonly with: "tool-call" };

export interface FactContext {
  readonly event: TrailEvent;
  /** The session the event is of; null when the principal has none (services, other accounts). */
  readonly session: Session | null;
  readonly credential: Credential | null;
  /** How its session compares with the role's past; null where it has none to compare with. */
  readonly compared: Compared | null;
  /** The credential this event minted, and what became of it; null when it minted none. */
  readonly issued: Issued | null;
  /** The MCP tool call behind this API call; null where there is none, or it was not seen. */
  readonly toolCall: ToolCall | null;
  readonly config: Config;
  /** The latest event time known, in ms UTC: what "by now" means. Never the clock. */
  readonly asOf: number;
}

export type OfSession = Pick<FactContext, "session" | "credential" | "config">;

export interface Issued {
  readonly issuance: Issuance;
  /** Null until it has expired: until then, uses may yet come. */
  readonly useCount: number | null;
}
