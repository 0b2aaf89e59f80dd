import type { FindingPart, Suppression } from "../findings/finding.ts";
import { mergeParts } from "../findings/merge.ts";
import type { FindingChange } from "../findings/store.ts";
import type { Connection } from "./connection.ts";
import { jsonIn } from "./connection.ts";
import { findingOf } from "./finding-reads.ts";
import { keepFinding } from "./finding-rows.ts";
import { announce } from "./outbox.ts";
import type { FindingRow } from "./schema.ts";

/** Merges findings whose parts changed, and tells what became of those that are not as before. */
export function mergeFindings(
  connection: Connection,
  fingerprints: Iterable<string>,
  announceFrom: number,
): readonly FindingChange[] {
  let suppressions: readonly Suppression[] | null = null;
  const changes: FindingChange[] = [];
  for (const fingerprint of fingerprints) {
    const before = rowOf(connection, fingerprint);
    merge(connection, fingerprint);
    announce(connection, fingerprint, announceFrom);
    const after = rowOf(connection, fingerprint);
    if (after === undefined) continue;
    const what = changeOf(before, after);
    if (what === null) continue;
    if (what !== "withdrawn" && after.last_at >= announceFrom) {
      connection.run(UNANSWERED, [fingerprint]);
    }
    suppressions ??= connection.all("SELECT data FROM suppressions", [])
      .map((row) => jsonIn(row) as Suppression);
    changes.push({ what, finding: findingOf(after, suppressions) });
  }
  return changes;
}

/**
 * Merges a finding from its parts; without parts it is withdrawn, and keeps what was last known.
 */
function merge(connection: Connection, fingerprint: string): void {
  const rows = connection.all(
    "SELECT data FROM finding_parts WHERE fingerprint = ?", [fingerprint],
  );
  if (rows.length === 0) {
    connection.run(WITHDRAW, [fingerprint]);
    return;
  }
  keepFinding(connection, mergeParts(rows.map((row) => jsonIn(row) as FindingPart)));
}

function rowOf(connection: Connection, fingerprint: string): FindingRow | undefined {
  const [row] = connection.all("SELECT * FROM findings WHERE fingerprint = ?", [fingerprint]);
  return row as FindingRow | undefined;
}

function changeOf(
  before: FindingRow | undefined,
  after: FindingRow,
): FindingChange["what"] | null {
  if (before === undefined) return "opened";
  if (after.is_withdrawn === 1) return before.is_withdrawn === 1 ? null : "withdrawn";
  if (before.is_withdrawn === 1) return "reopened";
  if (before.data === after.data) return null;
  if (after.level_order < before.level_order) return "worse";
  const [then, now] = [before, after].map(({ data }) => JSON.parse(data) as FindingPart);
  const isGrown = then !== undefined && now !== undefined && now.eventCount > then.eventCount;
  return isGrown && after.level_order === before.level_order ? "grown" : "revised";
}

const UNANSWERED = "INSERT INTO unanswered (fingerprint) VALUES (?) ON CONFLICT DO NOTHING";
const WITHDRAW = "UPDATE findings SET is_withdrawn = 1 WHERE fingerprint = ?";
