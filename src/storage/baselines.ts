import { bucketFrom, bytesOf, digestOf, textOf } from "../baselines/bucket-bytes.ts";
import { contributionFrom } from "../baselines/contribution-text.ts";
import {
  bucketOf, emptyBucket, mergeBuckets, type Contribution, type DayBucket,
} from "../baselines/day-bucket.ts";
import { isLearned } from "../baselines/learning.ts";
import type { Past } from "../baselines/levels.ts";
import type { BaselineStore, LearningStep } from "../baselines/store.ts";
import type { Subject } from "../baselines/subject.ts";
import { markBucket, placingColumns, placingIn, subjectIn } from "./baseline-rows.ts";
import { BucketCache } from "./bucket-cache.ts";
import { blemishReader, type BlemishReader } from "./blemishes.ts";
import { textOfColumn } from "./column-text.ts";
import type { Connection, Row } from "./connection.ts";
import { bytesIn, integerIn, integerOrNullIn, textIn, textOrNullIn } from "./connection.ts";
import { addCount } from "./counters.ts";
import type { Engine } from "./sqlite-store.ts";

/** Buckets made, and sessions compared, in one transaction: other writers wait for it. */
const bucketsAtOnce = 20;
const sessionsAtOnce = 500;

type Learning = Pick<
  BaselineStore, "baselinesVersion" | "pasts" | "nextLearning" | "learn" | "compare"
>;

export function baselineStore({ writer, reader }: Engine): Learning {
  const { connection } = writer;
  const buckets = new BucketCache();
  return {
    baselinesVersion: () => Promise.resolve(versionOf(reader)),
    pasts: (from, until) => Promise.resolve(pastsOf(reader, buckets, { from, until })),
    nextLearning: (beforeDay) => Promise.resolve(nextStep(reader, beforeDay)),
    learn: async (day, windowDays) => {
      let made = bucketsAtOnce;
      while (made === bucketsAtOnce) {
        made = await writer.transaction(() => makeBuckets(connection, day, windowDays));
      }
    },
    compare: async ({ day, version }, again) => {
      const [stale] = reader.all("SELECT version FROM baseline_stale WHERE day = ?", [day]);
      const staleVersion = stale === undefined ? 0 : integerIn(stale, "version");
      for (let after: string | null = ""; after !== null;) {
        const from: string = after;
        const next = await writer.transaction(() => versionOf(connection) === version
          ? comparePage(connection, { day, after: from }, again)
          : undefined);
        if (next === undefined) return false;
        after = next;
      }
      await writer.transaction(() => connection.run(FRESH, [day, staleVersion]));
      return true;
    },
  };
}

export function versionOf(connection: Connection): number {
  const [row] = connection.all(VERSION, []);
  return row === undefined ? 0 : integerIn(row, "value");
}

function nextStep(connection: Connection, beforeDay: number | null): LearningStep | null {
  const [row] = connection.all(NEXT, [beforeDay, beforeDay]);
  const learn = row === undefined ? null : integerOrNullIn(row, "learn");
  const compare = row === undefined ? null : integerOrNullIn(row, "compare");
  // What that day's sessions score is what their bucket holds.
  if (compare !== null && (learn === null || compare <= learn)) {
    return { what: "compare", day: compare };
  }
  return learn === null ? null : { what: "learn", day: learn };
}

function pastsOf(
  connection: Connection,
  buckets: BucketCache,
  { from, until }: { readonly from: number; readonly until: number },
): readonly Past[] {
  const pasts = new Map<number, Past & { readonly days: Map<number, DayBucket> }>();
  const note = (row: Row, bucket: DayBucket | null) => {
    if (bucket === null) return;
    const id = integerIn(row, "id");
    const past = pasts.get(id) ??
      { subject: subjectIn(row), days: new Map(), from: integerOrNullIn(row, "from_day") };
    pasts.set(id, past);
    past.days.set(integerIn(row, "day"), bucket);
  };
  const own = connection.all(OWN, [from, until]);
  for (const [i, bucket] of buckets.read(connection, own).entries()) {
    const row = own[i];
    if (row !== undefined) note(row, bucket);
  }
  for (const row of connection.all(IMPORTED, [from, until])) {
    note(row, bucketFrom(bytesIn(row, "data")));
  }
  return [...pasts.values()]
    .sort((a, b) => (orderOf(a.subject) < orderOf(b.subject) ? -1 : 1));
}

function orderOf({ role, agent, kind }: Subject): string {
  return JSON.stringify([role, agent, kind]);
}

/** Makes some of a day's marked buckets; how many. */
function makeBuckets(connection: Connection, day: number, windowDays: number): number {
  const marked = connection.all(MARKED, [day, bucketsAtOnce]);
  const blemishes = blemishReader(connection);
  let changed = 0;
  for (const row of marked) {
    const subjectId = integerIn(row, "subject_id");
    const place = { subjectId, day };
    if (keepBucket(connection, place, learnedIn(connection, place, blemishes))) changed += 1;
    connection.run("DELETE FROM baseline_marks WHERE day = ? AND subject_id = ?", [day, subjectId]);
  }
  if (changed > 0) outdate(connection, day, windowDays);
  return marked.length;
}

/** What was learned on a day is other than it was. */
export function outdate(connection: Connection, day: number, windowDays: number): void {
  addCount(connection, { name: "baselines", label: "" }, 1);
  connection.run(STALE, [versionOf(connection), day, day + windowDays]);
}

interface Place {
  readonly subjectId: number;
  readonly day: number;
}

/** A page at a time: a busy role's day is tens of thousands of sessions. */
function learnedIn(
  connection: Connection,
  { subjectId, day }: Place,
  blemishes: BlemishReader,
): DayBucket {
  let bucket = emptyBucket;
  for (let after = ""; ;) {
    const rows = connection.all(OF_BUCKET, [subjectId, day, after, sessionsAtOnce]);
    const learned = rows.filter((row) => isLearned(blemishes(row)));
    bucket = mergeBuckets(bucket, bucketOf(learned.flatMap((row) => contributionIn(row) ?? [])));
    const last = rows.at(-1);
    if (last === undefined || rows.length < sessionsAtOnce) return bucket;
    after = textIn(last, "session_id");
  }
}

/** Whether it differs from the one before. */
function keepBucket(
  connection: Connection,
  { subjectId, day }: Place,
  bucket: DayBucket,
): boolean {
  const [before] = connection.all(DIGEST, [subjectId, day]);
  if (bucket.sessions === 0) {
    if (before !== undefined) connection.run(FORGET_BUCKET, [subjectId, day]);
    return before !== undefined;
  }
  const text = textOf(bucket);
  const digest = digestOf(text);
  if (before !== undefined && textIn(before, "digest") === digest) return false;
  connection.run(KEEP_BUCKET, [subjectId, day, digest, bytesOf(text)]);
  return true;
}

export function contributionIn(row: Row): Contribution | null {
  const [score, scoreAbove] = [integerOrNullIn(row, "score"), integerOrNullIn(row, "score_above")];
  return contributionFrom(textIn(row, "data"), { score, scoreAbove });
}

/** The last session compared; null when all were. */
function comparePage(
  connection: Connection,
  { day, after }: { readonly day: number; readonly after: string },
  again: Parameters<BaselineStore["compare"]>[1],
): string | null {
  const rows = connection.all(OF_DAY, [day, after, sessionsAtOnce]);
  for (const row of rows) {
    const contribution = contributionIn(row);
    if (contribution === null) continue;
    const id = textIn(row, "session_id");
    const subject = subjectIn(row);
    const { sight, placing, score, scoreAbove } =
      again({ sessionId: textOfColumn(id), subject, contribution });
    const isScored = score !== contribution.score || scoreAbove !== contribution.scoreAbove;
    const placed = placingColumns(placing);
    if (isScored || placed.join() !== placingColumns(placingIn(row)).join()) {
      connection.run(RESCORE, [score, scoreAbove, ...placed, id]);
    }
    if (isScored) markBucket(connection, day, integerIn(row, "subject_id"));
    if (textOrNullIn(row, "sight") !== sight) {
      connection.run(MARK_GROUP, [integerIn(row, "group_id")]);
    }
  }
  const last = rows.at(-1);
  return last === undefined || rows.length < sessionsAtOnce ? null : textIn(last, "session_id");
}

const VERSION = "SELECT value FROM counters WHERE name = 'baselines' AND label = ''";
const NEXT = `SELECT (SELECT min(day) FROM baseline_marks
    WHERE day < coalesce(?, (SELECT max(day) FROM baseline_sessions))) AS learn,
  (SELECT min(day) FROM baseline_stale WHERE day < coalesce(?, 1e9)) AS compare`;
const OWN = `SELECT baseline_subjects.id, baseline_subjects.data AS subject, from_day, day, digest
  FROM baseline_days JOIN baseline_subjects ON baseline_subjects.id = subject_id
  WHERE day >= ? AND day < ?`;
// They stand in for days on which nothing was learned here.
const IMPORTED = `SELECT baseline_subjects.id, baseline_subjects.data AS subject, from_day, day,
    baseline_imports.data
  FROM baseline_imports JOIN baseline_subjects ON baseline_subjects.id = subject_id
  WHERE day >= ? AND day < ? AND NOT EXISTS (SELECT 1 FROM baseline_days AS own
    WHERE own.subject_id = baseline_imports.subject_id AND own.day = baseline_imports.day)`;
const MARKED = "SELECT subject_id FROM baseline_marks WHERE day = ? ORDER BY subject_id LIMIT ?";
const OF_BUCKET = `SELECT * FROM baseline_sessions WHERE subject_id = ? AND day = ?
  AND session_id > ? ORDER BY session_id LIMIT ?`;
const STALE = `INSERT INTO baseline_stale (day, version)
  SELECT DISTINCT day, ? FROM baseline_sessions WHERE day > ? AND day <= ?
  ON CONFLICT (day) DO UPDATE SET version = excluded.version`;
const FRESH = "DELETE FROM baseline_stale WHERE day = ? AND version = ?";
const DIGEST = "SELECT digest FROM baseline_days WHERE subject_id = ? AND day = ?";
const FORGET_BUCKET = "DELETE FROM baseline_days WHERE subject_id = ? AND day = ?";
const KEEP_BUCKET = `INSERT OR REPLACE INTO baseline_days (subject_id, day, digest, data)
  VALUES (?, ?, ?, ?)`;
const OF_DAY = `SELECT baseline_sessions.*, baseline_subjects.data AS subject FROM baseline_sessions
  JOIN baseline_subjects ON baseline_subjects.id = baseline_sessions.subject_id
  WHERE day = ? AND session_id > ? ORDER BY session_id LIMIT ?`;
const RESCORE = `UPDATE baseline_sessions SET score = ?, score_above = ?, p_value = ?,
  is_unusual = ?, confidence = ? WHERE session_id = ?`;
const MARK_GROUP = `UPDATE groups SET dirty = 1, revision = revision + 1
  WHERE id = ? AND dirty = 0 AND state IS NOT NULL`;

/** The longest window a config may ask for: what is judged at all may look so far back. */
const windowDaysMax = 90;

/** Forgets what no session that is kept is compared with. */
export function forgetLearned(connection: Connection, before: number): void {
  const day = Math.floor(before / 86_400_000) - windowDaysMax;
  for (const statement of FORGET_LEARNED) connection.run(statement, [day]);
}

const FORGET_LEARNED = [
  "DELETE FROM baseline_sessions WHERE day < ?",
  "DELETE FROM baseline_days WHERE day < ?",
  "DELETE FROM baseline_imports WHERE day < ?",
  "DELETE FROM baseline_marks WHERE day < ?",
  "DELETE FROM baseline_stale WHERE day < ?",
];
