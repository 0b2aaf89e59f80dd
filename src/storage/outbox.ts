import type { OutboxMessage } from "../findings/outbox.ts";
import type { Connection, Row } from "./connection.ts";
import { columnText, textOfColumn } from "./column-text.ts";
import { integerIn, textIn, textOrNullIn } from "./connection.ts";

/**
 * Leaves the newest word on a finding in the outbox: in the transaction that changed it. A word
 * that says nothing new (it only grew) stays in its place, brought up to date; what is worse,
 * decided or withdrawn goes to the end, to be told again. What was withdrawn before anybody was
 * told is not told at all.
 *
 * @param announceFrom a finding never told of, whose last event is older, stays untold
 */
export function announce(connection: Connection, fingerprint: string, announceFrom: number): void {
  const [row] = connection.all(FINDING, [fingerprint]);
  const [known] = connection.all(KNOWN, [fingerprint]);
  if (row === undefined) return;
  const version = versionOf(row);
  if (known === undefined) {
    const isPast = row["is_withdrawn"] === 1 || row["verdict"] === "over";
    if (isPast || integerIn(row, "last_at") < announceFrom) return;
  } else {
    if (textIn(known, "version") === version) {
      connection.run(UPDATE, [wordOn(row), fingerprint]);
      return;
    }
    connection.run(TAKE_BACK, [fingerprint]);
    if (row["is_withdrawn"] === 1 && !isTold(connection, integerIn(known, "seq"))) return;
  }
  connection.run(SAY, [fingerprint, version, wordOn(row)]);
}

/** Messages after a number, in their order. */
export function outboxAfter(
  connection: Connection,
  seq: number,
  limit: number,
): readonly OutboxMessage[] {
  return connection.all(AFTER, [seq, limit]).map((row) => ({
    seq: integerIn(row, "seq"),
    topic: textIn(row, "topic"),
    subject: textIn(row, "subject"),
    version: textIn(row, "version"),
    data: textIn(row, "data"),
  }));
}

/** How far a receiver was told; null when it is new. */
export function toldUpTo(connection: Connection, receiver: string): number | null {
  const [row] = connection.all(
    "SELECT seq FROM outbox_receivers WHERE name = ?", [columnText(receiver)],
  );
  return row === undefined ? null : integerIn(row, "seq");
}

/** Never back: two that tell the same receiver do not undo each other. */
export function told(connection: Connection, receiver: string, seq: number): void {
  connection.run(TOLD, [columnText(receiver), seq]);
}

function isTold(connection: Connection, seq: number): boolean {
  return connection.all("SELECT 1 FROM outbox_receivers WHERE seq >= ? LIMIT 1", [seq]).length > 0;
}

function versionOf(row: Row): string {
  if (row["is_withdrawn"] === 1) return "withdrawn";
  const verdict = textOrNullIn(row, "verdict");
  return [textIn(row, "level"), textIn(row, "status"), ...(verdict === null ? [] : [verdict])]
    .join(" ");
}

function wordOn(row: Row): string {
  const note = textOrNullIn(row, "note");
  return JSON.stringify({
    status: row["is_withdrawn"] === 1 ? "closed" : textIn(row, "status"),
    verdict: row["is_withdrawn"] === 1 ? "withdrawn" : textOrNullIn(row, "verdict"),
    note: note === null ? null : textOfColumn(note),
    finding: JSON.parse(textIn(row, "data")) as unknown,
  });
}

const FINDING = `SELECT status, verdict, note, is_withdrawn, last_at, data,
  json_extract(data, '$.level') AS level FROM findings WHERE fingerprint = ?`;
const KNOWN = "SELECT seq, version FROM outbox WHERE topic = 'finding' AND subject = ?";
const UPDATE = "UPDATE outbox SET data = ? WHERE topic = 'finding' AND subject = ?";
const TAKE_BACK = "DELETE FROM outbox WHERE topic = 'finding' AND subject = ?";
const SAY = "INSERT INTO outbox (topic, subject, version, data) VALUES ('finding', ?, ?, ?)";
const AFTER = `SELECT seq, topic, subject, version, data FROM outbox WHERE seq > ?
  ORDER BY seq LIMIT ?`;
const TOLD = `INSERT INTO outbox_receivers (name, seq) VALUES (?, ?)
  ON CONFLICT (name) DO UPDATE SET seq = max(outbox_receivers.seq, excluded.seq)`;
