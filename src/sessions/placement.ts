import type { TrailEvent } from "../events/event.ts";
import {
  accessKeyOf,
  consoleLane,
  directLane,
  laneOf,
  serviceLane,
  toolLane,
} from "./lane.ts";
import type { SessionAnchor } from "./session.ts";
import type { GroupState, Lane } from "./state.ts";

/** Which of a group's sessions each of its lanes belongs to: by the session's id. */
export interface Placement {
  readonly anchors: ReadonlyMap<string, SessionAnchor>;
  readonly lanes: ReadonlyMap<string, string>;
  /** Where calls go that show neither key nor sign-in session. */
  readonly rest: string;
}

const known = new WeakMap<GroupState, Placement>();

export function placementOf(group: GroupState): Placement {
  const before = known.get(group);
  if (before !== undefined) return before;
  const placement = place(group);
  known.set(group, placement);
  return placement;
}

/**
 * A key belongs to the sign-in session that any of its calls shows, since AWS stamps it per
 * service, not per call. What shows no sign-in session is the principal's own session. Calls by
 * services and MCP tool calls without key follow: the only sign-in session where there is nothing
 * else, the one their request ids name, or the rest.
 */
function place(group: GroupState): Placement {
  const lanes = new Map<string, string>();
  const anchors = new Map<string, SessionAnchor>();
  const homeless: string[] = [];
  for (const [name, lane] of group.lanes.entries) {
    const signIn = signInSession(lane);
    if (signIn !== null) {
      const id = `sis:${signIn.slice(0, 256)}`;
      lanes.set(name, id);
      anchors.set(id, "sign-in-session");
    } else if (name === serviceLane || name === toolLane) homeless.push(name);
    else lanes.set(name, group.key);
  }
  const signIns = [...anchors.keys()].sort();
  const own = [...lanes].filter(([, id]) => id === group.key).map(([name]) => name);
  const [only] = signIns;
  const rest = own.length === 0 && signIns.length === 1 && only !== undefined ? only : group.key;
  for (const name of homeless) {
    lanes.set(name, name === toolLane ? (toolSession(group, lanes) ?? rest) : rest);
  }
  if ([...lanes.values()].includes(group.key)) anchors.set(group.key, anchorOf(group, own));
  return { anchors, lanes, rest };
}

/** The session that most of the group's tool calls led to. */
function toolSession(group: GroupState, lanes: ReadonlyMap<string, string>): string | null {
  const votes = new Map<string, number>();
  for (const [request] of group.tools.entries) {
    const id = sessionOfCall(group, lanes, request);
    if (id !== null) votes.set(id, (votes.get(id) ?? 0) + 1);
  }
  const [most] = [...votes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return most?.[0] ?? null;
}

function sessionOfCall(
  group: GroupState,
  lanes: ReadonlyMap<string, string>,
  requestId: string,
): string | null {
  const call = group.mcpCalls.entries.find(([id]) => id === requestId);
  return call === undefined ? null : (lanes.get(call[1]) ?? null);
}

function signInSession({ signInSessions }: Lane): string | null {
  const [first] = [...signInSessions.entries].sort(
    (a, b) => a[1][0] - b[1][0] || (a[0] < b[0] ? -1 : 1),
  );
  return first?.[0] ?? null;
}

/**
 * The anchor of the principal's own session: what the lanes that are neither sign-ins nor homeless
 * show.
 */
function anchorOf(group: GroupState, own: readonly string[]): SessionAnchor {
  if (group.isWindowed) return "idle-window";
  if (group.key.startsWith("key:")) return "access-key";
  if (group.principal.kind === "service" || group.principal.kind === "account") return "principal";
  if (own.includes(consoleLane)) return "console";
  if (group.createdAt === null) return "principal";
  const isKeyless = own.includes(directLane) && own.every((name) => accessKeyOf(name) === null);
  return isKeyless ? "console" : "role-issue";
}

/**
 * The id of the session an event of the group belongs to; of windowed groups, of the session
 * without its window.
 */
export function sessionIdOf(group: GroupState, event: TrailEvent): string {
  const placement = placementOf(group);
  if (event.mcp?.step === "tool") {
    for (const request of event.mcp.downstreamRequestIds) {
      const id = sessionOfCall(group, placement.lanes, request);
      if (id !== null) return id;
    }
  }
  return placement.lanes.get(laneOf(event)) ?? placement.rest;
}
