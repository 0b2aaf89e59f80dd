import { lastingSight } from "../baselines/sight.ts";
import { placementOf } from "../sessions/placement.ts";
import type { Credential, Session } from "../sessions/session.ts";
import type { GroupState } from "../sessions/state.ts";
import type { GrowingFact } from "./growing.ts";
import type { SessionGroup } from "./judge.ts";

/**
 * What earlier events of a group can see of it when they are judged again: while it is the same,
 * judging them again gives the same, and only new events need to be judged.
 */
interface Sight {
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

const known = new WeakMap<SessionGroup, Sight>();

/** Made when a group goes on, since most never do; `growing` is the same for one and all. */
function sightOf(of: SessionGroup, growing: readonly GrowingFact[]): Sight {
  const before = known.get(of);
  if (before !== undefined) return before;
  const { group, sessions } = of;
  const sight: Sight = {
    group: groupSight(group, sessions),
    sessions: new Map(sessions.map((session) => [session.id, {
      lasting: JSON.stringify(lastingOf(session)),
      views: growing.map(({ grows }) => viewOf(grows, session, of)),
    }])),
  };
  known.set(of, sight);
  return sight;
}

/**
 * The growing facts that may have changed for earlier events; `all` where more than growing facts
 * did. A session that is new changes nothing for the events of others.
 */
export function growthBetween(
  earlier: SessionGroup,
  later: SessionGroup,
  growing: readonly GrowingFact[],
): readonly GrowingFact[] | "all" {
  const [before, now] = [sightOf(earlier, growing), sightOf(later, growing)];
  if (before.group !== now.group) return "all";
  const changed = new Set<GrowingFact>();
  for (const [id, { lasting, views }] of before.sessions) {
    const after = now.sessions.get(id);
    if (after?.lasting !== lasting) return "all";
    if (!isComparedAlike(earlier, later, id)) return "all";
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

/**
 * A session with what grows with each call taken out: facts that lean on any of it are marked for
 * it. Whatever else a session has counts as lasting.
 */
export function lastingOf(session: Session): Session {
  return {
    ...session,
    firstAt: 0,
    lastAt: 0,
    eventCount: 0,
    counts: {},
    deniedCount: 0,
    distinctSecretCount: 0,
    secretBurstCount: 0,
    userAgentFamilies: [],
    credentials: session.credentials.map(lastingCredential),
  };
}

function lastingCredential(credential: Credential): Credential {
  return {
    ...credential,
    firstAt: 0,
    lastAt: 0,
    useCount: 0,
    networks: [],
    userAgents: [],
    credentialSources: [],
  };
}

/** Whether the past says the same as before of what the session had shown by then. */
function isComparedAlike(earlier: SessionGroup, later: SessionGroup, id: string): boolean {
  const [before, now] = [earlier.compared.get(id), later.compared.get(id)];
  if (before === undefined || now === undefined) return before === now;
  const [then, since] = [before.deviation, now.deviation];
  // Baselines are made anew when something is learned; mostly nothing was.
  return then.baseline === since.baseline ||
    lastingSight(before.traits, then) === lastingSight(before.traits, since);
}

function viewOf(grows: GrowingFact["grows"], session: Session, { compared }: SessionGroup): string {
  switch (grows.with) {
    case "session":
      return text(grows.view(session));
    case "credential":
      return text(session.credentials.map(grows.view));
    case "comparison": {
      const found = compared.get(session.id);
      return found === undefined ? "" : text(grows.view(found));
    }
    case "issued":
    case "tool-call":
      return "";
  }
}

function text(view: unknown): string {
  return typeof view === "string" ? view : JSON.stringify(view ?? null);
}

