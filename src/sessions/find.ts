import type { TrailEvent } from "../events/event.ts";
import { sessionIdOf } from "./placement.ts";
import type { Credential, Session } from "./session.ts";
import type { GroupState, ToolCall } from "./state.ts";

/** Where an event belongs. */
export interface Found {
  readonly session: Session;
  /**
   * The key the call was made with; null where its record shows none, and for the console's passing
   * keys.
   */
  readonly credential: Credential | null;
}

/** The session and credential of an event of the group; `sessions` are all of the group's. */
export function sessionFor(
  group: GroupState,
  sessions: readonly Session[],
  event: TrailEvent,
): Found | null {
  const session = sessionOf(group, sessions, event);
  if (session === undefined) return null;
  return { session, credential: credentialOf(session, event) };
}

export function credentialOf(
  { credentials }: Session,
  { principal }: TrailEvent,
): Credential | null {
  for (const each of credentials) if (each.accessKeyId === principal.accessKeyId) return each;
  return null;
}

/** The session alone. */
export function sessionOf(
  group: GroupState,
  sessions: readonly Session[],
  event: TrailEvent,
): Session | undefined {
  if (sessions.length === 1) return sessions[0];
  if (group.isWindowed) {
    return sessions.find(({ firstAt, lastAt }) => firstAt <= event.at && event.at <= lastAt);
  }
  const id = sessionIdOf(group, event);
  return sessions.find((session) => session.id === id);
}

/**
 * The MCP tool call behind an API call: the client's own user agent and address, which the API
 * call's record does not show. Null for calls not made through the AWS MCP server, and where the
 * tool call was not seen.
 */
export function toolCallOf(group: GroupState, event: TrailEvent): ToolCall | null {
  if (event.mcp?.step !== "call" || event.requestId === null) return null;
  return group.tools.entries.find(([id]) => id === event.requestId)?.[1] ?? null;
}

/**
 * Whether a later record replaces this one (addendum UPDATED_DATA): it should not be judged again.
 */
export function isSuperseded(group: GroupState, event: TrailEvent): boolean {
  const { entries } = group.superseded;
  return entries.length > 0 && entries.some(([id]) => id === event.id);
}
