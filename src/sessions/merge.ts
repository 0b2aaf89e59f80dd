import { accessKeyOf } from "./lane.ts";
import { mergePrincipal, richer } from "./principal-facts.ts";
import { bounded, mergeSorted, mergeSpans, type Bounded } from "./spans.ts";
import { idleGapMs, stateLimits as limits, type Activity } from "./state.ts";
import type { GroupState, Lane, ToolCall } from "./state.ts";

/**
 * Two parts of one group's state as one. Commutative and associative; `emptyState` changes nothing.
 * The events of the parts must be different ones: deduplication comes before.
 */
export function merge(a: GroupState, b: GroupState): GroupState {
  if (a.eventCount === 0) return b;
  if (b.eventCount === 0) return a;
  const isWindowed = a.isWindowed || b.isWindowed;
  const lanes = mergeBounded([a.lanes, b.lanes], limits.lanes, (x: Lane, y) =>
    mergeLane([x, y], isWindowed),
  );
  return {
    key: a.key,
    principalId: richer(a.principalId, b.principalId),
    createdAt: earliest(a.createdAt, b.createdAt),
    accessKeyIds: accessKeysOf(lanes),
    firstAt: Math.min(a.firstAt, b.firstAt),
    lastAt: Math.max(a.lastAt, b.lastAt),
    eventCount: a.eventCount + b.eventCount,
    principal: mergePrincipal(a.principal, b.principal),
    isWindowed,
    access: mergeSpans(a.access, b.access, limits.closed),
    outcomes: mergeSpans(a.outcomes, b.outcomes, limits.closed),
    services: mergeSpans(a.services, b.services, limits.services),
    regions: mergeSpans(a.regions, b.regions, limits.regions),
    operations: mergeSpans(a.operations, b.operations, limits.operations),
    lanes,
    tools: mergeBounded([a.tools, b.tools], limits.requests, earlierCall),
    mcpCalls: mergeBounded([a.mcpCalls, b.mcpCalls], limits.requests, smaller),
    superseded: mergeSpans(a.superseded, b.superseded, limits.superseded),
  };
}

export function accessKeysOf(lanes: Bounded<Lane>): readonly string[] {
  return lanes.entries.map(([lane]) => accessKeyOf(lane)).filter((key) => key !== null);
}

export function earliest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

function mergeBounded<T>(
  [a, b]: readonly [Bounded<T>, Bounded<T>],
  max: number,
  mergeValue: (a: T, b: T) => T,
): Bounded<T> {
  return bounded(mergeSorted(a.entries, b.entries, mergeValue), max, a.overflow || b.overflow);
}

/** One request id named by two tool calls is forged or broken: the earlier stands. */
export function earlierCall(a: ToolCall, b: ToolCall): ToolCall {
  if (a.at !== b.at) return a.at < b.at ? a : b;
  return a.eventId <= b.eventId ? a : b;
}

export function smaller(a: string, b: string): string {
  return a <= b ? a : b;
}

function mergeLane([a, b]: readonly [Lane, Lane], isWindowed: boolean): Lane {
  return {
    kind: a.kind < b.kind ? a.kind : b.kind,
    windows: mergeWindows([...a.windows, ...b.windows], isWindowed),
    networks: mergeSpans(a.networks, b.networks, limits.networks),
    userAgents: mergeSpans(a.userAgents, b.userAgents, limits.userAgents),
    credentialSources: mergeSpans(
      a.credentialSources,
      b.credentialSources,
      limits.credentialSources,
    ),
    hostIds: mergeSpans(a.hostIds, b.hostIds, limits.hostIds),
    signInSessions: mergeSpans(a.signInSessions, b.signInSessions, limits.signInSessions),
  };
}

/**
 * Stretches of activity without a gap. Clusters on a line whose neighbours are closer than the gap:
 * merging clusters of parts gives the clusters of the whole, whichever the parts.
 */
export function mergeWindows(
  windows: readonly Activity[],
  isWindowed: boolean,
): readonly Activity[] {
  const merged: Activity[] = [];
  for (const window of [...windows].sort((a, b) => a.firstAt - b.firstAt || a.lastAt - b.lastAt)) {
    const last = merged.at(-1);
    const joins = last !== undefined && (!isWindowed || window.firstAt - last.lastAt < idleGapMs);
    if (joins) merged[merged.length - 1] = mergeActivity(last, window);
    else merged.push(window);
  }
  return merged;
}

export function mergeActivity(a: Activity, b: Activity): Activity {
  return {
    firstAt: Math.min(a.firstAt, b.firstAt),
    lastAt: Math.max(a.lastAt, b.lastAt),
    eventCount: a.eventCount + b.eventCount,
    access: mergeSpans(a.access, b.access, limits.closed),
    outcomes: mergeSpans(a.outcomes, b.outcomes, limits.closed),
    secrets: mergeSpans(a.secrets, b.secrets, limits.secrets),
    families: mergeSpans(a.families, b.families, limits.families),
    fingerprints: mergeSpans(a.fingerprints, b.fingerprints, limits.fingerprints),
    userAgents: mergeSpans(a.userAgents, b.userAgents, limits.userAgents),
  };
}
