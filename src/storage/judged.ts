import type { FindingPart } from "../findings/finding.ts";
import { mergeParts } from "../findings/merge.ts";
import type { FindingChange, Judgement } from "../findings/store.ts";
import { columnText } from "./column-text.ts";
import type { Connection } from "./connection.ts";
import { integerIn, textIn } from "./connection.ts";
import { mergeFinding } from "./finding-rows.ts";
import { GroupIds } from "./group-ids.ts";
import { forgetSessions, keepSession } from "./session-rows.ts";

export interface JudgedUnder {
  /** The groups' revisions as `dirtyGroups` gave them; those judged are taken out. */
  readonly revisions: Map<string, number>;
  /** See `FindingStore.judged`. */
  readonly announceFrom: number;
}

/**
 * Puts judgements in the place of the groups' earlier ones, and merges the findings whose parts
 * changed.
 */
export function keepJudgements(
  connection: Connection,
  judgements: readonly Judgement[],
  { revisions, announceFrom }: JudgedUnder,
): readonly FindingChange[] {
  const groupIds = new GroupIds(connection);
  const changed = new Set<string>();
  const ids = JSON.stringify(judgements.map(({ groupKey }) => groupIds.of(groupKey)));
  const parts = partsOf(connection, ids);
  forgetSessions(connection, ids);
  connection.run(FORGET_HITS, [ids]);
  for (const judgement of judgements) {
    const groupId = groupIds.of(judgement.groupKey);
    const before = parts.get(groupId) ?? new Map<string, string>();
    const replaced = replaceParts(connection, groupId, { before, parts: judgement.parts });
    for (const fingerprint of replaced) changed.add(fingerprint);
    for (const session of judgement.sessions) keepSession(connection, groupId, session);
    keepHits(connection, groupId, judgement);
    const revision = revisions.get(judgement.groupKey) ?? null;
    connection.run(UNMARK, [groupId, revision, revision]);
    revisions.delete(judgement.groupKey);
  }
  return [...changed].flatMap((fingerprint) => {
    const change = mergeFinding(connection, fingerprint, announceFrom);
    return change === null ? [] : [change];
  });
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

function keepHits(connection: Connection, groupId: number, { hits }: Judgement): void {
  for (const hit of hits) {
    const key = [hit.at, columnText(hit.eventKey), columnText(hit.rule)];
    connection.run(KEEP_HIT, [...key, groupId, JSON.stringify(hit)]);
  }
}

const PARTS = `SELECT group_id, fingerprint, data FROM finding_parts
  WHERE group_id IN (SELECT value FROM json_each(?))`;
const FORGET_HITS = "DELETE FROM hits WHERE group_id IN (SELECT value FROM json_each(?))";
const UNMARK = "UPDATE groups SET dirty = 0 WHERE id = ? AND (? IS NULL OR revision = ?)";
const DROP_PART = "DELETE FROM finding_parts WHERE fingerprint = ? AND group_id = ?";
const KEEP_PART = `INSERT INTO finding_parts (fingerprint, group_id, data) VALUES (?, ?, ?)
  ON CONFLICT (fingerprint, group_id) DO UPDATE SET data = excluded.data`;
const KEEP_HIT = `INSERT INTO hits (at, event_key, rule, group_id, data) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (at, event_key, rule) DO UPDATE
    SET group_id = excluded.group_id, data = excluded.data`;
