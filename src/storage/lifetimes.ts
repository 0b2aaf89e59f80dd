import type { From, IssuedPlace, IssuedWithin, Listed } from "../sessions/lifetime-store.ts";
import type { IssuedCredential, ToldSpan } from "../sessions/lifetimes.ts";
import type { TaskCredential } from "../sessions/task.ts";
import { columnText, textOfColumn } from "./column-text.ts";
import {
  integerIn, integerOrNullIn, jsonIn, textIn, textOrNullIn, type Connection, type Row,
} from "./connection.ts";

/** The last issued first: those told of and those only seen, each along its index. */
export function issuedCredentials(
  connection: Connection,
  { since = 0, until = Number.MAX_SAFE_INTEGER }: IssuedWithin,
  { limit, after }: From<IssuedPlace>,
): Listed<IssuedCredential, IssuedPlace> {
  // Along an index of an expression, only a plain bound is looked up; a row's place is not.
  const last = Math.min(until - 1, after?.issuedAt ?? Infinity);
  const place = after === null ? [until, ""] : [after.issuedAt, columnText(after.accessKeyId)];
  const issues = [TOLD_PAGE, SEEN_PAGE]
    .flatMap((sql) => connection.all(sql, [since, last, ...place, limit]))
    .sort(latestFirst)
    .slice(0, limit);
  const known = credentialsOf(connection, issues.map((row) => textIn(row, "access_key_id")));
  // A key stands at each of its issues, and counts at its first.
  const items = issues.flatMap((row) => {
    const credential = known.get(textIn(row, "access_key_id"));
    return credential?.issuedAt === integerIn(row, "issued_at") ? [credential] : [];
  });
  const end = issues.length < limit ? undefined : issues.at(-1);
  return { items, next: end === undefined ? null : placeOf(end) };
}

export function credentialsOfTask(
  connection: Connection,
  id: string,
  limit: number,
): readonly IssuedCredential[] {
  const keys = connection.all(KEYS_OF_TASK, [columnText(id), limit])
    .map((row) => textIn(row, "access_key_id"));
  return [...credentialsOf(connection, keys).values()]
    .filter(({ taskId, tasks }) => taskId === id || tasks.some((task) => task.id === id))
    .sort((a, b) => b.issuedAt - a.issuedAt || (a.accessKeyId < b.accessKeyId ? 1 : -1));
}

function placeOf(row: Row): IssuedPlace {
  const accessKeyId = textOfColumn(textIn(row, "access_key_id"));
  return { issuedAt: integerIn(row, "issued_at"), accessKeyId };
}

function latestFirst(a: Row, b: Row): number {
  return integerIn(b, "issued_at") - integerIn(a, "issued_at") ||
    (textIn(a, "access_key_id") < textIn(b, "access_key_id") ? 1 : -1);
}

/** By key, as columns have it: as it was told, and as it was seen. */
function credentialsOf(
  connection: Connection,
  keys: readonly string[],
): ReadonlyMap<string, IssuedCredential> {
  const list = JSON.stringify(keys);
  const told = new Map<string, Row[]>();
  for (const row of connection.all(TOLD, [list])) {
    const key = textIn(row, "access_key_id");
    told.set(key, [...(told.get(key) ?? []), row]);
  }
  const seen = new Map(connection.all(SEEN, [list]).map((row) =>
    [textIn(row, "access_key_id"), row] as const));
  const chained = chainedTasks(connection, [...seen.values()]);
  return new Map([...new Set(keys)].flatMap((key) => {
    const credential = credentialOf({
      told: told.get(key) ?? [], seen: seen.get(key) ?? null, chained,
    });
    return credential === null ? [] : [[key, credential] as const];
  }));
}

function credentialOf({ told, seen, chained }: {
  readonly told: readonly Row[];
  readonly seen: Row | null;
  readonly chained: ReadonlyMap<string, ToldSpan>;
}): IssuedCredential | null {
  const [first] = told;
  const any = first ?? seen;
  if (any === null) return null;
  const said = told.map((row) => jsonIn(row) as TaskCredential);
  const tasks = told.length > 0
    ? told.map(spanIn)
    : taskIdsIn(seen).flatMap((id) => chained.get(id) ?? []);
  const expiries = said.map(({ expiresAt }) => expiresAt);
  return {
    accessKeyId: textOfColumn(textIn(any, "access_key_id")),
    agent: textOfColumn(textIn(any, "agent")),
    roleArn: said[0]?.roleArn ?? textOrNull(seen, "role_arn"),
    issuedAt: first === undefined
      ? integerIn(any, "issued_at")
      : Math.min(...said.map(({ issuedAt }) => issuedAt)),
    // AWS's own word on it before that of who asked.
    expiresAt: (seen === null ? null : integerOrNullIn(seen, "expires_at")) ??
      (expiries.length === 0 ? null : Math.max(...expiries)),
    revokedAt: seen === null ? null : integerOrNullIn(seen, "revoked_at"),
    lastAt: seen === null ? null : integerIn(seen, "last_at"),
    tasks,
    taskId: tasks[0]?.id ?? textOrNull(seen, "task_id"),
  };
}

/** The tasks of keys that were asked for with one that was told of. */
function chainedTasks(
  connection: Connection,
  seen: readonly Row[],
): ReadonlyMap<string, ToldSpan> {
  const ids = [...new Set(seen.flatMap(taskIdsIn))];
  if (ids.length === 0) return new Map();
  return new Map(connection.all(SPANS, [JSON.stringify(ids.map(columnText))]).map((row) => {
    const span = spanIn(row);
    return [span.id, span];
  }));
}

function taskIdsIn(seen: Row | null): readonly string[] {
  const ids = seen === null ? null : textOrNullIn(seen, "task_ids");
  return ids === null ? [] : JSON.parse(ids) as readonly string[];
}

function textOrNull(row: Row | null, column: string): string | null {
  const text = row === null ? null : textOrNullIn(row, column);
  return text === null ? null : textOfColumn(text);
}

/** Of one that is lost though no sign of life was promised, nobody knows when it ended. */
function spanIn(row: Row): ToldSpan {
  const isHeard = integerIn(row, "is_heard") === 1;
  const isTold = integerIn(row, "is_told") === 1;
  const endedAt = isTold || isHeard ? integerOrNullIn(row, "ended_at") : null;
  return {
    id: textOfColumn(textIn(row, "task_id")),
    endedAt,
    endedBy: endedAt === null ? null : isTold ? "told" : "silence",
    isHeard,
  };
}

/** @param at when they were issued, as the index has it */
const page = (from: string, at: string): string =>
  `SELECT DISTINCT ${at} AS issued_at, access_key_id FROM ${from}
    AND ${at} >= ? AND ${at} <= ? AND (${at}, access_key_id) < (?, ?)
    ORDER BY ${at} DESC, access_key_id DESC LIMIT ?`;
const TOLD_PAGE = page("task_credentials WHERE 1", "issued_at");
const SEEN_PAGE = page(`credentials WHERE agent IS NOT NULL AND kind = 'temporary'
    AND NOT EXISTS (SELECT 1 FROM task_credentials
      WHERE task_credentials.access_key_id = credentials.access_key_id)`,
"coalesce(issued_at, first_at)");
const SPAN = `tasks.id AS task_id, tasks.ended_at AS ended_at,
  json_extract(tasks.told, '$.start.heartbeatSeconds') IS NOT NULL AS is_heard,
  json_extract(tasks.told, '$.end.at') IS NOT NULL AS is_told`;
const KEYS = "access_key_id IN (SELECT value FROM json_each(?))";
const TOLD = `SELECT access_key_id, task_credentials.data AS data, tasks.agent AS agent, ${SPAN}
  FROM task_credentials JOIN tasks ON tasks.id = task_credentials.task_id WHERE ${KEYS}
  ORDER BY tasks.started_at, tasks.id`;
const SPANS = `SELECT ${SPAN} FROM tasks WHERE id IN (SELECT value FROM json_each(?))
  ORDER BY started_at, id`;
const SEEN = `SELECT access_key_id, max(credentials.agent) AS agent,
  max(credentials.role_arn) AS role_arn, max(credentials.last_at) AS last_at,
  max(credentials.expires_at) AS expires_at,
  min(credentials.revoked_at) AS revoked_at, max(task_ids) AS task_ids,
  min(coalesce(credentials.issued_at, credentials.first_at)) AS issued_at,
  min(sessions.task_id) AS task_id
  FROM credentials LEFT JOIN sessions ON sessions.id = credentials.session_id
    AND sessions.group_id = credentials.group_id
  WHERE ${KEYS} AND credentials.kind = 'temporary' AND credentials.agent IS NOT NULL
  GROUP BY access_key_id`;
const KEYS_OF_TASK = `SELECT access_key_id, max(at) AS at FROM (
    SELECT access_key_id, issued_at AS at FROM task_credentials WHERE task_id = ?1
    UNION ALL SELECT access_key_id, coalesce(credentials.issued_at, credentials.first_at)
      FROM sessions JOIN credentials ON credentials.group_id = sessions.group_id
        AND credentials.session_id = sessions.id
      WHERE sessions.task_id = ?1 AND credentials.kind = 'temporary')
  GROUP BY access_key_id ORDER BY at DESC, access_key_id DESC LIMIT ?2`;
