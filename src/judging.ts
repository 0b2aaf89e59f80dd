import { hash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Config } from "./config/schema.ts";
import { correlateAll } from "./detections/correlation-run.ts";
import { expiryGraceMs } from "./facts/session-facts.ts";
import type { TrailEvent } from "./events/event.ts";
import type { Normalise } from "./events/normalise.ts";
import { correlatedPart, correlationGroupKey } from "./findings/correlated.ts";
import { GroupJudge, type JudgeContext } from "./findings/judge.ts";
import { mergeByFinding } from "./findings/merge.ts";
import type { RuleBook } from "./findings/rule-book.ts";
import type { Judgement } from "./findings/store.ts";
import type { RawRecord } from "./records/record.ts";
import { sessionsOf } from "./sessions/derive.ts";
import { issuanceOf } from "./sessions/issued.ts";
import type { GroupState } from "./sessions/state.ts";
import { gatherContexts, type GroupLookup } from "./judging-context.ts";
import type { Store } from "./storage/store.ts";
import { version } from "./version.ts";

export interface Bench {
  readonly store: Store;
  readonly config: Config;
  readonly rules: RuleBook;
  readonly normalise: Normalise;
}

export interface JudgeProgress {
  start(total: number): void;
  advance(done: number, eventCount: number): void;
  stop(): void;
}

/**
 * Groups judged and committed together: enough to share queries, few enough to keep their findings
 * in memory.
 */
const groupsPerPage = 200;

/**
 * Judges every group whose records or context changed, then the correlations over all hits. A
 * finding is a function of what is stored, the rules and the config: judging again changes nothing.
 */
export async function judgeEverything(bench: Bench, progress: JudgeProgress): Promise<void> {
  const { groupCount, lastAt } = await bench.store.counts();
  const asOf = lastAt ?? 0;
  await bench.store.judgeUnder(basisOf(bench));
  await bench.store.sweep(asOf - expiryGraceMs);
  let groups = 0;
  let events = 0;
  progress.start(groupCount);
  try {
    for (;;) {
      const page = await bench.store.dirtyGroups(groupsPerPage);
      if (page.length === 0) break;
      const contexts = await gatherContexts(bench.store, bench.config, page);
      const judgements: Judgement[] = [];
      for (const group of page) {
        judgements.push(await judgeGroup(bench, group, { lookup: contexts(group), asOf }));
        events += group.eventCount;
      }
      await bench.store.judged(judgements);
      groups += page.length;
      progress.advance(groups, events);
      // The store never waits; an interrupt is heard between turns of the event loop only.
      await nextTurn();
    }
    await judgeCorrelations(bench);
  } finally {
    progress.stop();
  }
}

/** What findings rest on beside the records: when it changes, all of them are judged again. */
function basisOf({ rules, config }: Bench): string {
  return hash("sha256", JSON.stringify([version, rules.digest, config]), "hex");
}

async function judgeGroup(
  bench: Bench,
  group: GroupState,
  { lookup, asOf }: { readonly lookup: GroupLookup; readonly asOf: number },
): Promise<Judgement> {
  const sessions = sessionsOf(group, lookup);
  const judge = new GroupJudge({ group, sessions }, bench.rules);
  for await (const records of bench.store.recordsOf(group.key)) {
    const events = eventsOf(records, bench.normalise);
    const context = await blockContext(bench, { events, asOf });
    for (const event of events) judge.add(event, context);
  }
  return judge.finish();
}

/** What is stored was normalised once; a record that no longer is was stored by a later version. */
export function eventsOf(
  records: readonly RawRecord[],
  normalise: Normalise,
): readonly TrailEvent[] {
  return records.flatMap((record) => {
    const outcome = normalise(record);
    return "event" in outcome ? [outcome.event] : [];
  });
}

/**
 * What the events of one block need from beyond their group: uses of what they issued, and twins.
 */
export async function blockContext(
  { store, config }: Pick<Bench, "store" | "config">,
  { events, asOf }: { readonly events: readonly TrailEvent[]; readonly asOf: number },
): Promise<JudgeContext> {
  const issued = new Map(
    events.flatMap((event) => {
      const issuance = issuanceOf(event);
      return issuance === null ? [] : [[event.key, issuance] as const];
    }),
  );
  const uses = issued.size === 0 ? null : await store.usesOf([...issued.values()]);
  const shared = events.flatMap(({ sharedId, principal }) =>
    sharedId === null || principal.kind === "service" ? [] : [sharedId],
  );
  const winners = shared.length === 0 ? null : await store.sharedWinners(shared);
  return {
    config,
    asOf,
    issuedBy: (event) => issued.get(event.key) ?? null,
    usesOf: (issuance) => uses?.get(issuance.eventKey) ?? [],
    isTwinJudged: ({ sharedId, key }) =>
      sharedId === null || (winners?.get(sharedId) ?? key) === key,
  };
}

async function judgeCorrelations({ store, rules }: Bench): Promise<void> {
  const byName = new Map(rules.correlations.map((correlation) => [correlation.name, correlation]));
  const firings = await correlateAll(rules.correlations, (names) => store.hits(names));
  const parts = firings.flatMap((firing) => {
    const correlation = byName.get(firing.correlation);
    return correlation === undefined ? [] : [correlatedPart(correlation, firing)];
  });
  await store.judged([
    { groupKey: correlationGroupKey, sessions: [], parts: mergeByFinding(parts), hits: [] },
  ]);
}
