import {
  liveMs, type Activity, type AgentActivity, type ListStore, type Page, type RoleActivity,
  type Slice,
} from "../findings/lists.ts";
import { textOfColumn } from "./column-text.ts";
import { integerIn, textIn, type Connection, type Row } from "./connection.ts";
import { pageOf, rowsOf } from "./lists-page.ts";
import { openFindings } from "./open-findings.ts";

/**
 * What agents and roles did, summed over their sessions: read from an index that holds the sums'
 * columns, one agent or role after the other, so that a page costs what its own sessions cost.
 */
export function activityLists(reader: Connection): Pick<ListStore, "listAgents" | "listRoles"> {
  return {
    listAgents: (slice, asOf) => Promise.resolve(
      activities<AgentActivity>(reader, { by: "agent", slice, asOf }, (row, activity) => ({
        agent: textOfColumn(textIn(row, "subject")),
        status: textIn(row, "status") as AgentActivity["status"],
        ...activity,
      })),
    ),
    listRoles: (slice, asOf) => Promise.resolve(
      activities<RoleActivity>(reader, { by: "role_arn", slice, asOf }, (row, activity) => ({
        roleArn: textOfColumn(textIn(row, "subject")),
        mode: textIn(row, "mode") as RoleActivity["mode"],
        ...activity,
      })),
    ),
  };
}

interface Asked {
  readonly by: "agent" | "role_arn";
  readonly slice: Slice;
  readonly asOf: number;
}

function activities<T>(
  reader: Connection,
  { by, slice, asOf }: Asked,
  item: (row: Row, activity: Activity) => T,
): Page<T> {
  const [after = ""] = slice.after ?? [];
  const rows = reader.all(SUMS[by], [after, rowsOf(slice)]);
  const subjects = JSON.stringify(rows.map((row) => textIn(row, "subject")));
  const live = new Map(reader.all(liveBy(by), [subjects, asOf, subjects, asOf - liveMs])
    .map((row) => [textIn(row, "subject"), integerIn(row, "count")]));
  const open = openFindings(reader, by, asOf);
  return pageOf(rows, slice, {
    item: (row) => {
      const subject = textIn(row, "subject");
      return item(row, {
        ...sumsIn(row),
        liveCredentialCount: live.get(subject) ?? 0,
        openFindings: open.get(textOfColumn(subject)) ?? {},
      });
    },
    place: (row) => [textIn(row, "subject")],
  });
}

function sumsIn(row: Row): Omit<Activity, "liveCredentialCount" | "openFindings"> {
  return {
    sessionCount: integerIn(row, "sessions"),
    eventCount: integerIn(row, "events"),
    writeCount: integerIn(row, "writes"),
    deniedCount: integerIn(row, "denied"),
    firstAt: integerIn(row, "first_at"),
    lastAt: integerIn(row, "last_at"),
  };
}

const SUM = `count(*) AS sessions, sum(event_count) AS events, sum(write_count) AS writes,
  sum(denied_count) AS denied, min(first_at) AS first_at, max(last_at) AS last_at`;
const SUMS = {
  // Where a name is both an agent's that is declared and one that was discovered: declared.
  agent: `SELECT agent AS subject, min(agent_status) AS status, ${SUM} FROM sessions
    WHERE agent > ? GROUP BY agent ORDER BY agent LIMIT ?`,
  role_arn: `SELECT role_arn AS subject, (SELECT mode FROM sessions AS latest
      WHERE latest.role_arn = sessions.role_arn ORDER BY last_at DESC LIMIT 1) AS mode, ${SUM}
    FROM sessions WHERE role_arn > ? GROUP BY role_arn ORDER BY role_arn LIMIT ?`,
};

/** As in `credentials_by_expiry`: those with a known end, then those without. */
function liveBy(by: Asked["by"]): string {
  const among = `${by} IN (SELECT value FROM json_each(?))`;
  return `SELECT subject, sum(count) AS count FROM (
    SELECT ${by} AS subject, count(*) AS count FROM credentials
      WHERE ${among} AND expires_at > ? GROUP BY ${by}
    UNION ALL SELECT ${by}, count(*) FROM credentials
      WHERE ${among} AND expires_at IS NULL AND last_at > ? GROUP BY ${by}) GROUP BY subject`;
}
