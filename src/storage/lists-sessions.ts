import { sql, type Kysely, type SelectQueryBuilder } from "kysely";
import {
  liveMs, type CredentialFilter, type LastSort, type ListedCredential, type ListStore, type Page,
  type SessionFilter, type Slice,
} from "../findings/lists.ts";
import type { Credential, Session } from "../sessions/session.ts";
import { columnText, textOfColumn } from "./column-text.ts";
import { behind, pageOf, rowsOf, textOrNull } from "./lists-page.ts";
import type { CredentialRow, SessionRow, Tables } from "./schema.ts";

/** Of one id: a sign-in session goes on under a few issues, or for a few days. */
const sameIdMax = 64;

export function sessionLists(
  queries: Kysely<Tables>,
): Pick<ListStore, "listSessions" | "sessionsById" | "listCredentials"> {
  return {
    listSessions: (filter, sort, slice) => listSessions(queries, { filter, sort, slice }),
    sessionsById: async (id) => {
      const rows = await queries.selectFrom("sessions").select("data")
        .where("id", "=", columnText(id))
        .orderBy("last_at", "desc").orderBy("group_id", "desc").limit(sameIdMax).execute();
      return rows.map(toSession);
    },
    listCredentials: (filter, sort, slice) => listCredentials(queries, { filter, sort, slice }),
  };
}

interface Asked<F> {
  readonly filter: F;
  readonly sort: LastSort;
  readonly slice: Slice;
}

async function listSessions(
  queries: Kysely<Tables>,
  { filter, sort, slice }: Asked<SessionFilter>,
): Promise<Page<Session>> {
  const { direction, comparison } = directionOf(sort);
  let query = chosen(queries.selectFrom("sessions").selectAll(), filter)
    .orderBy("last_at", direction).orderBy("id", direction).orderBy("group_id", direction)
    .limit(rowsOf(slice));
  if (slice.after !== null) {
    query = query.where(behind(["last_at", "id", "group_id"], comparison, slice.after));
  }
  const place = ({ last_at, id, group_id }: SessionRow) => [last_at, id, group_id];
  return pageOf(await query.execute(), slice, { item: toSession, place });
}

async function listCredentials(
  queries: Kysely<Tables>,
  { filter, sort, slice }: Asked<CredentialFilter>,
): Promise<Page<ListedCredential>> {
  const { direction, comparison } = directionOf(sort);
  let query = chosen(queries.selectFrom("credentials").selectAll(), filter)
    .orderBy("last_at", direction).orderBy("access_key_id", direction)
    .orderBy("session_id", direction).orderBy("group_id", direction).limit(rowsOf(slice));
  if (filter.session !== undefined) {
    const id = columnText(filter.session);
    // Its groups have an index; the session's id has none of its own here.
    query = query.where("session_id", "=", id).where("group_id", "in", queries
      .selectFrom("sessions").select("sessions.group_id").where("sessions.id", "=", id));
  }
  if (slice.after !== null) {
    const columns = ["last_at", "access_key_id", "session_id", "group_id"];
    query = query.where(behind(columns, comparison, slice.after));
  }
  return pageOf(await query.execute(), slice, {
    item: toCredential,
    place: (row) => [row.last_at, row.access_key_id, row.session_id, row.group_id],
  });
}

function directionOf(sort: LastSort): { direction: "asc" | "desc"; comparison: "<" | ">" } {
  return sort === "-lastAt"
    ? { direction: "desc", comparison: "<" }
    : { direction: "asc", comparison: ">" };
}

/** Both tables have these columns. */
function chosen<T extends "sessions" | "credentials", O>(
  query: SelectQueryBuilder<Tables, T, O>,
  { agent, role, account, since, until, liveAt }: SessionFilter,
): SelectQueryBuilder<Tables, T, O> {
  const conditions = [
    agent === undefined ? null : sql<boolean>`agent = ${columnText(agent)}`,
    role === undefined ? null : sql<boolean>`role_arn = ${columnText(role)}`,
    account === undefined ? null : sql<boolean>`account = ${columnText(account)}`,
    since === undefined ? null : sql<boolean>`last_at >= ${since}`,
    until === undefined ? null : sql<boolean>`first_at < ${until}`,
    liveAt === undefined ? null : isLive(liveAt),
  ];
  return conditions.reduce((narrower, condition) =>
    condition === null ? narrower : narrower.where(condition), query);
}

/** Not expired; where no end is known, seen within {@link liveMs}. */
function isLive(at: number): ReturnType<typeof sql<boolean>> {
  return sql<boolean>`(expires_at > ${at}
    OR (expires_at IS NULL AND last_at > ${at - liveMs}))`;
}

function toSession({ data }: Pick<SessionRow, "data">): Session {
  return JSON.parse(data) as Session;
}

function toCredential(row: CredentialRow): ListedCredential {
  return {
    accessKeyId: textOfColumn(row.access_key_id),
    kind: row.kind as Credential["kind"],
    sessionId: textOfColumn(row.session_id),
    account: textOrNull(row.account),
    agent: textOrNull(row.agent),
    roleArn: textOrNull(row.role_arn),
    firstAt: row.first_at,
    lastAt: row.last_at,
    expiresAt: row.expires_at,
    useCount: row.use_count,
  };
}
