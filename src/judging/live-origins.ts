import { judgeOrigin, originGroupKey } from "../findings/origin-judge.ts";
import { momentOf } from "../findings/origin-moments.ts";
import type { FindingChange } from "../findings/store.ts";
import type { JudgedOrigin } from "../sessions/origin-store.ts";
import type { Bench } from "./bench.ts";
import type { JudgeTime } from "./judge-time.ts";

/** Judged and committed together. */
const originsAtOnce = 100;

/**
 * Judges where events come from, by the rules about sources: whenever an origin was heard in an
 * hour more, or is silent for too long by then. Each as a whole: what it gives stands in the place
 * of what it gave before.
 *
 * Where nobody listens, nothing is judged: an archive ends somewhere, and its gaps may be files
 * that are not there. It is learned from all the same.
 */
export async function judgeOrigins(
  { store, config, rules, normalise }: Bench,
  { sourcesAsOf, announceFrom }: JudgeTime,
): Promise<readonly FindingChange[]> {
  if (sourcesAsOf === undefined) return [];
  const by = Math.max(sourcesAsOf, (await store.originsJudgedBy()) ?? -Infinity);
  const changes: FindingChange[] = [];
  for (;;) {
    const due = await store.dueOrigins(by, originsAtOnce);
    if (due.length === 0) return changes;
    const since = await store.listenedSince(by);
    const lagObjectiveMs = config.arrival.lagObjectiveSeconds * 1000;
    const judged = due.map(({ origin, revision, ...heard }) => {
      const { moment, dueAt } = momentOf(heard, { by, since, lagObjectiveMs });
      const parts = judgeOrigin(origin, moment, { rules, config, normalise });
      const kept: JudgedOrigin = { origin, revision, dueAt };
      const groupKey = originGroupKey(origin);
      return { judgement: { groupKey, sessions: [], parts, hits: [] }, kept };
    });
    const all = await store.judged(judged.map(({ judgement }) => judgement), announceFrom);
    changes.push(...all.changes);
    await store.originsJudged(judged.map(({ kept }) => kept), by);
    if (due.length < originsAtOnce) return changes;
  }
}
