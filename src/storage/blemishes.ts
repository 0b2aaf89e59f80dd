import type { Blemish } from "../baselines/learning.ts";
import type { FindingPart, Suppression } from "../findings/finding.ts";
import type { Connection, Row } from "./connection.ts";
import { integerIn, jsonIn, textIn, textOrNullIn } from "./connection.ts";
import { markBucket } from "./baseline-rows.ts";
import { isSuppressed } from "./suppressed.ts";

/** What findings say of a row of `baseline_sessions`. */
export type BlemishReader = (row: Row) => readonly (Blemish & Pick<FindingPart, "rule"> & {
  readonly fingerprint: string;
})[];

/**
 * Each finding as people decided it; whether it is suppressed as of the session's own last event
 * that raised it, so that nothing which comes later decides what was learned.
 */
export function blemishReader(connection: Connection): BlemishReader {
  const suppressions = connection.all("SELECT data FROM suppressions", [])
    .map((row) => jsonIn(row) as Suppression);
  return (row) => {
    const fingerprints = textOrNullIn(row, "blemishes");
    if (fingerprints === null) return [];
    return connection
      .all(BLEMISHES, [fingerprints, integerIn(row, "group_id")])
      .map((found) => {
        const part = jsonIn(found) as FindingPart;
        const status = textIn(found, "status") as Blemish["status"];
        const verdict = textOrNullIn(found, "verdict") as Blemish["verdict"];
        const isHidden = isSuppressed(part, suppressions, part.lastEventAt);
        const shown = status !== "closed" && isHidden ? "suppressed" : status;
        const { level, rule, fingerprint } = part;
        return { level, status: shown, verdict, rule, fingerprint };
      });
  };
}

/** Marks the buckets that lean on what was decided of findings; of all, where none is named. */
export function markDecided(connection: Connection, fingerprints: readonly string[] | null): void {
  const rows = fingerprints === null
    ? connection.all(BLEMISHED, [])
    : connection.all(BLEMISHED_BY, [JSON.stringify(fingerprints)]);
  for (const row of rows) {
    markBucket(connection, integerIn(row, "day"), integerIn(row, "subject_id"));
  }
}

const BLEMISHES = `SELECT finding_parts.data, findings.status, findings.verdict FROM finding_parts
  JOIN findings ON findings.fingerprint = finding_parts.fingerprint
  WHERE finding_parts.fingerprint IN (SELECT value FROM json_each(?))
    AND finding_parts.group_id = ?`;
const BLEMISHED = `SELECT DISTINCT subject_id, day FROM baseline_sessions
  WHERE blemishes IS NOT NULL`;
const BLEMISHED_BY = `SELECT DISTINCT subject_id, day FROM baseline_sessions
  WHERE blemishes IS NOT NULL AND group_id IN (SELECT group_id FROM finding_parts
    WHERE fingerprint IN (SELECT value FROM json_each(?)))`;
