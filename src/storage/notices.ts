import { freshDesk, type DeskState, type Notice } from "../notices/notice.ts";
import type { NoticeChange, NoticeStore } from "../notices/notice.ts";
import { columnText } from "./column-text.ts";
import { integerIn, textIn, textOrNullIn, type Connection, type Row } from "./connection.ts";
import { outboxAfter, told, toldUpTo } from "./outbox.ts";
import type { Engine } from "./sqlite-store.ts";

/** What is to be told to people, and what was, by receiver and finding. */
export function noticeStore({ writer, reader }: Engine): NoticeStore {
  return {
    // Mostly there is nothing: asked twice a second, that must not wait for the write lock.
    takeWords: async (receiver, limit, now) =>
      outboxAfter(reader, toldUpTo(reader, receiver) ?? 0, 1).length === 0
        ? 0
        : await writer.transaction(() => takeWords(writer.connection, receiver, { limit, now })),
    dueNotices: (receiver, now, { afterSeq, limit }) => {
      const rows = reader.all(DUE, [columnText(receiver), now, afterSeq, limit]);
      return Promise.resolve(rows.map(noticeIn));
    },
    keepNotices: (receiver, changes, state) => writer.transaction(() => {
      for (const change of changes) keep(writer.connection, receiver, change);
      writer.connection.run(KEEP_STATE, [columnText(receiver), JSON.stringify(state)]);
    }),
    deskState: (receiver) => {
      const [row] = reader.all(STATE, [columnText(receiver)]);
      const text = row === undefined ? null : textOrNullIn(row, "state");
      return Promise.resolve(text === null ? freshDesk : JSON.parse(text) as DeskState);
    },
  };
}

function takeWords(
  connection: Connection,
  receiver: string,
  { limit, now }: { readonly limit: number; readonly now: number },
): number {
  const words = outboxAfter(connection, toldUpTo(connection, receiver) ?? 0, limit);
  for (const { seq, subject } of words) {
    connection.run(TAKE, [subject, columnText(receiver), seq, now, now, JSON.stringify(untold)]);
  }
  const last = words.at(-1);
  if (last !== undefined) told(connection, receiver, last.seq);
  return words.length;
}

type Data = Omit<Notice, "fingerprint" | "seq" | "firstAt">;

const untold: Data = { told: null, gathered: null, memory: null, refusedCount: 0 };

function noticeIn(row: Row): Notice {
  return {
    fingerprint: textIn(row, "fingerprint"),
    seq: integerIn(row, "seq"),
    firstAt: integerIn(row, "first_at"),
    ...(JSON.parse(textIn(row, "data")) as Data),
  };
}

/** One that has had a newer word since it was read is due all the same. */
function keep(connection: Connection, receiver: string, change: NoticeChange): void {
  const { fingerprint, seq, told, gathered, memory, refusedCount } = change.notice;
  const name = columnText(receiver);
  if ("forget" in change) {
    // With a newer word it begins anew.
    connection.run(KEEP, [JSON.stringify(untold), seq, null, fingerprint, name]);
    connection.run(FORGET, [fingerprint, name, seq]);
    return;
  }
  const data: Data = { told, gathered, memory, refusedCount };
  connection.run(KEEP, [JSON.stringify(data), seq, change.dueAt, fingerprint, name]);
}

const TAKE = `INSERT INTO notices (fingerprint, receiver, seq, first_at, due_at, data)
  VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (fingerprint, receiver)
  DO UPDATE SET seq = excluded.seq, due_at = excluded.due_at`;
const DUE = `SELECT fingerprint, seq, first_at, data FROM notices
  WHERE receiver = ? AND due_at <= ? AND seq > ? ORDER BY seq LIMIT ?`;
const KEEP = `UPDATE notices SET data = ?, due_at = CASE WHEN seq = ? THEN ? ELSE due_at END
  WHERE fingerprint = ? AND receiver = ?`;
const FORGET = "DELETE FROM notices WHERE fingerprint = ? AND receiver = ? AND seq = ?";
const STATE = "SELECT state FROM outbox_receivers WHERE name = ?";
const KEEP_STATE = `INSERT INTO outbox_receivers (name, seq, state) VALUES (?, 0, ?)
  ON CONFLICT (name) DO UPDATE SET state = excluded.state`;
