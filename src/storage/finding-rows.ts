import { levels, type Level } from "../detections/detection.ts";
import type { FindingPart } from "../findings/finding.ts";
import { mergeParts } from "../findings/merge.ts";
import type { FindingChange } from "../findings/store.ts";
import { columnText } from "./column-text.ts";
import type { Connection } from "./connection.ts";
import { integerIn, jsonIn } from "./connection.ts";
import { announce } from "./outbox.ts";

/**
 * Merges a finding from its parts; without parts it is withdrawn, and keeps what was last known.
 * Says what became of it; null when nothing.
 *
 * @param announceFrom findings whose last event is older leave no word in the outbox
 */
export function mergeFinding(
  connection: Connection,
  fingerprint: string,
  announceFrom: number,
): FindingChange | null {
  const [before] = connection.all(BEFORE, [fingerprint]);
  const parts = connection.all(PARTS, [fingerprint]).map((row) => jsonIn(row) as FindingPart);
  if (parts.length === 0) {
    if (before === undefined) return null;
    connection.run(WITHDRAW, [fingerprint]);
    announce(connection, fingerprint, announceFrom);
    return { what: "withdrawn", finding: jsonIn(before) as FindingPart };
  }
  const finding = mergeParts(parts);
  keep(connection, finding);
  announce(connection, fingerprint, announceFrom);
  if (before === undefined) return { what: "opened", finding };
  if (before["is_withdrawn"] === 1) return { what: "reopened", finding };
  const isWorse = orderOf(finding.level) < integerIn(before, "level_order");
  return { what: isWorse ? "worse" : "grown", finding };
}

function keep(connection: Connection, finding: FindingPart): void {
  const { fingerprint, level, rule, firstEventAt, lastEventAt } = finding;
  const { account, agent, role, session, entity } = finding;
  const about = [account, agent?.name, role?.arn, session?.id].map((text) =>
    text == null ? null : columnText(text));
  connection.run(KEEP, [
    fingerprint, orderOf(level), columnText(rule), firstEventAt, lastEventAt, ...about,
    columnText(entity.id), JSON.stringify(finding),
  ]);
}

/** 0 is the worst, so that one ascending index gives the reading order. */
export function orderOf(level: Level): number {
  return levels.length - 1 - levels.indexOf(level);
}

/** The level that {@link orderOf} made this of. */
export function levelOf(order: number): Level {
  const level = levels[levels.length - 1 - order];
  if (level === undefined) throw new Error(`There is no level of order ${order}.`);
  return level;
}

const BEFORE = "SELECT level_order, is_withdrawn, data FROM findings WHERE fingerprint = ?";
const PARTS = "SELECT data FROM finding_parts WHERE fingerprint = ?";
const WITHDRAW = "UPDATE findings SET is_withdrawn = 1 WHERE fingerprint = ?";
// Who acknowledged a finding had seen its old grounds; a verdict is on the behaviour, and stays.
const KEEP = `INSERT INTO findings (fingerprint, level_order, rule, first_at, last_at, account,
  agent, role_arn, session_id, entity, data, status, is_withdrawn)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', 0)
  ON CONFLICT (fingerprint) DO UPDATE SET level_order = excluded.level_order, rule = excluded.rule,
    first_at = excluded.first_at, last_at = excluded.last_at, account = excluded.account,
    agent = excluded.agent, role_arn = excluded.role_arn, session_id = excluded.session_id,
    data = excluded.data, is_withdrawn = 0,
    status = CASE WHEN findings.is_withdrawn = 1 AND findings.status <> 'closed' THEN 'open'
      ELSE findings.status END`;
