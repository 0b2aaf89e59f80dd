import type { Config } from "./config/schema.ts";
import { runCases, type CaseOutcome } from "./detections/cases-run.ts";
import type { RuleCases } from "./detections/cases.ts";
import type { Normalise } from "./events/normalise.ts";
import type { Finding } from "./findings/finding.ts";
import type { RuleBook } from "./findings/rule-book.ts";
import { judgeEverything } from "./judging/judge-everything.ts";
import { ingestParts } from "./pipeline.ts";
import type { RawRecord } from "./records/record.ts";
import { openSqliteStore } from "./storage/sqlite.ts";

const silent = { start: () => undefined, advance: () => undefined, stop: () => undefined };

/**
 * Records through the whole program, in a store that is forgotten: what rule cases are judged by.
 */
export async function judgeRecords(
  records: readonly RawRecord[],
  { config, rules, normalise }: { config: Config; rules: RuleBook; normalise: Normalise },
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
    await judgeEverything({ store, config, rules, normalise }, silent);
    const findings: Finding[] = [];
    for await (const page of store.findings()) findings.push(...page);
    return findings;
  } finally {
    await store.close();
  }
}

/** A rule's cases, each judged by the whole program. */
export async function judgeCases(
  cases: RuleCases,
  { rules, normalise }: { rules: RuleBook; normalise: Normalise },
): Promise<readonly CaseOutcome[]> {
  const judged = new Map<readonly RawRecord[], readonly Finding[]>();
  for (const { records, config } of cases.cases) {
    judged.set(records, await judgeRecords(records, { config, rules, normalise }));
  }
  return runCases(cases, (records) => judged.get(records) ?? []);
}
