import type { Suppression } from "../findings/finding.ts";
import type { LevelCounts } from "../findings/lists.ts";
import { textOfColumn } from "./column-text.ts";
import {
  integerIn, jsonIn, textIn, textOrNullIn, type Connection, type Row,
} from "./connection.ts";
import { levelOf } from "./finding-rows.ts";
import { isSuppressed } from "./suppressed.ts";

/**
 * Findings that are open and hidden by no suppression, by level, for each rule, agent or role. The
 * partial index on open findings answers it. Where something is suppressed, findings that differ in
 * nothing that a suppression looks at are looked at once: entities only where one names them.
 */
export function openFindings(
  connection: Connection,
  by: "rule" | "agent" | "role_arn",
  asOf: number,
): ReadonlyMap<string, LevelCounts> {
  const active = connection.all("SELECT data FROM suppressions", [])
    .map((row) => jsonIn(row) as Suppression)
    .filter(({ expiresAt }) => asOf < expiresAt);
  const looked = active.length === 0 ? [] : ["rule", "agent", "account"];
  const named = active.some(({ entity }) => entity !== null) ? ["entity"] : [];
  const columns = [...new Set([by, "level_order", ...looked, ...named])].join(", ");
  const rows = connection
    .all(`SELECT ${columns}, count(*) AS count ${OPEN} GROUP BY ${columns}`, [])
    .filter((row) => active.length === 0 || !isSuppressed(coverable(row), active, asOf));
  const counts = new Map<string, Record<string, number>>();
  for (const row of rows) {
    const subject = text(row, by);
    if (subject === null) continue;
    const levels = counts.get(subject) ?? {};
    const level = levelOf(integerIn(row, "level_order"));
    levels[level] = (levels[level] ?? 0) + integerIn(row, "count");
    counts.set(subject, levels);
  }
  return counts;
}

function coverable(row: Row): Parameters<typeof isSuppressed>[0] {
  const agent = text(row, "agent");
  return {
    rule: textOfColumn(textIn(row, "rule")),
    entity: { id: "entity" in row ? textOfColumn(textIn(row, "entity")) : "" },
    agent: agent === null ? null : { name: agent },
    account: text(row, "account"),
  };
}

function text(row: Row, column: string): string | null {
  const value = textOrNullIn(row, column);
  return value === null ? null : textOfColumn(value);
}

const OPEN = "FROM findings WHERE status = 'open' AND is_withdrawn = 0";
