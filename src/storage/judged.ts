import { levels } from "../detections/detection.ts";
import type { FindingPart } from "../findings/finding.ts";
import { mergeParts } from "../findings/merge.ts";
import type { Judgement } from "../findings/store.ts";
import { columnText } from "./column-text.ts";
import type { Connection } from "./connection.ts";
import { jsonIn, textIn } from "./connection.ts";
import { GroupIds } from "./group-ids.ts";

/**
 * Puts judgements in the place of the groups' earlier ones, and merges the findings whose parts
 * changed.
 *
 * @param revisions the groups' revisions as `dirtyGroups` gave them; those judged are taken out
 */
export function keepJudgements(
  connection: Connection,
  judgements: readonly Judgement[],
  revisions: Map<string, number>,
): void {
  const groupIds = new GroupIds(connection);
  const changed = new Set<string>();
  for (const judgement of judgements) {
    const groupId = groupIds.of(judgement.groupKey);
    const replaced = replaceParts(connection, groupId, judgement.parts);
    for (const fingerprint of replaced) changed.add(fingerprint);
    replaceSessions(connection, groupId, judgement);
    replaceHits(connection, groupId, judgement);
    const revision = revisions.get(judgement.groupKey) ?? null;
    connection.run(UNMARK, [groupId, revision, revision]);
    revisions.delete(judgement.groupKey);
  }
  for (const fingerprint of changed) mergeFinding(connection, fingerprint);
}

/** Returns the fingerprints of parts that came, went or differ. */
function replaceParts(
  connection: Connection,
  groupId: number,
  parts: readonly FindingPart[],
): readonly string[] {
  const before = new Map(
    connection.all("SELECT fingerprint, data FROM finding_parts WHERE group_id = ?", [groupId])
      .map((row) => [textIn(row, "fingerprint"), textIn(row, "data")]),
  );
  const merged = new Map<string, FindingPart>();
  for (const part of parts) {
    const same = merged.get(part.fingerprint);
    merged.set(part.fingerprint, same === undefined ? part : mergeParts([same, part]));
  }
  const after = new Map(
    [...merged].map(([fingerprint, part]) => [columnText(fingerprint), JSON.stringify(part)]),
  );
  const gone = [...before.keys()].filter((fingerprint) => !after.has(fingerprint));
  const fresh = [...after].filter(([fingerprint, data]) => before.get(fingerprint) !== data);
  for (const fingerprint of gone) connection.run(DROP_PART, [fingerprint, groupId]);
  for (const [fingerprint, data] of fresh) connection.run(KEEP_PART, [fingerprint, groupId, data]);
  return [...gone, ...fresh.map(([fingerprint]) => fingerprint)];
}

function replaceSessions(connection: Connection, groupId: number, { sessions }: Judgement): void {
  connection.run("DELETE FROM sessions WHERE group_id = ?", [groupId]);
  for (const session of sessions) {
    connection.run(KEEP_SESSION, [columnText(session.id), groupId, JSON.stringify(session)]);
  }
}

function replaceHits(connection: Connection, groupId: number, { hits }: Judgement): void {
  connection.run("DELETE FROM hits WHERE group_id = ?", [groupId]);
  for (const hit of hits) {
    const key = [hit.at, columnText(hit.eventKey), columnText(hit.rule)];
    connection.run(KEEP_HIT, [...key, groupId, JSON.stringify(hit)]);
  }
}

/**
 * Merges a finding from its parts; without parts it is withdrawn, and keeps what was last known.
 */
export function mergeFinding(connection: Connection, fingerprint: string): void {
  const rows = connection.all(
    "SELECT data FROM finding_parts WHERE fingerprint = ?", [fingerprint],
  );
  if (rows.length === 0) {
    connection.run(WITHDRAW, [fingerprint]);
    return;
  }
  const merged = mergeParts(rows.map((row) => jsonIn(row) as FindingPart));
  const levelOrder = levels.length - 1 - levels.indexOf(merged.level);
  connection.run(
    KEEP_FINDING, [fingerprint, levelOrder, merged.lastEventAt, JSON.stringify(merged)],
  );
}

const UNMARK = "UPDATE groups SET dirty = 0 WHERE id = ? AND (? IS NULL OR revision = ?)";
const DROP_PART = "DELETE FROM finding_parts WHERE fingerprint = ? AND group_id = ?";
const KEEP_PART = `INSERT INTO finding_parts (fingerprint, group_id, data) VALUES (?, ?, ?)
  ON CONFLICT (fingerprint, group_id) DO UPDATE SET data = excluded.data`;
const KEEP_SESSION = `INSERT INTO sessions (id, group_id, data) VALUES (?, ?, ?)
  ON CONFLICT (id, group_id) DO UPDATE SET data = excluded.data`;
const KEEP_HIT = `INSERT INTO hits (at, event_key, rule, group_id, data) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (at, event_key, rule) DO UPDATE
    SET group_id = excluded.group_id, data = excluded.data`;
const WITHDRAW = "UPDATE findings SET is_withdrawn = 1 WHERE fingerprint = ?";
// Who acknowledged a finding had seen its old grounds; a verdict is on the behaviour, and stays.
const KEEP_FINDING = `INSERT INTO findings
  (fingerprint, level_order, last_at, status, is_withdrawn, data)
  VALUES (?, ?, ?, 'open', 0, ?)
  ON CONFLICT (fingerprint) DO UPDATE SET level_order = excluded.level_order,
    last_at = excluded.last_at, data = excluded.data, is_withdrawn = 0,
    status = CASE WHEN findings.is_withdrawn = 1 AND findings.status <> 'closed' THEN 'open'
      ELSE findings.status END`;
