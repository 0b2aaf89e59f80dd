import type { Finding, Suppression } from "../findings/finding.ts";
import type { RevocationRequest } from "../revocations/revocation.ts";
import type { WishStore } from "../revocations/store.ts";
import { taskOf } from "../sessions/task-told.ts";
import { columnText } from "./column-text.ts";
import { jsonIn, textIn, type Connection } from "./connection.ts";
import { findingOf } from "./finding-reads.ts";
import type { FindingRow } from "./schema.ts";
import type { Engine } from "./sqlite-store.ts";
import { toldWhere } from "./task-rows.ts";

export function wishStore({ writer, reader }: Engine): WishStore {
  const { connection } = writer;
  return {
    // Mostly there is none, and it is asked every few seconds: no need of the write lock then.
    takeWishes: async (wishesFor) => {
      if (reader.all(`${UNANSWERED} LIMIT 1`, []).length === 0) return;
      await writer.transaction(() => { take(connection, wishesFor); });
    },
    wishes: () => Promise.resolve(reader.all(WISHES, []).map((row) =>
      jsonIn(row) as RevocationRequest)),
    endWish: (id) => writer.transaction(() => { connection.run(END, [columnText(id)]); }),
    tasksToRevoke: (since) =>
      Promise.resolve(toldWhere(reader, TASKS, [since]).map(taskOf)),
  };
}

function take(
  connection: Connection,
  wishesFor: (finding: Finding) => readonly RevocationRequest[],
): void {
  const suppressions = connection.all("SELECT data FROM suppressions", [])
    .map((row) => jsonIn(row) as Suppression);
  for (const row of connection.all(UNANSWERED, [])) {
    const finding = findingWith(connection, textIn(row, "fingerprint"), suppressions);
    for (const wish of finding === null ? [] : wishesFor(finding)) {
      connection.run(WISH, [columnText(wish.id), JSON.stringify(wish)]);
    }
  }
  connection.run("DELETE FROM unanswered", []);
}

function findingWith(
  connection: Connection,
  fingerprint: string,
  suppressions: readonly Suppression[],
): Finding | null {
  const [row] = connection.all("SELECT * FROM findings WHERE fingerprint = ?", [fingerprint]);
  return row === undefined ? null : findingOf(row as unknown as FindingRow, suppressions);
}

const UNANSWERED = "SELECT fingerprint FROM unanswered";
const WISHES = "SELECT data FROM revocation_wishes ORDER BY id";
const WISH = `INSERT INTO revocation_wishes (id, data) SELECT ?1, ?2
  WHERE NOT EXISTS (SELECT 1 FROM revocations WHERE id = ?1) ON CONFLICT DO NOTHING`;
const END = "DELETE FROM revocation_wishes WHERE id = ?";
const TASKS = `SELECT told AS data FROM tasks
  WHERE json_extract(told, '$.end.revoke') = 1 AND ended_at >= ? ORDER BY ended_at, id`;
