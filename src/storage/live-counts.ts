import { backlogMax, liveMs, type LiveCounts, type LiveSessions } from "../findings/lists.ts";
import { columnText, textOfColumn } from "./column-text.ts";
import { integerIn, textIn, textOrNullIn, type Connection, type Row } from "./connection.ts";
import { openFindings } from "./open-findings.ts";
import { toldUpTo } from "./outbox.ts";

/** Gauges, each along an index. */
export function liveCounts(
  reader: Connection,
  asOf: number,
  receivers: readonly string[],
): LiveCounts {
  return {
    sessions: liveIn(reader, LIVE_SESSIONS, asOf).map((row) => ({
      ...agentIn(row), status: textIn(row, "agent_status") as LiveSessions["status"],
    })),
    credentials: liveIn(reader, LIVE_CREDENTIALS, asOf).map(agentIn),
    storeBytes: pragma(reader, "page_count") * pragma(reader, "page_size"),
    openFindings: openFindings(reader, "rule", asOf),
    backlog: new Map(receivers.map((name) => [name, backlogOf(reader, name, asOf)])),
  };
}

function liveIn(reader: Connection, sql: string, asOf: number): readonly Row[] {
  return reader.all(sql, [asOf, asOf - liveMs]);
}

function agentIn(row: Row): Pick<LiveSessions, "agent" | "count"> {
  const agent = textOrNullIn(row, "agent");
  return { agent: agent === null ? null : textOfColumn(agent), count: integerIn(row, "count") };
}

function pragma(reader: Connection, name: "page_count" | "page_size"): number {
  const [row] = reader.all(`PRAGMA ${name}`, []);
  return row === undefined ? 0 : integerIn(row, name);
}

/** What lives, by these columns: two walks along an index, not one through everything. */
function liveBy(table: "sessions" | "credentials", columns: string): string {
  return `SELECT ${columns}, count(*) AS count FROM (
      SELECT ${columns} FROM ${table} WHERE expires_at > ?
      UNION ALL SELECT ${columns} FROM ${table} WHERE expires_at IS NULL AND last_at > ?)
    GROUP BY ${columns}`;
}

const LIVE_SESSIONS = liveBy("sessions", "agent, agent_status");
const LIVE_CREDENTIALS = liveBy("credentials", "agent");

/** What is told again and again is due for a moment each time: it waits when that lasts. */
const overdueMs = 30_000;

/** In the outbox, and taken from it but overdue. */
function backlogOf(reader: Connection, receiver: string, asOf: number): number {
  const name = columnText(receiver);
  const untold = toldUpTo(reader, receiver) ?? 0;
  const [row] = reader.all(BACKLOG, [untold, name, asOf - overdueMs, backlogMax]);
  return row === undefined ? 0 : integerIn(row, "count");
}

const BACKLOG = `SELECT count(*) AS count FROM (
  SELECT 1 FROM outbox WHERE topic = 'finding' AND seq > ?
  UNION ALL SELECT 1 FROM notices WHERE receiver = ? AND due_at <= ? LIMIT ?)`;

/** Groups that may hold events of this time; null where they hold too many in all. */
export function groupsWithin(
  reader: Connection,
  { since, until }: { readonly since: number; readonly until: number },
  eventCountMax: number,
): readonly string[] | null {
  const [sum] = reader.all(`SELECT coalesce(sum(event_count), 0) AS events ${WITHIN}`,
    [since, until]);
  if (sum === undefined || integerIn(sum, "events") > eventCountMax) return null;
  return reader.all(`SELECT key ${WITHIN} ORDER BY last_at, id`, [since, until])
    .map((row) => textOfColumn(textIn(row, "key")));
}

const WITHIN = "FROM groups WHERE last_at >= ? AND first_at < ?";
