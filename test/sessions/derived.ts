import { emptyConfig } from "../../src/config/schema.ts";
import type { TrailEvent } from "../../src/events/event.ts";
import { stateOf } from "../../src/sessions/accumulate.ts";
import { linkKey, linkOf } from "../../src/sessions/chain.ts";
import { sessionsOf } from "../../src/sessions/derive.ts";
import { groupKey } from "../../src/sessions/group.ts";
import type { Issuance } from "../../src/sessions/issuance.ts";
import type { Session } from "../../src/sessions/session.ts";
import type { GroupState } from "../../src/sessions/state.ts";
import { noTasks } from "../../src/sessions/task-tie.ts";

export interface Derived {
  readonly group: GroupState;
  readonly sessions: readonly Session[];
}

/** One group's sessions, with nothing declared. */
export function derive(
  events: readonly TrailEvent[],
  issuances: readonly Issuance[] = [],
): Derived {
  const [first] = events;
  if (first === undefined) throw new Error("No events.");
  const group = stateOf(groupKey(first), events);
  const ancestors = new Map(
    issuances.map((asked) => [linkKey(asked), linkOf(asked, issuances)] as const),
  );
  const context = { issuances, config: emptyConfig, ancestors, tasks: noTasks };
  return { group, sessions: sessionsOf(group, context) };
}

export function only({ sessions }: Derived): Session {
  const [session] = sessions;
  if (session === undefined || sessions.length > 1) throw new Error(`${sessions.length} sessions.`);
  return session;
}
