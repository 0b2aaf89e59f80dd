import { bytesOf, textOf } from "../baselines/bucket-bytes.ts";
import type { DayBucket } from "../baselines/day-bucket.ts";
import type { BaselineStore } from "../baselines/store.ts";
import { subjectKey } from "../baselines/subject.ts";
import { ofRoleAndAgent, subjectIdOf } from "./baseline-rows.ts";
import { outdate } from "./baselines.ts";
import { bytesIn, integerIn, integerOrNullIn, type Connection } from "./connection.ts";
import { keepDeed } from "./finding-decisions.ts";
import type { Engine } from "./sqlite-store.ts";

/** What people decide about baselines: each with its line in the audit log, in one transaction. */
export function baselineDecisions(
  { writer }: Engine,
): Pick<BaselineStore, "importPast" | "resetBaseline"> {
  const { connection } = writer;
  return {
    importPast: ({ subject, days }, { windowDays, ...deed }) => writer.transaction(() => {
      const subjectId = subjectIdOf(connection, subject);
      const changed = [...days].filter(([day, bucket]) =>
        keepImported(connection, { subjectId, day }, bucket));
      for (const [day] of changed) outdate(connection, day, windowDays);
      keepDeed(connection, { action: "baseline.import", subject: subjectKey(subject), ...deed });
      return changed.length;
    }),
    resetBaseline: (subject, fromDay, { windowDays, ...deed }) => writer.transaction(() => {
      const known = connection.all(KNOWN, [subject.role, subject.agent]);
      if (known.length === 0) return false;
      for (const row of known) connection.run(RESET, [fromDay, integerIn(row, "id")]);
      const resets = known.map((row) => integerOrNullIn(row, "from_day") ?? fromDay);
      for (const day of new Set([fromDay, ...resets])) outdate(connection, day - 1, windowDays);
      keepDeed(connection, { action: "baseline.reset", subject: subjectKey(subject), ...deed });
      return true;
    }),
  };
}

/** Whether it differs from what was imported before. */
function keepImported(
  connection: Connection,
  { subjectId, day }: { readonly subjectId: number; readonly day: number },
  bucket: DayBucket,
): boolean {
  const data = bytesOf(textOf(bucket));
  const [before] = connection.all(IMPORTED, [subjectId, day]);
  if (before !== undefined && bytesIn(before, "data").equals(data)) return false;
  connection.run(IMPORT, [subjectId, day, data]);
  return true;
}

const KNOWN = `SELECT id, from_day FROM baseline_subjects WHERE ${ofRoleAndAgent}`;
const RESET = "UPDATE baseline_subjects SET from_day = ? WHERE id = ?";
const IMPORTED = "SELECT data FROM baseline_imports WHERE subject_id = ? AND day = ?";
const IMPORT = `INSERT OR REPLACE INTO baseline_imports (subject_id, day, data)
  VALUES (?, ?, ?)`;
