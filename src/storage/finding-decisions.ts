import type { Verdict } from "../findings/finding.ts";
import type { FindingStore } from "../findings/store.ts";
import { columnText } from "./column-text.ts";
import type { Engine } from "./sqlite-store.ts";

type FindingDecisions = Pick<
  FindingStore,
  "acknowledge" | "closeFinding" | "suppress" | "unsuppress"
>;

/**
 * What people decide about findings. Notes are kept as they are, but for what a column cannot hold.
 */
export function findingDecisions({ writer }: Engine): FindingDecisions {
  const changes = (sql: string, parameters: readonly (string | number)[]) =>
    writer.transaction(() => writer.connection.run(sql, parameters) > 0);
  return {
    acknowledge: (id, note) => changes(ACKNOWLEDGE, [columnText(note), columnText(id)]),
    closeFinding: (id, verdict: Verdict, note) => changes(
      CLOSE, [verdict, columnText(note), columnText(id)],
    ),
    suppress: async (suppression) => {
      const { id, createdAt } = suppression;
      await changes(SUPPRESS, [columnText(id), createdAt, JSON.stringify(suppression)]);
    },
    unsuppress: (id) => changes("DELETE FROM suppressions WHERE id = ?", [columnText(id)]),
  };
}

const ACKNOWLEDGE = `UPDATE findings SET status = 'acknowledged', note = ?
  WHERE substr(fingerprint, 1, 16) = ? AND status <> 'closed' AND is_withdrawn = 0`;
const CLOSE = `UPDATE findings SET status = 'closed', verdict = ?, note = ?
  WHERE substr(fingerprint, 1, 16) = ?`;
const SUPPRESS = `INSERT INTO suppressions (id, created_at, data) VALUES (?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET created_at = excluded.created_at, data = excluded.data`;
