import { correlateAll, raised } from "../detections/correlation-run.ts";
import type { Hit } from "../detections/correlation.ts";
import { correlatedPart } from "../findings/correlated.ts";
import { growingFacts } from "../findings/growing.ts";
import type { FindingPart } from "../findings/finding.ts";
import { mergeByFinding } from "../findings/merge.ts";
import type { Judgement } from "../findings/store.ts";
import { expiryGraceMs } from "../facts/session-facts.ts";
import type { GroupState } from "../sessions/state.ts";
import { BaselineBook } from "./baseline-book.ts";
import { baselineSettings } from "./baseline-settings.ts";
import type { Bench } from "./bench.ts";
import { gatherContexts, type GroupLookup } from "./context.ts";
import { judgeGroup } from "./judge-group.ts";
import type { JudgeProgress } from "./judge-time.ts";

/** Groups whose contexts are gathered together. */
const groupsAtOnce = 200;

/** Told how many groups there are, then how far it is. */
interface ProgressOfAll extends JudgeProgress {
  start(total: number): void;
}

export interface BackTested {
  readonly groupCount: number;
  /** What would have been found first within the time; in no order. */
  readonly parts: readonly FindingPart[];
}

/**
 * What these rules would have found in what is stored, had they been in force: judged as a service
 * judges it, by the baselines as they are stored, and kept nowhere. Rules about what no
 * event tells of, tasks and sources, are left out.
 *
 * @param within ms UTC
 */
export async function backTest(
  bench: Bench,
  within: { readonly from: number; readonly to: number },
  progress: ProgressOfAll,
): Promise<BackTested> {
  const keys = (await bench.store.groupsWithin(within.from, within.to + 1, Infinity)) ?? [];
  const judgements: Pick<Judgement, "parts" | "hits">[] = [];
  const judge = await judgeOf(bench);
  let eventCount = 0;
  progress.start(keys.length);
  for (let i = 0; i < keys.length; i += groupsAtOnce) {
    const groups = await groupsOf(bench, keys.slice(i, i + groupsAtOnce));
    const lookupOf = await gatherContexts(bench.store, bench.config, groups);
    for (const group of groups) {
      const { parts, hits } = await judge(group, lookupOf(group));
      judgements.push({ parts, hits });
      eventCount += group.eventCount;
    }
    progress.advance(Math.min(i + groupsAtOnce, keys.length), eventCount);
  }
  const found = judgements.flatMap((judgement) => judgement.parts);
  const hits = judgements.flatMap((judgement) => judgement.hits);
  const parts = mergeByFinding([...found, ...(await correlated(bench, hits))]);
  const isWithin = ({ firstEventAt }: FindingPart) =>
    firstEventAt >= within.from && firstEventAt <= within.to;
  return { groupCount: keys.length, parts: parts.filter(isWithin) };
}

async function judgeOf(bench: Bench) {
  const { store, config, rules } = bench;
  const baselines = new BaselineBook(store, baselineSettings(config));
  const baselinesVersion = await baselines.refresh();
  const swept = ((await store.sweptBy()) ?? -Infinity) + expiryGraceMs;
  const asOf = Math.max((await store.latestAt()) ?? 0, swept);
  const growing = growingFacts(rules);
  const rest = {
    before: null, news: [], isForeign: false, isExpired: false, isRemembered: false,
    asOf, baselines, baselinesVersion,
  };
  return async (state: GroupState, lookup: GroupLookup): Promise<Judgement> => {
    const marked = { revised: { state, revision: 0 }, lookup, ...rest };
    return (await judgeGroup(bench, marked, growing)).judgement;
  };
}

async function groupsOf({ store }: Bench, keys: readonly string[]): Promise<readonly GroupState[]> {
  const groups = await Promise.all(keys.map((key) => store.group(key)));
  return groups.filter((group) => group !== null);
}

async function correlated(
  { rules: { correlations } }: Bench,
  hits: readonly Hit[],
): Promise<readonly FindingPart[]> {
  const inTime = [...hits].sort((a, b) => a.at - b.at || (a.eventKey < b.eventKey ? -1 : 1));
  const bursts = await correlateAll(correlations, async function* (names) {
    yield await Promise.resolve(inTime.filter(({ rule }) => names.includes(rule)));
  });
  const byName = new Map(correlations.map((each) => [each.name, each]));
  return raised(correlations, bursts).flatMap((firing) => {
    const correlation = byName.get(firing.correlation);
    return correlation === undefined ? [] : [correlatedPart(correlation, firing)];
  });
}
