import { keepsFromLearning } from "../baselines/learning.ts";
import type {
  BaselineStore, ComparedFilter, ComparedSession, KnownSubject,
} from "../baselines/store.ts";
import { subjectKey } from "../baselines/subject.ts";
import { ofRoleAndAgent, placingIn, subjectIn } from "./baseline-rows.ts";
import { contributionIn } from "./baselines.ts";
import { blemishReader, type BlemishReader } from "./blemishes.ts";
import { textOfColumn } from "./column-text.ts";
import { integerIn, integerOrNullIn, textIn, type Connection, type Row } from "./connection.ts";
import type { Engine } from "./sqlite-store.ts";

type Reads = Pick<BaselineStore, "baselineSubjects" | "comparedSessions" | "sessionsSince">;

/** What people and gauges are shown of baselines, beside the pasts themselves. */
export function baselineReads({ reader }: Engine): Reads {
  return {
    baselineSubjects: () => Promise.resolve(knownSubjects(reader)),
    comparedSessions: (filter) => Promise.resolve(comparedSessions(reader, filter)),
    sessionsSince: (since, limit) => Promise.resolve(
      reader.all(SINCE, [Math.floor(since / dayMs), since, limit]).flatMap((row) => {
        const contribution = contributionIn(row);
        const [subject, placing] = [subjectIn(row), placingIn(row)];
        return contribution === null ? [] : [{ subject, contribution, placing }];
      }),
    ),
  };
}

/** One for a role and an agent, of whatever kinds it was taken for: the latest is told. */
function knownSubjects(reader: Connection): readonly KnownSubject[] {
  const known = new Map<string, KnownSubject>();
  for (const row of reader.all(SUBJECTS, [])) {
    const subject = subjectIn(row);
    const key = subjectKey(subject);
    const resets = [integerOrNullIn(row, "from_day"), known.get(key)?.from ?? null]
      .filter((day) => day !== null);
    known.set(key, { subject, from: resets.length === 0 ? null : Math.max(...resets) });
  }
  return [...known].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

function comparedSessions(
  reader: Connection,
  { subject, fromDay, limit, isHeld = false }: ComparedFilter,
): readonly ComparedSession[] {
  const blemishes = blemishReader(reader);
  const of = [subject.role, subject.agent, fromDay];
  if (!isHeld) return reader.all(LATEST, [...of, limit]).map((row) => sessionIn(row, blemishes));
  // Few have findings, and of those that have, most are held.
  return reader.all(BLEMISHED, of)
    .map((row) => sessionIn(row, blemishes))
    .filter(({ heldBy }) => heldBy.length > 0)
    .slice(0, limit);
}

function sessionIn(row: Row, blemishes: BlemishReader): ComparedSession {
  return {
    sessionId: textOfColumn(textIn(row, "session_id")),
    day: integerIn(row, "day"),
    placing: placingIn(row),
    score: integerOrNullIn(row, "score"),
    heldBy: blemishes(row).filter(keepsFromLearning).map(({ fingerprint, rule, level }) =>
      ({ id: fingerprint.slice(0, 16), rule, level })),
  };
}

const dayMs = 86_400_000;

const SUBJECTS = `SELECT data AS subject, from_day, max(
    coalesce((SELECT max(day) FROM baseline_sessions WHERE subject_id = id), 0),
    coalesce((SELECT max(day) FROM baseline_days WHERE subject_id = id), 0),
    coalesce((SELECT max(day) FROM baseline_imports WHERE subject_id = id), 0)) AS latest
  FROM baseline_subjects WHERE latest > 0 ORDER BY latest, data`;
const COMPARED = `SELECT * FROM baseline_sessions
  WHERE subject_id IN (SELECT id FROM baseline_subjects WHERE ${ofRoleAndAgent}) AND day >= ?`;
const LATEST = `${COMPARED} ORDER BY day DESC, session_id LIMIT ?`;
const BLEMISHED = `${COMPARED} AND blemishes IS NOT NULL ORDER BY day DESC, session_id`;
const SINCE = `SELECT baseline_sessions.*, baseline_subjects.data AS subject FROM baseline_sessions
  JOIN baseline_subjects ON baseline_subjects.id = baseline_sessions.subject_id
  JOIN sessions ON sessions.id = baseline_sessions.session_id
  WHERE day >= ? AND sessions.first_at >= ? ORDER BY sessions.first_at DESC LIMIT ?`;
