import { runCases, type CaseOutcome } from "./detections/cases-run.ts";
import type { RuleCase, RuleCases } from "./detections/cases.ts";
import type { Normalise } from "./events/normalise.ts";
import type { Finding } from "./findings/finding.ts";
import type { RuleBook } from "./findings/rule-book.ts";
import { LiveJudge } from "./judging/live-judge.ts";
import { ingestParts } from "./pipeline.ts";
import { revocationAsTold } from "./revocations/as-told.ts";
import type { TaskStore } from "./sessions/task-store.ts";
import type { TaskTold } from "./sessions/task-told.ts";
import { openSqliteStore } from "./storage/sqlite.ts";
import type { Store } from "./storage/store.ts";

/**
 * What is judged: records, what was told of tasks, where events came from before, and which
 * revocations were in force.
 */
export type Story = Pick<
  RuleCase, "records" | "tasks" | "revocations" | "activity" | "asOf" | "config"
>;

/** A story through the whole program, in a store that is forgotten: what cases are judged by. */
export async function judgeStory(
  { records, tasks, revocations, activity, asOf, config }: Story,
  { rules, normalise }: { rules: RuleBook; normalise: Normalise },
): Promise<readonly Finding[]> {
  const store = await openSqliteStore({ path: ":memory:" });
  try {
    const batch = {
      records: records.map((record, index) => ({ record, index, offset: 0 })),
      rejections: [],
      others: {},
      skippedCount: 0,
      bytes: 0,
    };
    await ingestParts({ store, normalise }, [
      { delivery: { id: "records", name: "records" }, batch },
    ]);
    for (const told of tasks) await tell(store, told);
    for (const told of revocations) await store.addRevocation(revocationAsTold(told));
    await listen(store, activity, config);
    const judge = new LiveJudge({ store, config, rules, normalise }, { bytesMax: 0 });
    await judge.finish({
      asOf: 0, tasksAsOf: asOf ?? 0, announceFrom: Infinity,
      sourcesAsOf: activity.length > 0 ? (asOf ?? undefined) : undefined,
    });
    const findings: Finding[] = [];
    for await (const page of store.findings()) findings.push(...page);
    return findings;
  } finally {
    await store.close();
  }
}

async function tell(store: TaskStore, { start, credentials, end }: TaskTold): Promise<void> {
  const by = { actor: "case", at: start.startedAt };
  await store.startTask(start, by);
  for (const credential of credentials) await store.tellCredential(start.id, credential);
  if (end !== null) await store.endTask(start.id, end, by);
}

/** As if somebody had listened from the first hour on. */
async function listen(
  store: Store,
  activity: Story["activity"],
  { arrival: { lagObjectiveSeconds } }: Story["config"],
): Promise<void> {
  await store.listenedSince(0);
  await store.ingest((transaction) => transaction.heard(activity.flatMap(({ signs }) => signs)));
  const arrivals = activity.flatMap((each) => each.arrivals);
  for (const each of arrivals) await store.keepArrivals([each], lagObjectiveSeconds * 1000);
}

/** A rule's cases, each judged by the whole program. */
export async function judgeCases(
  cases: RuleCases,
  laws: { rules: RuleBook; normalise: Normalise },
): Promise<readonly CaseOutcome[]> {
  const judged = new Map<RuleCase, readonly Finding[]>();
  for (const one of cases.cases) judged.set(one, await judgeStory(one, laws));
  return runCases(cases, (one) => judged.get(one) ?? []);
}
