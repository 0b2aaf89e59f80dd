import { backlogMax, liveMs, type LiveCounts } from "../findings/lists.ts";
import { textOfColumn } from "./column-text.ts";
import { integerIn, textIn, type Connection } from "./connection.ts";
import { openFindings } from "./open-findings.ts";
import { toldUpTo } from "./outbox.ts";

/** Gauges, each from an index alone. */
export function liveCounts(
  reader: Connection,
  asOf: number,
  receivers: readonly string[],
): LiveCounts {
  return {
    sessionCount: liveIn(reader, "sessions", asOf),
    credentialCount: liveIn(reader, "credentials", asOf),
    openFindings: openFindings(reader, "rule", asOf),
    backlog: new Map(receivers.map((name) => [name, backlogOf(reader, name)])),
  };
}

function liveIn(reader: Connection, table: "sessions" | "credentials", asOf: number): number {
  const [row] = reader.all(
    `SELECT (SELECT count(*) FROM ${table} WHERE expires_at > ?) + (SELECT count(*) FROM ${table}
      WHERE expires_at IS NULL AND last_at > ?) AS live`,
    [asOf, asOf - liveMs],
  );
  return row === undefined ? 0 : integerIn(row, "live");
}

function backlogOf(reader: Connection, receiver: string): number {
  const [row] = reader.all(
    `SELECT count(*) AS count FROM (
      SELECT 1 FROM outbox WHERE topic = 'finding' AND seq > ? LIMIT ?)`,
    [toldUpTo(reader, receiver) ?? 0, backlogMax],
  );
  return row === undefined ? 0 : integerIn(row, "count");
}

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
