import type { Arrival, DueOrigin, JudgedOrigin, OriginStore } from "../sessions/origin-store.ts";
import { daysHeard, dayMs, type HeardDay, type Origin, type Sign } from "../sessions/origin.ts";
import { columnText, textOfColumn } from "./column-text.ts";
import { integerIn, textIn, type Connection, type Parameter } from "./connection.ts";
import type { Engine } from "./sqlite-store.ts";

/** What was heard so long before something that is kept teaches what was usual then. */
const learningMs = 30 * dayMs;

export function originStore({ writer, reader }: Engine): OriginStore {
  const { connection } = writer;
  return {
    dueOrigins: (by, limit) => Promise.resolve(dueOrigins(reader, by, limit)),
    originsJudged: (judged, by) =>
      writer.transaction(() => { originsJudged(connection, judged, by); }),
    originsJudgedBy: () => Promise.resolve(metaIn(reader, "origins_judged_by")),
    listenedSince: async (at) => metaIn(reader, "listened_since") ??
      await writer.transaction(() => {
        connection.run(KEEP_FIRST, [String(at)]);
        return metaIn(connection, "listened_since") ?? at;
      }),
    keepArrivals: async (arrivals, objectiveMs) => {
      // Mostly all come in time: no need of the write lock then.
      const worth = arrivals.filter((each) => isKept(reader, each, objectiveMs));
      if (worth.length === 0) return;
      await writer.transaction(() => {
        for (const each of worth) keepArrival(connection, each);
      });
    },
  };
}

/** Within a transaction: marks the origins that were heard in an hour more. */
export function keepHeard(connection: Connection, signs: Iterable<Sign>): void {
  for (const { day, hours, ...origin } of daysHeard(signs)) {
    const key = keyOf(origin);
    if (connection.run(HEARD, [...key, day, hours]) > 0) connection.run(MARK, key);
  }
}

export function forgetOrigins(connection: Connection, before: number): void {
  const day = Math.floor((before - learningMs) / dayMs);
  connection.run("DELETE FROM origin_days WHERE day < ?", [day]);
  connection.run("DELETE FROM origin_arrivals WHERE at < ?", [before]);
  connection.run(FORGET_UNHEARD, []);
}

function dueOrigins(connection: Connection, by: number, limit: number): readonly DueOrigin[] {
  return connection.all(DUE, [by, limit]).map((row) => {
    const key = [textIn(row, "account"), textIn(row, "region")];
    const [account = "", region = ""] = key.map(textOfColumn);
    return {
      origin: { account, region },
      revision: integerIn(row, "revision"),
      days: connection.all(DAYS, key).map((each): HeardDay =>
        ({ day: integerIn(each, "day"), hours: integerIn(each, "hours") })),
      arrivals: connection.all(ARRIVALS, key).map((each): Arrival =>
        ({ at: integerIn(each, "at"), lagMs: integerIn(each, "lag_ms") })),
    };
  });
}

function originsJudged(connection: Connection, judged: readonly JudgedOrigin[], by: number): void {
  for (const { origin, revision, dueAt } of judged) {
    connection.run(JUDGED, [dueAt, ...keyOf(origin), revision]);
  }
  connection.run(KEEP_BY, [String(by)]);
}

function isKept(
  connection: Connection,
  { lagMs, ...origin }: Origin & Arrival,
  objectiveMs: number,
): boolean {
  if (lagMs > objectiveMs) return true;
  const [last] = connection.all(LAST_ARRIVAL, keyOf(origin));
  return last !== undefined && integerIn(last, "lag_ms") > objectiveMs;
}

function keepArrival(connection: Connection, { at, lagMs, ...origin }: Origin & Arrival): void {
  const key = keyOf(origin);
  if (connection.run(ARRIVED, [...key, at, lagMs]) > 0) connection.run(MARK, key);
}

function keyOf({ account, region }: Origin): readonly Parameter[] {
  return [columnText(account), columnText(region)];
}

function metaIn(connection: Connection, key: string): number | null {
  const [row] = connection.all("SELECT value FROM meta WHERE key = ?", [key]);
  return row === undefined ? null : Number(textIn(row, "value"));
}

const HEARD = `INSERT INTO origin_days (account, region, day, hours) VALUES (?, ?, ?, ?)
  ON CONFLICT (account, region, day) DO UPDATE SET hours = origin_days.hours | excluded.hours
    WHERE origin_days.hours | excluded.hours <> origin_days.hours`;
const ARRIVED = `INSERT INTO origin_arrivals (account, region, at, lag_ms) VALUES (?, ?, ?, ?)
  ON CONFLICT (account, region, at) DO UPDATE SET lag_ms = excluded.lag_ms
    WHERE excluded.lag_ms < origin_arrivals.lag_ms`;
const MARK = `INSERT INTO origins (account, region) VALUES (?, ?)
  ON CONFLICT (account, region) DO UPDATE SET dirty = 1, revision = origins.revision + 1`;
const DUE = `SELECT account, region, revision FROM origins WHERE dirty = 1 OR due_at <= ?
  ORDER BY account, region LIMIT ?`;
const DAYS = "SELECT day, hours FROM origin_days WHERE account = ? AND region = ? ORDER BY day";
const ARRIVALS = `SELECT at, lag_ms FROM origin_arrivals WHERE account = ? AND region = ?
  ORDER BY at`;
const LAST_ARRIVAL = `SELECT lag_ms FROM origin_arrivals WHERE account = ? AND region = ?
  ORDER BY at DESC LIMIT 1`;
const JUDGED = `UPDATE origins SET dirty = 0, due_at = ?
  WHERE account = ? AND region = ? AND revision = ?`;
const KEEP_BY = `INSERT INTO meta (key, value) VALUES ('origins_judged_by', ?)
  ON CONFLICT (key) DO UPDATE SET
    value = max(CAST(meta.value AS INTEGER), CAST(excluded.value AS INTEGER))`;
const KEEP_FIRST = `INSERT INTO meta (key, value) VALUES ('listened_since', ?)
  ON CONFLICT (key) DO NOTHING`;
const FORGET_UNHEARD = `DELETE FROM origins WHERE NOT EXISTS (SELECT 1 FROM origin_days
  WHERE origin_days.account = origins.account AND origin_days.region = origins.region)`;
