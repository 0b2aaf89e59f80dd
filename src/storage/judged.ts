import type { FindingPart } from "../findings/finding.ts";
import { mergeByFinding } from "../findings/merge.ts";
import type { Judged, Judgement } from "../findings/store.ts";
import { keepLearned, type Learned } from "./baseline-rows.ts";
import { versionOf } from "./baselines.ts";
import { columnText, textOfColumn } from "./column-text.ts";
import type { Connection } from "./connection.ts";
import { integerIn, textIn } from "./connection.ts";
import { addCount } from "./counters.ts";
import { mergeFindings } from "./finding-merge.ts";
import { keepCredentials, sessionRow, sessionTable } from "./session-rows.ts";
import { replaceRows, rowsOf, type KeptRow, type Table } from "./kept-rows.ts";

/**
 * Puts judgements in the place of the groups' earlier ones, and merges the findings whose parts
 * changed. What is stored already is not written again.
 *
 * @param announceFrom see `FindingStore.judged`
 */
export function keepJudgements(
  connection: Connection,
  judgements: readonly Judgement[],
  announceFrom: number,
): Judged {
  const places = placesOf(connection, judgements.map(({ groupKey }) => groupKey));
  const welcome = judgements.flatMap((judgement) => {
    const place = places.get(judgement.groupKey);
    return place !== undefined && isWelcome(judgement, place) ? [{ judgement, place }] : [];
  });
  const replaced = welcome.filter(({ judgement, place }) => !adds(judgement) && !place.isNew);
  const before = tables.map((table) => rowsOf(connection, table, replaced.map(idOf)));
  const changedParts = new Set<string>();
  const changedHits: string[] = [];
  const revisions = new Map<string, number>();
  const learned: Learned[] = [];
  const version = versionOf(connection);
  for (const { judgement, place } of welcome) {
    const wanted = rowsIn(judgement);
    const [parts, sessions, hits] = tables.map((table, i) => replaceRows({ connection, table }, {
      groupId: place.id,
      before: adds(judgement) ? null : (before[i]?.get(place.id) ?? new Map<string, KeptRow>()),
      after: wanted[i] ?? [],
    }));
    const changed = (sessions ?? []).map(([id]) => String(id));
    keepCredentials(connection, { groupId: place.id, changed }, judgement.sessions);
    for (const [fingerprint] of parts ?? []) changedParts.add(String(fingerprint));
    for (const [, , rule] of hits ?? []) changedHits.push(String(rule));
    const { learnables, baselinesVersion = version } = judgement;
    if (learnables !== undefined) {
      learned.push({ groupId: place.id, isAddition: adds(judgement), learnables });
    }
    const isExact = isOf(judgement, place) && baselinesVersion === version;
    connection.run(isExact ? UNMARK : RAISE, [place.id]);
    if (isExact) revisions.set(judgement.groupKey, place.revision + 1);
  }
  keepLearned(connection, learned);
  for (const label of changedHits) addCount(connection, { name: "hits", label }, 1);
  return { changes: mergeFindings(connection, changedParts, announceFrom), revisions };
}

/** A group's row: judgements hang on it, whether it is a group with a state or only a name. */
interface Place {
  readonly id: number;
  readonly revision: number;
  readonly isMarked: boolean;
  readonly isNew: boolean;
}

function placesOf(connection: Connection, keys: readonly string[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const row of connection.all(PLACES, [JSON.stringify(keys.map(columnText))])) {
    const [id, revision] = [integerIn(row, "id"), integerIn(row, "revision")];
    const isMarked = integerIn(row, "dirty") === 1;
    places.set(textOfColumn(textIn(row, "key")), { id, revision, isMarked, isNew: false });
  }
  for (const key of keys) {
    if (places.has(key)) continue;
    const id = connection.insert("INSERT INTO groups (key) VALUES (?)", [columnText(key)]);
    places.set(key, { id, revision: 0, isMarked: false, isNew: true });
  }
  return places;
}

function idOf({ place }: { readonly place: Place }): number {
  return place.id;
}

function adds({ isAddition }: Judgement): boolean {
  return isAddition === true;
}

/** What is not marked and has another revision was judged by somebody who knew more. */
function isWelcome(judgement: Judgement, place: Place): boolean {
  return isOf(judgement, place) || (place.isMarked && !adds(judgement));
}

function isOf({ revision }: Judgement, place: Place): boolean {
  return revision === undefined || revision === place.revision;
}

/** In the order of `tables`. */
function rowsIn(judgement: Judgement): readonly (readonly KeptRow[])[] {
  return [partRows(judgement.parts), judgement.sessions.map(sessionRow), hitRows(judgement)];
}

function partRows(parts: readonly FindingPart[]): readonly KeptRow[] {
  return mergeByFinding(parts).map((part) => ({
    key: [columnText(part.fingerprint)],
    data: JSON.stringify(part),
  }));
}

function hitRows({ hits }: Judgement): readonly KeptRow[] {
  return hits.map((hit) => ({
    key: [hit.at, columnText(hit.eventKey), columnText(hit.rule)],
    data: JSON.stringify(hit),
  }));
}

const partTable: Table = {
  keys: ["fingerprint"],
  select: `SELECT fingerprint, group_id, data FROM finding_parts
    WHERE group_id IN (SELECT value FROM json_each(?))`,
  drop: "DELETE FROM finding_parts WHERE fingerprint = ? AND group_id = ?",
  keep: `INSERT INTO finding_parts (fingerprint, group_id, data) VALUES (?, ?, ?)
    ON CONFLICT (fingerprint, group_id) DO UPDATE SET data = excluded.data`,
};
const hitTable: Table = {
  keys: ["at", "event_key", "rule"],
  select: `SELECT at, event_key, rule, group_id, data FROM hits
    WHERE group_id IN (SELECT value FROM json_each(?))`,
  drop: "DELETE FROM hits WHERE at = ? AND event_key = ? AND rule = ? AND group_id = ?",
  keep: `INSERT INTO hits (at, event_key, rule, group_id, data) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (at, event_key, rule) DO UPDATE
      SET group_id = excluded.group_id, data = excluded.data`,
};
const tables = [partTable, sessionTable, hitTable] as const;

const PLACES = `SELECT id, key, revision, dirty FROM groups
  WHERE key IN (SELECT value FROM json_each(?))`;
const UNMARK = "UPDATE groups SET dirty = 0, revision = revision + 1 WHERE id = ?";
const RAISE = "UPDATE groups SET revision = revision + 1 WHERE id = ?";
