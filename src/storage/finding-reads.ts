import type { Kysely, SelectQueryBuilder } from "kysely";
import { sql } from "kysely";
import type { Hit } from "../detections/correlation.ts";
import type { Finding, FindingPart, Suppression, Verdict } from "../findings/finding.ts";
import type { FindingStore } from "../findings/store.ts";
import { columnText, textOfColumn } from "./column-text.ts";
import type { FindingRow, Tables } from "./schema.ts";
import { isSuppressed } from "./suppressed.ts";

type FindingReads = Pick<
  FindingStore,
  "hits" | "revisionOf" | "findings" | "finding" | "suppressions"
>;

const pageRows = 500;
/** How much of the fingerprint is the id people type. */
const idLength = 16;

/** What is read of findings, page by page: nothing stays open between pages. */
export function findingReads(queries: Kysely<Tables>): FindingReads {
  return {
    hits: (ruleIds) => hits(queries, ruleIds),
    revisionOf: async (groupKey) => {
      const found = await queries.selectFrom("groups").select("revision")
        .where("key", "=", columnText(groupKey)).executeTakeFirst();
      return found?.revision ?? 0;
    },
    findings: (asOf) => findings(queries, asOf),
    finding: async (idPrefix, asOf) => {
      const prefix = columnText(idPrefix);
      const rows = await ranked(queries)
        .where("fingerprint", ">=", prefix)
        .where("fingerprint", "<", `${prefix}\u{10ffff}`)
        .execute();
      return toFindings(rows, await suppressions(queries), asOf);
    },
    suppressions: () => suppressions(queries),
  };
}

async function* hits(
  queries: Kysely<Tables>,
  ruleIds: readonly string[],
): AsyncGenerator<readonly Hit[]> {
  const query = queries.selectFrom("hits").selectAll()
    .where("rule", "in", ruleIds.map(columnText))
    .orderBy("at").orderBy("event_key").orderBy("rule").limit(pageRows);
  for (let page = await query.execute(); page.length > 0; ) {
    yield page.map((row) => JSON.parse(row.data) as Hit);
    const last = page.at(-1);
    if (last === undefined) return;
    const place = [last.at, last.event_key, last.rule];
    const after = sql<boolean>`(at, event_key, rule) > (${sql.join(place)})`;
    page = await query.where(after).execute();
  }
}

async function* findings(
  queries: Kysely<Tables>,
  asOf: number | undefined,
): AsyncGenerator<readonly Finding[]> {
  const query = ranked(queries).limit(pageRows);
  for (let page = await query.execute(); page.length > 0; ) {
    yield toFindings(page, await suppressions(queries), asOf);
    const last = page.at(-1);
    if (last === undefined) return;
    const place = [last.level_order, -last.last_at, last.fingerprint];
    const after = sql<boolean>`(level_order, -last_at, fingerprint) > (${sql.join(place)})`;
    page = await query.where(after).execute();
  }
}

function ranked(queries: Kysely<Tables>): SelectQueryBuilder<Tables, "findings", FindingRow> {
  return queries.selectFrom("findings").selectAll()
    .orderBy("level_order").orderBy("last_at", "desc").orderBy("fingerprint");
}

export async function suppressions(queries: Kysely<Tables>): Promise<readonly Suppression[]> {
  const rows = await queries.selectFrom("suppressions").select("data")
    .orderBy("created_at").orderBy("id").execute();
  return rows.map(({ data }) => JSON.parse(data) as Suppression);
}

export function toFindings(
  rows: readonly FindingRow[],
  suppressions: readonly Suppression[],
  asOf: number | undefined,
): readonly Finding[] {
  return rows.map((row) => findingOf(row, suppressions, asOf));
}

/** @param asOf absent: when the finding's own last event happened */
export function findingOf(
  row: FindingRow,
  suppressions: readonly Suppression[],
  asOf?: number,
): Finding {
  const part = JSON.parse(row.data) as FindingPart;
  const isHidden = row.status !== "closed" && isSuppressed(
    part, suppressions, asOf ?? part.lastEventAt,
  );
  const shown = {
    ...part,
    id: part.fingerprint.slice(0, idLength),
    note: row.note === null ? null : textOfColumn(row.note),
  };
  if (row.is_withdrawn === 1) return { ...shown, status: "closed", verdict: "withdrawn" };
  return {
    ...shown,
    status: isHidden ? "suppressed" : row.status,
    verdict: row.verdict as Verdict | null,
  };
}
