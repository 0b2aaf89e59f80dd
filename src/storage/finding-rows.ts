import { levels, type Level } from "../detections/detection.ts";
import type { FindingPart } from "../findings/finding.ts";
import { columnText } from "./column-text.ts";
import type { Connection } from "./connection.ts";

/** Writes what its parts make of a finding, with what lists choose and sort by. */
export function keepFinding(connection: Connection, finding: FindingPart): void {
  const { fingerprint, level, rule, firstEventAt, lastEventAt } = finding;
  const { account, agent, role, session, entity } = finding;
  const about = [account, agent?.name, role?.arn, session?.id].map((text) =>
    text == null ? null : columnText(text));
  connection.run(KEEP, [
    fingerprint, orderOf(level), columnText(rule), firstEventAt, lastEventAt, ...about,
    columnText(entity.id), JSON.stringify(finding),
    finding.overAt === undefined ? "open" : "closed", finding.overAt === undefined ? null : "over",
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

// What went by is closed by itself, and open again when it comes again; a person's word stands.
// Who acknowledged a finding had seen its old grounds; a verdict is on the behaviour, and stays.
const KEEP = `INSERT INTO findings (fingerprint, level_order, rule, first_at, last_at, account,
  agent, role_arn, session_id, entity, data, status, verdict, is_withdrawn)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
  ON CONFLICT (fingerprint) DO UPDATE SET level_order = excluded.level_order, rule = excluded.rule,
    first_at = excluded.first_at, last_at = excluded.last_at, account = excluded.account,
    agent = excluded.agent, role_arn = excluded.role_arn, session_id = excluded.session_id,
    data = excluded.data, is_withdrawn = 0,
    status = CASE WHEN findings.status = 'closed' AND findings.verdict <> 'over' THEN 'closed'
      WHEN excluded.status = 'closed' OR findings.status = 'closed' OR findings.is_withdrawn = 1
        THEN excluded.status ELSE findings.status END,
    verdict = CASE WHEN findings.status = 'closed' AND findings.verdict <> 'over'
      THEN findings.verdict ELSE excluded.verdict END`;
