import type { TrailEvent } from "../events/event.ts";
import { formOf } from "./group.ts";
import { addToLane, laneFrom, newLane, type LaneAccumulator } from "./lane-accumulator.ts";
import { laneOf } from "./lane.ts";
import { accessKeysOf, earlierCall, earliest, smaller } from "./merge.ts";
import { mergePrincipal, principalFacts, richer } from "./principal-facts.ts";
import { bounded, sorted, type Bounded } from "./spans.ts";
import { stateLimits as limits, emptyState } from "./state.ts";
import type { GroupState, Lane, PrincipalFacts, ToolCall } from "./state.ts";
import { Tally } from "./tally.ts";

/** The state of a group's events; `merge` of the states of any split of them is the same. */
export function stateOf(key: string, events: Iterable<TrailEvent>): GroupState {
  const accumulator = newAccumulator(key);
  for (const event of events) addEvent(accumulator, event);
  return toState(accumulator);
}

/** A group's state while a delivery is read: mutable, so that an event costs a few map look-ups. */
export interface Accumulator {
  readonly key: string;
  principal: PrincipalFacts | null;
  principalId: string | null;
  createdAt: number | null;
  firstAt: number;
  lastAt: number;
  eventCount: number;
  isWindowed: boolean;
  readonly access: Tally;
  readonly outcomes: Tally;
  readonly services: Tally;
  readonly regions: Tally;
  readonly operations: Tally;
  readonly superseded: Tally;
  readonly lanes: Map<string, LaneAccumulator>;
  readonly tools: Map<string, ToolCall>;
  readonly mcpCalls: Map<string, string>;
}

export function newAccumulator(key: string): Accumulator {
  return {
    key,
    principal: null,
    principalId: null,
    createdAt: null,
    firstAt: Infinity,
    lastAt: -Infinity,
    eventCount: 0,
    isWindowed: false,
    access: new Tally(limits.closed),
    outcomes: new Tally(limits.closed),
    services: new Tally(limits.services),
    regions: new Tally(limits.regions),
    operations: new Tally(limits.operations),
    superseded: new Tally(limits.superseded),
    lanes: new Map(),
    tools: new Map(),
    mcpCalls: new Map(),
  };
}

export function addEvent(accumulator: Accumulator, event: TrailEvent): void {
  const { at, principal } = event;
  accumulator.eventCount++;
  if (at < accumulator.firstAt) accumulator.firstAt = at;
  if (at > accumulator.lastAt) accumulator.lastAt = at;
  const facts = principalFacts(event);
  accumulator.principal =
    accumulator.principal === null ? facts : mergePrincipal(accumulator.principal, facts);
  accumulator.principalId = richer(accumulator.principalId, principal.id);
  accumulator.createdAt = earliest(accumulator.createdAt, principal.createdAt);
  accumulator.isWindowed ||= formOf(principal) === "long-term";
  accumulator.access.note(event.access, at);
  accumulator.outcomes.note(event.result.outcome, at);
  accumulator.services.note(event.service, at);
  accumulator.regions.note(event.region, at);
  accumulator.operations.note(event.operation, at);
  const replaced = event.addendum?.originalEventId ?? null;
  if (replaced !== null) accumulator.superseded.note(replaced, at);
  const lane = laneOf(event);
  addToLane(laneNamed(accumulator, lane), event);
  if (event.mcp !== null) noteMcp(accumulator, event, lane);
}

function laneNamed({ lanes }: Accumulator, name: string): LaneAccumulator {
  const known = lanes.get(name);
  if (known !== undefined) return known;
  const lane = newLane();
  lanes.set(name, lane);
  return lane;
}

function noteMcp({ tools, mcpCalls }: Accumulator, event: TrailEvent, lane: string): void {
  const { mcp, network, requestId } = event;
  if (mcp?.step === "call" && requestId !== null) {
    mcpCalls.set(requestId, smaller(lane, mcpCalls.get(requestId) ?? lane));
  }
  if (mcp?.step !== "tool") return;
  const call: ToolCall = {
    eventId: event.id,
    at: event.at,
    tool: mcp.tool,
    userAgent: event.userAgent.text,
    network: network.name,
    networkKind: network.kind,
  };
  for (const id of mcp.downstreamRequestIds.slice(0, limits.requests)) {
    tools.set(id, earlierCall(call, tools.get(id) ?? call));
  }
}

export function toState(accumulator: Accumulator): GroupState {
  const { key, principal, isWindowed } = accumulator;
  if (principal === null) return emptyState(key);
  const lanes: readonly (readonly [string, Lane])[] = sorted(accumulator.lanes).map(
    ([name, lane]) => [name, laneFrom(lane, isWindowed)],
  );
  const kept = bounded(lanes, limits.lanes);
  return {
    key,
    principalId: accumulator.principalId,
    createdAt: accumulator.createdAt,
    accessKeyIds: accessKeysOf(kept),
    firstAt: accumulator.firstAt,
    lastAt: accumulator.lastAt,
    eventCount: accumulator.eventCount,
    principal,
    isWindowed,
    access: accumulator.access.toSpans(),
    outcomes: accumulator.outcomes.toSpans(),
    services: accumulator.services.toSpans(),
    regions: accumulator.regions.toSpans(),
    operations: accumulator.operations.toSpans(),
    lanes: kept,
    tools: boundedMap(accumulator.tools),
    mcpCalls: boundedMap(accumulator.mcpCalls),
    superseded: accumulator.superseded.toSpans(),
  };
}

function boundedMap<T>(map: ReadonlyMap<string, T>): Bounded<T> {
  return bounded(sorted(map), limits.requests);
}
