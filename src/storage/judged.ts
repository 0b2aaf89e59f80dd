import { levels } from "../detections/detection.ts";
import type { FindingPart } from "../findings/finding.ts";
import { mergeParts } from "../findings/merge.ts";
import type { Judgement } from "../findings/store.ts";
import { columnText } from "./column-text.ts";
import type { Connection } from "./connection.ts";
import { integerIn, jsonIn, textIn } from "./connection.ts";
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
  const ids = JSON.stringify(judgements.map(({ groupKey }) => groupIds.of(groupKey)));
  const parts = partsOf(connection, ids);
  for (const statement of FORGET) connection.run(statement, [ids]);
  for (const judgement of judgements) {
    const groupId = groupIds.of(judgement.groupKey);
    const before = parts.get(groupId) ?? new Map<string, string>();
    const replaced = replaceParts(connection, groupId, { before, parts: judgement.parts });
    for (const fingerprint of replaced) changed.add(fingerprint);
    keepSessions(connection, groupId, judgement);
    keepHits(connection, groupId, judgement);
    const revision = revisions.get(judgement.groupKey) ?? null;
    connection.run(UNMARK, [groupId, revision, revision]);
    revisions.delete(judgement.groupKey);
  }
  for (const fingerprint of changed) mergeFinding(connection, fingerprint);
}

type PartTexts = ReadonlyMap<string, string>;

/** The parts that groups have had, by fingerprint, for all groups at once. */
function partsOf(connection: Connection, ids: string): ReadonlyMap<number, PartTexts> {
  const parts = new Map<number, Map<string, string>>();
  for (const row of connection.all(PARTS, [ids])) {
    const groupId = integerIn(row, "group_id");
    const known = parts.get(groupId) ?? new Map<string, string>();
    parts.set(groupId, known.set(textIn(row, "fingerprint"), textIn(row, "data")));
  }
  return parts;
}

/** Returns the fingerprints of parts that came, went or differ. */
function replaceParts(
  connection: Connection,
  groupId: number,
  { before, parts }: { readonly before: PartTexts; readonly parts: readonly FindingPart[] },
): readonly string[] {
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

function keepSessions(connection: Connection, groupId: number, { sessions }: Judgement): void {
  for (const session of sessions) {
    connection.run(KEEP_SESSION, [columnText(session.id), groupId, JSON.stringify(session)]);
  }
}

function keepHits(connection: Connection, groupId: number, { hits }: Judgement): void {
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

const PARTS = `SELECT group_id, fingerprint, data FROM finding_parts
  WHERE group_id IN (SELECT value FROM json_each(?))`;
const FORGET = ["sessions", "hits"].map(
  (table) => `DELETE FROM ${table} WHERE group_id IN (SELECT value FROM json_each(?))`,
);
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
