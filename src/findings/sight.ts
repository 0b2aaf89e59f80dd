import { placementOf } from "../sessions/placement.ts";
import type { Credential, Session } from "../sessions/session.ts";
import type { GroupState } from "../sessions/state.ts";
import type { GrowingFact } from "./growing.ts";
import type { SessionGroup } from "./judge.ts";

/**
 * What earlier events of a group can see of it when they are judged again: while it is the same,
 * judging them again gives the same, and only new events need to be judged.
 */
export interface Sight {
  /** Which events are replaced, and which session each event belongs to. */
  readonly group: string;
  readonly sessions: ReadonlyMap<string, SessionSight>;
}

interface SessionSight {
  /** What of session and credentials is not growing. */
  readonly lasting: string;
  /** What of the growing parts the rules lean on, in the order of their facts. */
  readonly views: readonly string[];
}

export function sightOf(
  { group, sessions }: SessionGroup,
  growing: readonly GrowingFact[],
): Sight {
  return {
    group: groupSight(group, sessions),
    sessions: new Map(sessions.map((session) => [session.id, {
      lasting: JSON.stringify(lastingOf(session)),
      views: growing.map(({ grows }) => viewOf(grows, session)),
    }])),
  };
}

/**
 * The growing facts that may have changed for earlier events; `all` where more than growing facts
 * did. A session that is new changes nothing for the events of others.
 */
export function growthBetween(
  before: Sight,
  now: Sight,
  growing: readonly GrowingFact[],
): readonly GrowingFact[] | "all" {
  if (before.group !== now.group) return "all";
  const changed = new Set<GrowingFact>();
  for (const [id, { lasting, views }] of before.sessions) {
    const after = now.sessions.get(id);
    if (after?.lasting !== lasting) return "all";
    growing.forEach((fact, i) => {
      if (after.views[i] !== views[i]) changed.add(fact);
    });
  }
  return [...changed];
}

/**
 * A windowed group's sessions lie apart in time, so that a new one takes no event from another;
 * elsewhere any change of lanes and tool calls may move events.
 */
function groupSight(group: GroupState, sessions: readonly Session[]): string {
  const superseded = group.superseded.entries.map(([id]) => id);
  if (group.isWindowed) return JSON.stringify(superseded);
  const { lanes, rest } = placementOf(group);
  const placed = sessions.length < 2 ? [] : [[...lanes], rest, group.mcpCalls.entries];
  return JSON.stringify([superseded, sessions.map(({ id }) => id), placed]);
}

type GrowingInSession =
  | "firstAt" | "lastAt" | "eventCount" | "counts" | "deniedCount" | "distinctSecretCount"
  | "secretBurstCount" | "userAgentFamilies";
type GrowingInCredential =
  | "firstAt" | "lastAt" | "useCount" | "networks" | "userAgents" | "credentialSources";

/** A session without what grows with each call: what facts that grow are marked for. */
export function lastingOf(session: Session): Lasting {
  const {
    firstAt, lastAt, eventCount, counts, deniedCount, distinctSecretCount, secretBurstCount,
    userAgentFamilies, credentials, ...lasting
  } = session;
  return { ...lasting, credentials: credentials.map(lastingCredential) };
}
type Lasting = Omit<Session, GrowingInSession | "credentials"> & {
  readonly credentials: readonly Omit<Credential, GrowingInCredential>[];
};

function lastingCredential(credential: Credential): Omit<Credential, GrowingInCredential> {
  const { accessKeyId, kind, issuance, expiresAt } = credential;
  return { accessKeyId, kind, issuance, expiresAt };
}

function viewOf(grows: GrowingFact["grows"], session: Session): string {
  switch (grows.with) {
    case "session":
      return text(grows.view(session));
    case "credential":
      return text(session.credentials.map(grows.view));
    case "issued":
    case "tool-call":
      return "";
  }
}

function text(view: unknown): string {
  return typeof view === "string" ? view : JSON.stringify(view ?? null);
}

