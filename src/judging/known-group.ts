import type { TrailEvent } from "../events/event.ts";
import type { GrowingFact } from "../findings/growing.ts";
import { isExpired } from "../facts/session-facts.ts";
import type { GroupJudge, JudgeContext, SessionGroup } from "../findings/judge.ts";
import { growthBetween } from "../findings/sight.ts";
import type { GroupLookup } from "./context.ts";
import type { SessionProfiles } from "./session-profiles.ts";
import { countUses, twinOf, type Beyond } from "./beyond.ts";
import type { Issuance } from "../sessions/issuance.ts";
import type { GroupState, ToolCall } from "../sessions/state.ts";
import type { EventStore } from "../sessions/store.ts";

/** What this process remembers of judging a group. */
export interface KnownJudgement {
  readonly judge: GroupJudge;
  readonly of: SessionGroup;
  readonly lookup: GroupLookup;
  readonly profiles: SessionProfiles;
  readonly beyond: Beyond;
  /** By request id of API calls made through the AWS MCP server: the tool call seen behind each. */
  readonly toolCalls: Map<string, string | null>;
  /**
   * Judged events that issued what had not expired, by key, and whether rules that lean on what
   * becomes of it matched them.
   */
  readonly awaiting: Map<string, Awaiting>;
  /** The judged events; null where they are not, or no longer, held. */
  readonly events: TrailEvent[] | null;
  readonly eventCount: number;
}

interface Awaiting {
  readonly event: TrailEvent;
  readonly isMatched: boolean;
}

/** What of earlier events must be judged again. */
export interface Growth {
  /** By these rules all of them. */
  readonly rules: ReadonlySet<string>;
  /** By the rules that lean on what became of issued credentials, these: they never matched. */
  readonly ripe: readonly TrailEvent[];
}

/** A group as it is now, and what happened since it was judged. */
export interface Onward {
  readonly of: SessionGroup;
  readonly asOf: number;
  readonly news: readonly TrailEvent[];
  /** Whether anything may have happened to it that is not known: others' doings, marks. */
  readonly isForeign: boolean;
  /** Whether what it issued expired. */
  readonly isExpired: boolean;
}

/** What of earlier events must be judged again; all, where more than growing facts changed. */
export async function growthOf(
  store: EventStore,
  { before, onward, growing }: {
    readonly before: KnownJudgement;
    readonly onward: Onward;
    readonly growing: readonly GrowingFact[];
  },
): Promise<Growth | "all"> {
  const { beyond, awaiting } = before;
  const { news, isForeign, of, asOf } = onward;
  if (news.some((event) => beyond.winners.has(twinOf(event) ?? ""))) return "all";
  if (isForeign && await areTwinsOther(store, beyond)) return "all";
  const seen = growthBetween(before.of, of, growing);
  if (seen === "all") return "all";
  const isUsed = isForeign && await areUsesOther(store, before.beyond);
  const ripe: Awaiting[] = isForeign || onward.isExpired ? takeRipe(awaiting, beyond, asOf) : [];
  await countUses({ store }, { issued: issuedBy(ripe, beyond), asOf }, beyond);
  const isMatched = ripe.some((each) => each.isMatched);
  const isCalled = areToolCallsOther(before.toolCalls, of.group);
  const changed = growing.filter((fact) =>
    seen.includes(fact) ||
    ((isUsed || isMatched) && fact.grows.with === "issued") ||
    (isCalled && fact.grows.with === "tool-call"));
  return {
    rules: new Set(changed.flatMap(({ rules }) => [...rules])),
    ripe: isUsed || isMatched ? [] : ripe.map(({ event }) => event),
  };
}

/** Events whose credentials have expired; they wait no longer. */
function takeRipe(
  awaiting: Map<string, Awaiting>,
  { issued }: Beyond,
  asOf: number,
): Awaiting[] {
  const ripe: Awaiting[] = [];
  for (const [key, each] of awaiting) {
    const issuance = issued.get(key);
    if (issuance === undefined || !isExpired(issuance, asOf)) continue;
    ripe.push(each);
    awaiting.delete(key);
  }
  return ripe;
}

function issuedBy(ripe: readonly Awaiting[], { issued }: Beyond): readonly Issuance[] {
  return ripe.flatMap(({ event }) => issued.get(event.key) ?? []);
}

/** Counts the uses of what had expired anew. */
async function areUsesOther(store: EventStore, { issued, uses }: Beyond): Promise<boolean> {
  const before = [...uses];
  const counted = before.flatMap(([key]) => issued.get(key) ?? []);
  uses.clear();
  await countUses({ store }, { issued: counted, asOf: Infinity }, { uses });
  return before.some(([key, count]) => uses.get(key) !== count);
}

/** Judges new events, and notes what may later change for them. */
export function takeIn(
  { judge, of, beyond, toolCalls, awaiting }: KnownJudgement,
  { events, context }: { readonly events: readonly TrailEvent[]; readonly context: JudgeContext },
  growing: readonly GrowingFact[],
): void {
  const waiting = issuedRules(growing);
  for (const event of events) {
    const matched = judge.add(event, context);
    const issuance = beyond.issued.get(event.key);
    if (waiting.size === 0 || issuance?.expiresAt == null) continue;
    if (isExpired(issuance, context.asOf)) continue;
    awaiting.set(event.key, { event, isMatched: matched.some((rule) => waiting.has(rule)) });
  }
  noteToolCalls(toolCalls, of.group, events);
}

/** The rules that lean on what became of issued credentials. */
export function issuedRules(growing: readonly GrowingFact[]): ReadonlySet<string> {
  const facts = growing.filter(({ grows }) => grows.with === "issued");
  return new Set(facts.flatMap(({ rules }) => [...rules]));
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
