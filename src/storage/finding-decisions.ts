import type { AuditEntry, Decider, FindingStore } from "../findings/store.ts";
import { markDecided } from "./blemishes.ts";
import { columnText, textOfColumn } from "./column-text.ts";
import { type Connection, integerIn, textIn } from "./connection.ts";
import { announce } from "./outbox.ts";
import type { Engine } from "./sqlite-store.ts";

type FindingDecisions = Pick<
  FindingStore,
  "acknowledge" | "closeFinding" | "suppress" | "unsuppress" | "auditLog"
>;

/** What is asked for, and why: what the audit log says of it. */
export interface Deed {
  readonly action: string;
  readonly subject: string;
  readonly reason: string;
  readonly by: Decider;
}

/**
 * What people decide about findings: each with its line in the audit log, in one transaction. Notes
 * are kept as they are, but for what a column cannot hold.
 */
export function findingDecisions({ writer, reader }: Engine): FindingDecisions {
  const { connection } = writer;
  const decide = (deed: Deed, sql: string, parameters: readonly (string | number)[]) =>
    writer.transaction(() => {
      if (connection.run(sql, parameters) === 0) return false;
      markDecided(connection, null);
      keepDeed(connection, deed);
      return true;
    });
  const onFinding = (deed: Deed, sql: string, parameters: readonly string[]) =>
    writer.transaction(() => {
      const id = columnText(deed.subject);
      const rows = connection.all(`${sql} RETURNING fingerprint`, [...parameters, id]);
      // What a person knows of needs no word of its own age: the word is on their decision.
      const fingerprints = rows.map((row) => textIn(row, "fingerprint"));
      for (const fingerprint of fingerprints) announce(connection, fingerprint, Infinity);
      if (fingerprints.length > 0) markDecided(connection, fingerprints);
      if (rows.length > 0) keepDeed(connection, deed);
      return rows.length > 0;
    });
  return {
    acknowledge: (id, note, by) => onFinding(
      { action: "finding.acknowledge", subject: id, reason: note, by },
      ACKNOWLEDGE,
      [columnText(note)],
    ),
    closeFinding: (id, { verdict, note }, by) => onFinding(
      { action: `finding.close ${verdict}`, subject: id, reason: note, by },
      CLOSE,
      [verdict, columnText(note)],
    ),
    suppress: async (suppression, by) => {
      const { id, createdAt, reason } = suppression;
      const values = [columnText(id), createdAt, JSON.stringify(suppression)];
      await decide({ action: "suppression.add", subject: id, reason, by }, SUPPRESS, values);
    },
    unsuppress: (id, reason, by) => decide(
      { action: "suppression.remove", subject: id, reason, by },
      "DELETE FROM suppressions WHERE id = ?",
      [columnText(id)],
    ),
    auditLog: (limit, before) => Promise.resolve(
      reader.all(LOG, [before ?? Number.MAX_SAFE_INTEGER, limit]).map((row): AuditEntry => ({
        id: integerIn(row, "id"),
        at: integerIn(row, "at"),
        actor: textOfColumn(textIn(row, "actor")),
        action: textIn(row, "action"),
        subject: textOfColumn(textIn(row, "subject")),
        reason: textOfColumn(textIn(row, "reason")),
      })),
    ),
  };
}

export function keepDeed(connection: Connection, { action, subject, reason, by }: Deed): void {
  const what = [action, columnText(subject), columnText(reason)];
  connection.run(KEEP_DEED, [by.at, columnText(by.actor), ...what]);
}

const ACKNOWLEDGE = `UPDATE findings SET status = 'acknowledged', note = ?
  WHERE substr(fingerprint, 1, 16) = ? AND status <> 'closed' AND is_withdrawn = 0`;
const CLOSE = `UPDATE findings SET status = 'closed', verdict = ?, note = ?
  WHERE substr(fingerprint, 1, 16) = ?`;
const SUPPRESS = `INSERT INTO suppressions (id, created_at, data) VALUES (?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET created_at = excluded.created_at, data = excluded.data`;
const KEEP_DEED = `INSERT INTO audit_log (at, actor, action, subject, reason)
  VALUES (?, ?, ?, ?, ?)`;
const LOG = "SELECT * FROM audit_log WHERE id < ? ORDER BY id DESC LIMIT ?";
