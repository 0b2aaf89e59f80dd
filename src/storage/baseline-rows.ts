import { contributionText } from "../baselines/contribution-text.ts";
import type { Placing } from "../baselines/placing.ts";
import type { Learnable } from "../baselines/store.ts";
import type { Subject } from "../baselines/subject.ts";
import { columnText } from "./column-text.ts";
import type { Connection, Parameter, Row } from "./connection.ts";
import { integerIn, integerOrNullIn, textIn } from "./connection.ts";

/** What of a judged group is learned: all of its sessions, or those of them that changed. */
export interface Learned {
  readonly groupId: number;
  readonly isAddition: boolean;
  readonly learnables: readonly Learnable[];
}

/**
 * Brings what judged sessions give their baselines up to date, and marks the buckets that this
 * changes.
 */
export function keepLearned(connection: Connection, learned: readonly Learned[]): void {
  if (learned.length === 0) return;
  const before = rowsOf(connection, learned.map(({ groupId }) => groupId));
  for (const { groupId, isAddition, learnables } of learned) {
    const gone = new Map(before.get(groupId));
    for (const learnable of learnables) {
      const id = columnText(learnable.sessionId);
      const known = gone.get(id);
      gone.delete(id);
      const subjectId = subjectIdOf(connection, learnable.subject);
      keepOne(connection, { groupId, subjectId, id, learnable, known });
    }
    if (isAddition) continue;
    for (const [id, row] of gone) {
      connection.run("DELETE FROM baseline_sessions WHERE session_id = ?", [id]);
      markBucket(connection, integerIn(row, "day"), integerIn(row, "subject_id"));
    }
  }
}

function keepOne(connection: Connection, { groupId, subjectId, id, learnable, known }: {
  readonly groupId: number;
  readonly subjectId: number;
  readonly id: string;
  readonly learnable: Learnable;
  readonly known: Row | undefined;
}): void {
  const { day, contribution, placing, sight, blemishes } = learnable;
  const given: readonly Parameter[] = [
    subjectId, day, contributionText(contribution), contribution.score, contribution.scoreAbove,
    blemishes.length === 0 ? null : JSON.stringify(blemishes),
  ];
  const isSame = known !== undefined && givenColumns.every((name, i) => known[name] === given[i]);
  if (isSame && known["sight"] === sight) return;
  connection.run(KEEP, [id, groupId, ...given, ...placingColumns(placing), sight]);
  if (isSame) return;
  if (known !== undefined) {
    markBucket(connection, integerIn(known, "day"), integerIn(known, "subject_id"));
  }
  markBucket(connection, day, subjectId);
}

/** In the order of `KEEP`. */
const givenColumns = ["subject_id", "day", "data", "score", "score_above", "blemishes"] as const;

/** In the order `p_value, is_unusual, confidence`. */
export function placingColumns(
  { pValue, isUnusual, confidence }: Placing,
): readonly (string | number | null)[] {
  return [pValue, isUnusual ? 1 : 0, confidence];
}

export function placingIn(row: Row): Placing {
  return {
    pValue: integerOrNullIn(row, "p_value"),
    isUnusual: integerIn(row, "is_unusual") === 1,
    confidence: textIn(row, "confidence") as Placing["confidence"],
  };
}

/** By group, then by session. */
function rowsOf(
  connection: Connection,
  groupIds: readonly number[],
): ReadonlyMap<number, ReadonlyMap<string, Row>> {
  const rows = new Map<number, Map<string, Row>>();
  for (const row of connection.all(OF_GROUPS, [JSON.stringify(groupIds)])) {
    const groupId = integerIn(row, "group_id");
    const ofGroup = rows.get(groupId) ?? new Map<string, Row>();
    rows.set(groupId, ofGroup.set(textIn(row, "session_id"), row));
  }
  return rows;
}

export function markBucket(connection: Connection, day: number, subjectId: number): void {
  connection.run(MARK, [day, subjectId]);
}

/** The subject's row, made where there is none. */
export function subjectIdOf(connection: Connection, subject: Subject): number {
  const data = subjectText(subject);
  const [known] = connection.all("SELECT id FROM baseline_subjects WHERE data = ?", [data]);
  if (known !== undefined) return integerIn(known, "id");
  return connection.insert("INSERT INTO baseline_subjects (data) VALUES (?)", [data]);
}

/** Condition on `baseline_subjects`: of a role and an agent, whatever kind it was taken for. */
export const ofRoleAndAgent = "data ->> 0 = ? AND data ->> 1 IS ?";

/** As `baseline_subjects.data` has it. */
export function subjectText({ role, agent, kind }: Subject): string {
  return JSON.stringify([role, agent, kind]);
}

export function subjectIn(row: Row): Subject {
  const [role, agent, kind] =
    JSON.parse(textIn(row, "subject")) as [string, string | null, Subject["kind"]];
  return { role, agent, kind };
}

const OF_GROUPS = `SELECT * FROM baseline_sessions
  WHERE group_id IN (SELECT value FROM json_each(?))`;
const KEEP = `INSERT OR REPLACE INTO baseline_sessions (session_id, group_id, subject_id, day, data,
  score, score_above, blemishes, p_value, is_unusual, confidence, sight)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const MARK = `INSERT INTO baseline_marks (day, subject_id) VALUES (?, ?)
  ON CONFLICT (day, subject_id) DO NOTHING`;
