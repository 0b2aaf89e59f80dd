import type { TrailEvent } from "./events/event.ts";
import type { GrowingFact } from "./findings/growing.ts";
import type { GroupJudge, SessionGroup } from "./findings/judge.ts";
import { growthBetween, type Sight } from "./findings/sight.ts";
import type { GroupLookup } from "./judging-context.ts";
import { countUses, twinOf, type Beyond } from "./judging-events.ts";
import type { GroupState, ToolCall } from "./sessions/state.ts";
import type { EventStore } from "./sessions/store.ts";

/** What this process remembers of judging a group. */
export interface KnownJudgement {
  readonly judge: GroupJudge;
  readonly of: SessionGroup;
  readonly lookup: GroupLookup;
  readonly sight: Sight;
  readonly beyond: Beyond;
  /** By request id of API calls made through the AWS MCP server: the tool call seen behind each. */
  readonly toolCalls: Map<string, string | null>;
  /** The judged events; null where they are not, or no longer, held. */
  readonly events: TrailEvent[] | null;
  readonly eventCount: number;
}

/** A group as it is now, and what happened since it was judged. */
export interface Onward {
  readonly group: GroupState;
  readonly sight: Sight;
  readonly asOf: number;
  readonly news: readonly TrailEvent[];
  /** Whether anything may have happened to it that is not known: others' doings, marks. */
  readonly isForeign: boolean;
  /** Whether what it issued expired. */
  readonly isExpired: boolean;
}

/**
 * What of earlier events must be judged again: the growing facts that may have changed for them, or
 * all, where more than these did.
 */
export async function growthOf(
  store: EventStore,
  { before, onward, growing }: {
    readonly before: KnownJudgement;
    readonly onward: Onward;
    readonly growing: readonly GrowingFact[];
  },
): Promise<readonly GrowingFact[] | "all"> {
  const { beyond } = before;
  const { news, isForeign, isExpired, group, sight, asOf } = onward;
  if (news.some((event) => beyond.winners.has(twinOf(event) ?? ""))) return "all";
  if (isForeign && await areTwinsOther(store, beyond)) return "all";
  const seen = growthBetween(before.sight, sight, growing);
  if (seen === "all") return "all";
  const uses = new Map(beyond.uses);
  if (isForeign) beyond.uses.clear();
  if (isForeign || isExpired) {
    await countUses({ store }, { issued: beyond.issued.values(), asOf }, beyond);
  }
  const isUsed = [...beyond.uses].some(([key, count]) => uses.get(key) !== count);
  const isCalled = areToolCallsOther(before.toolCalls, group);
  return growing.filter((fact) =>
    seen.includes(fact) ||
    (isUsed && fact.grows.with === "issued") ||
    (isCalled && fact.grows.with === "tool-call"));
}

async function areTwinsOther(store: EventStore, { winners }: Beyond): Promise<boolean> {
  if (winners.size === 0) return false;
  const now = await store.sharedWinners([...winners.keys()]);
  return [...winners].some(([id, key]) => now.get(id) !== key);
}

function areToolCallsOther(known: ReadonlyMap<string, string | null>, group: GroupState): boolean {
  if (known.size === 0) return false;
  const now = new Map(group.tools.entries.map(([id, call]) => [id, textOf(call)]));
  return [...known].some(([id, before]) => (now.get(id) ?? null) !== before);
}

/** Notes the tool calls that a group shows behind events of it. */
export function noteToolCalls(
  toolCalls: Map<string, string | null>,
  { tools }: GroupState,
  events: readonly TrailEvent[],
): void {
  for (const { mcp, requestId } of events) {
    if (mcp?.step !== "call" || requestId === null) continue;
    const found = tools.entries.find(([id]) => id === requestId);
    toolCalls.set(requestId, found === undefined ? null : textOf(found[1]));
  }
}

function textOf(call: ToolCall): string {
  return JSON.stringify(call);
}
