import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyConfig } from "../../src/config/schema.ts";
import type { TrailEvent } from "../../src/events/event.ts";
import { stateOf } from "../../src/sessions/accumulate.ts";
import { sessionsOf } from "../../src/sessions/derive.ts";
import { sessionFor } from "../../src/sessions/find.ts";
import { groupKey } from "../../src/sessions/group.ts";
import { merge } from "../../src/sessions/merge.ts";
import { emptyState, stateLimits, type GroupState } from "../../src/sessions/state.ts";
import { noTasks } from "../../src/sessions/task-tie.ts";
import { at, otherPrincipal, trailEvent } from "../builders/event.ts";
import { issuance } from "../builders/session.ts";
import { eventLists } from "./arbitrary-event.ts";

const context = {
  issuances: [issuance()], config: emptyConfig, ancestors: new Map(), tasks: noTasks,
};

function groupsOf(events: readonly TrailEvent[]): Map<string, TrailEvent[]> {
  const groups = new Map<string, TrailEvent[]>();
  for (const event of events) {
    const key = groupKey(event);
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  return groups;
}

function statesOf(events: readonly TrailEvent[]): Map<string, GroupState> {
  return new Map([...groupsOf(events)].map(([key, members]) => [key, stateOf(key, members)]));
}

/** The groups' states when the events come in these deliveries. */
function delivered(deliveries: readonly (readonly TrailEvent[])[]): Map<string, GroupState> {
  const states = new Map<string, GroupState>();
  for (const delivery of deliveries) {
    for (const [key, state] of statesOf(delivery)) {
      states.set(key, merge(states.get(key) ?? emptyState(key), state));
    }
  }
  return states;
}

const inKeyOrder = (states: Map<string, GroupState>): GroupState[] =>
  [...states.values()].sort((a, b) => (a.key < b.key ? -1 : 1));

describe("a group's state", () => {
  it("is the same for any split of the events into deliveries, in any order", () => {
    const cases = eventLists.chain((events) =>
      fc.record({
        events: fc.constant(events),
        shuffled: fc.shuffledSubarray([...events], { minLength: events.length }),
        size: fc.integer({ min: 1, max: 10 }),
      }),
    );
    fc.assert(
      fc.property(cases, ({ events, shuffled, size }) => {
        const deliveries = shuffled.flatMap((_, i) =>
          i % size === 0 ? [shuffled.slice(i, i + size)] : [],
        );
        const whole = inKeyOrder(statesOf(events));
        const split = inKeyOrder(delivered(deliveries));
        expect(split).toEqual(whole);
        const sessions = (states: GroupState[]) => states.map((s) => sessionsOf(s, context));
        expect(sessions(split)).toEqual(sessions(whole));
      }),
      { numRuns: 500 },
    );
  });

  it("merges commutatively and associatively, and nothing changes nothing", () => {
    const one = eventLists.map((events) =>
      stateOf("g", events.filter(({ principal }) => principal.kind === "role-session")),
    );
    fc.assert(
      fc.property(one, one, one, (a, b, c) => {
        expect(merge(a, b)).toEqual(merge(b, a));
        expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)));
        expect(merge(a, emptyState("g"))).toEqual(a);
        expect(merge(emptyState("g"), a)).toEqual(a);
      }),
      { numRuns: 500 },
    );
  });

  it("comes back from JSON as it was", () => {
    fc.assert(
      fc.property(eventLists, (events) => {
        const state = stateOf("g", events);
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
      }),
    );
  });

  it("gives every event a session of its group, whose counts add up to the group's", () => {
    fc.assert(
      fc.property(eventLists, (events) => {
        for (const [key, members] of groupsOf(events)) {
          const state = stateOf(key, members);
          const sessions = sessionsOf(state, context);
          const homeless = members.filter((event) => sessionFor(state, sessions, event) === null);
          expect(homeless).toEqual([]);
          const counted = sessions.reduce((sum, { eventCount }) => sum + eventCount, 0);
          expect(counted).toBe(members.length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("stays bounded, and order-free at its bound, when everything is different", () => {
    const events = Array.from({ length: 2000 }, (_, i) =>
      trailEvent({
        at: at(i),
        operation: `ec2:Call${i}`,
        network: { name: `10.0.${i}.0/24` },
        principal: { accessKeyId: `ASIA${i % 300}` },
      }),
    );
    const whole = stateOf("g", events);
    const odd = events.filter((_, i) => i % 2 === 1);
    const even = events.filter((_, i) => i % 2 === 0);
    expect(merge(stateOf("g", odd), stateOf("g", even))).toEqual(whole);
    expect(whole.eventCount).toBe(2000);
    expect(whole.lanes.entries).toHaveLength(stateLimits.lanes);
    expect(whole.lanes.overflow).toBe(true);
    expect(whole.operations.entries).toHaveLength(stateLimits.operations);
    const [session] = sessionsOf(whole, context);
    expect(session?.eventCount).toBe(2000);
    expect(session?.counts).toEqual({ list: 2000 });
  });

  it("splits a long-term key's day where nothing happened for half an hour", () => {
    const events = [0, 1799, 3599, 3600, 9000].map((seconds) =>
      trailEvent({
        at: at(seconds),
        principal: otherPrincipal({
          kind: "iam-user",
          type: "IAMUser",
          id: "AIDABOB",
          accessKeyId: "AKIABOB",
          credentialKind: "long-term",
        }),
      }),
    );
    const group = stateOf("AIDABOB/AKIABOB@2026-03-01", events);
    const sessions = sessionsOf(group, context);
    expect(sessions.map(({ id, anchor, eventCount }) => [id, anchor, eventCount])).toEqual([
      ["AIDABOB/AKIABOB@2026-03-01/2026-03-01T10:00:00.000Z", "idle-window", 2],
      ["AIDABOB/AKIABOB@2026-03-01/2026-03-01T10:59:59.000Z", "idle-window", 2],
      ["AIDABOB/AKIABOB@2026-03-01/2026-03-01T12:30:00.000Z", "idle-window", 1],
    ]);
    expect(sessions[0]?.credentials.map(({ kind, useCount }) => [kind, useCount])).toEqual([
      ["long-term", 5],
    ]);
  });
});
