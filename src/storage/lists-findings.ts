import { sql, type Kysely, type RawBuilder } from "kysely";
import type { Finding, FindingPart } from "../findings/finding.ts";
import type {
  Citation, FindingFilter, FindingSort, ListStore, Page, Place, Slice,
} from "../findings/lists.ts";
import { columnText } from "./column-text.ts";
import { levelOf, orderOf } from "./finding-rows.ts";
import { suppressions, toFindings } from "./finding-reads.ts";
import { behind } from "./lists-page.ts";
import type { FindingRow, Tables } from "./schema.ts";

/**
 * Whether a suppression hides a finding is seen when it is read. So many rows are looked through
 * for one page; then it ends, short, and says where to go on.
 */
const rowsAtOnce = 500;
const roundsMax = 8;

/** Citing findings of one page of events; an event has few, and each is read once. */
const citationsMax = 1000;

export function findingLists(
  queries: Kysely<Tables>,
): Pick<ListStore, "listFindings" | "citations"> {
  return {
    listFindings: (filter, sort, slice) => listFindings(queries, { filter, sort, slice }),
    citations: (sessions, eventIds) => citations(queries, sessions, eventIds),
  };
}

interface Asked {
  readonly filter: FindingFilter;
  readonly sort: FindingSort;
  readonly slice: Slice;
}

async function listFindings(
  queries: Kysely<Tables>,
  { filter, sort, slice }: Asked,
): Promise<Page<Finding>> {
  const accepted = await suppressions(queries);
  const items: Finding[] = [];
  let { after } = slice;
  for (let round = 0; round < roundsMax; round += 1) {
    const count = filter.status === undefined ? slice.limit + 1 : rowsAtOnce;
    const rows = await rowsAfter(queries, { filter, sort, slice: { limit: count, after } });
    for (const row of rows) {
      if (items.length === slice.limit) return { items, next: after };
      after = placeOf(row, sort);
      const [finding] = toFindings([row], accepted, filter.asOf);
      const isAsked = filter.status === undefined || finding?.status === filter.status;
      if (finding !== undefined && isAsked) items.push(finding);
    }
    if (rows.length < count) return { items, next: null };
  }
  return { items, next: after };
}

function rowsAfter(
  queries: Kysely<Tables>,
  { filter, sort, slice: { limit, after } }: Asked,
): Promise<FindingRow[]> {
  const query = conditionsOf(filter).reduce(
    (narrower, condition) => narrower.where(condition),
    queries.selectFrom("findings").selectAll().limit(limit),
  );
  if (sort === "-lastEventAt") {
    const latest = query.orderBy("last_at", "desc").orderBy("fingerprint", "desc");
    const rest = after === null ? latest : latest.where(behind(
      ["last_at", "fingerprint"], "<", after));
    return rest.execute();
  }
  const worst = query.orderBy("level_order").orderBy("last_at", "desc").orderBy("fingerprint");
  if (after === null) return worst.execute();
  return worst.where(sql<boolean>`level_order >= ${after[0]}`)
    .where(sql<boolean>`(level_order, -last_at, fingerprint) > (${sql.join([...after])})`)
    .execute();
}

function placeOf({ level_order, last_at, fingerprint }: FindingRow, sort: FindingSort): Place {
  return sort === "level" ? [level_order, -last_at, fingerprint] : [last_at, fingerprint];
}

function conditionsOf(filter: FindingFilter): readonly RawBuilder<boolean>[] {
  const { id, rule, agent, role, account, session, levelMin, status, since, until } = filter;
  const equal = (column: string, text: string | undefined) =>
    text === undefined ? null : sql<boolean>`${sql.ref(column)} = ${columnText(text)}`;
  return [
    id === undefined ? null : sql<boolean>`substr(fingerprint, 1, 16) = ${columnText(id)}`,
    equal("rule", rule),
    equal("agent", agent),
    equal("role_arn", role),
    equal("account", account),
    equal("session_id", session),
    levelMin === undefined ? null : sql<boolean>`level_order <= ${orderOf(levelMin)}`,
    status === undefined ? null : keptAs[status],
    since === undefined ? null : sql<boolean>`last_at >= ${since}`,
    until === undefined ? null : sql<boolean>`first_at < ${until}`,
  ].filter((condition) => condition !== null);
}

/** What is kept of a status; the rest of it, suppressed or not, is seen when it is read. */
const keptAs: Readonly<Record<Finding["status"], RawBuilder<boolean>>> = {
  open: sql`(status = 'open' AND is_withdrawn = 0)`,
  acknowledged: sql`(status = 'acknowledged' AND is_withdrawn = 0)`,
  suppressed: sql`(status <> 'closed' AND is_withdrawn = 0)`,
  closed: sql`(status = 'closed' OR is_withdrawn = 1)`,
};

async function citations(
  queries: Kysely<Tables>,
  sessions: Parameters<ListStore["citations"]>[0],
  eventIds: readonly string[],
): Promise<readonly Citation[]> {
  const groups = JSON.stringify(sessions.map(({ groupKey }) => columnText(groupKey)));
  const ids = JSON.stringify(sessions.map(({ id }) => columnText(id)));
  const wanted = JSON.stringify(eventIds);
  const { rows } = await sql<{ data: string; level_order: number }>`
    SELECT cited.data, findings.level_order FROM (
      SELECT fingerprint, data FROM finding_parts WHERE group_id IN
        (SELECT id FROM groups WHERE key IN (SELECT value FROM json_each(${groups})))
      UNION ALL SELECT fingerprint, data FROM findings
        WHERE session_id IN (SELECT value FROM json_each(${ids})) AND is_withdrawn = 0
    ) AS cited JOIN findings ON findings.fingerprint = cited.fingerprint
    WHERE EXISTS (SELECT 1 FROM json_each(cited.data, '$.evidence') AS evidence
      WHERE json_extract(evidence.value, '$.eventId') IN (SELECT value FROM json_each(${wanted})))
    ORDER BY findings.level_order, cited.fingerprint LIMIT ${citationsMax}`.execute(queries);
  return merged(rows.map(({ data, level_order }) =>
    ({ ...(JSON.parse(data) as FindingPart), level: levelOf(level_order) })));
}

/** A finding of the session and its part in the session's group are one. */
function merged(parts: readonly FindingPart[]): readonly Citation[] {
  const known = new Map<string, Citation>();
  for (const { fingerprint, rule, level, evidence } of parts) {
    const eventIds = evidence.map(({ eventId }) => eventId);
    const before = known.get(fingerprint)?.eventIds ?? [];
    const all = [...new Set([...before, ...eventIds])];
    known.set(fingerprint, { id: fingerprint.slice(0, 16), rule, level, eventIds: all });
  }
  return [...known.values()];
}
