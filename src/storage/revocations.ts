import { isClosed, lastToldAt } from "../revocations/life-cycle.ts";
import { changeKey } from "../revocations/place.ts";
import { withNews, type Decision, type Revocation } from "../revocations/revocation.ts";
import type { RevocationNews } from "../revocations/revocation.ts";
import type {
  Lease, RevocationFilter, RevocationPlace, RevocationStore,
} from "../revocations/store.ts";
import { targetText } from "../revocations/target.ts";
import type { Teller } from "../sessions/task-store.ts";
import { columnText, textOfColumn } from "./column-text.ts";
import { integerIn, jsonIn, textIn, type Connection, type Parameter } from "./connection.ts";
import { keepDeed } from "./finding-decisions.ts";
import { effectsOn, keepEffects, observables, observed } from "./revocation-effects.ts";
import { sessionsAround, sessionsOfRoles } from "./sessions-around.ts";
import type { Engine } from "./sqlite-store.ts";

export function revocationStore({ writer, reader }: Engine): RevocationStore {
  const { connection } = writer;
  return {
    addRevocation: (revocation) => writer.transaction(() => add(connection, revocation)),
    tellRevocation: (id, news, by) => writer.transaction(() => tell(connection, id, { news, by })),
    releaseRevocation: (id, capture, by) => writer.transaction(() => {
      const told = tell(connection, id, { news: { kind: "released", at: by.at }, by });
      if (told !== null) connection.run(KEEP_CAPTURE, [columnText(id), capture]);
      return told;
    }),
    capture: (id) => {
      const [row] = reader.all(CAPTURE, [columnText(id)]);
      return Promise.resolve(row === undefined ? null : textIn(row, "data"));
    },
    revocation: (id) => Promise.resolve(revocationOf(reader, id)),
    listRevocations: (filter, slice) => Promise.resolve(list(reader, filter, slice)),
    revocationsAt: (key) => Promise.resolve(reader.all(AT, [columnText(key)]).map(read)),
    changeKeys: () => Promise.resolve(
      reader.all(KEYS, []).map((row) => textOfColumn(textIn(row, "key"))),
    ),
    effectsOn: (names) => Promise.resolve(effectsOn(reader, names)),
    observables: (limit) => Promise.resolve(observables(reader, limit)),
    observed: (done) => writer.transaction(() => { observed(connection, done); }),
    sessionsAround: (target, since) => Promise.resolve(sessionsAround(reader, target, since)),
    sessionsOfRoles: (ids, since) => Promise.resolve(sessionsOfRoles(reader, ids, since)),
    takeLease: (lease) => writer.transaction(() => takeLease(connection, lease)),
    endLease: ({ key, holder }) => writer.transaction(() => {
      connection.run(END_LEASE, [columnText(key), columnText(holder)]);
    }),
    responsePause: () => {
      const [row] = reader.all(PAUSE, []);
      return Promise.resolve(row === undefined ? null : jsonIn(row) as Decision);
    },
    pauseResponse: (reason, by) => writer.transaction(() => { pause(connection, reason, by); }),
  };
}

function add(connection: Connection, revocation: Revocation): Revocation {
  const known = revocationOf(connection, revocation.id);
  if (known !== null) return known;
  const { id, target, reason, requestedBy, requestedAt } = revocation;
  keepDeed(connection, {
    action: "revocation.request", subject: id, reason: `${targetText(target)}: ${reason}`,
    by: { actor: requestedBy, at: requestedAt },
  });
  return keep(connection, null, revocation);
}

function tell(
  connection: Connection,
  id: string,
  { news, by }: { readonly news: RevocationNews; readonly by: Teller | null },
): Revocation | null {
  const known = revocationOf(connection, id);
  if (known === null) return null;
  const told = withNews(known, news);
  if (JSON.stringify(told) === JSON.stringify(known)) return known;
  if (by !== null) {
    keepDeed(connection, { action: `revocation.${news.kind}`, subject: id, reason: why(news), by });
  }
  return keep(connection, known, told);
}

function why(news: RevocationNews): string {
  switch (news.kind) {
    case "planned":
      return `Version ${news.version.digest}.`;
    case "approved":
      return `Version ${news.said.digest}.`;
    case "declined":
    case "undone":
      return news.decision.reason;
    case "applied":
      return news.part;
    case "pruned":
      return news.key;
    case "tampered":
    case "denied":
    case "succeeded":
      return news.sign.by;
    case "released":
    case "lapsed":
    case "extended":
      return "";
    default:
      return news satisfies never;
  }
}

function keep(
  connection: Connection,
  before: Revocation | null,
  revocation: Revocation,
): Revocation {
  const { id, requestedAt, releasedAt, versions } = revocation;
  const text = columnText(id);
  const isOpen = isClosed(revocation) ? 0 : 1;
  const toldAt = lastToldAt(revocation);
  connection.run(
    KEEP, [text, requestedAt, releasedAt, isOpen, toldAt, JSON.stringify(revocation)],
  );
  keepEffects(connection, before, revocation);
  for (const { plan } of versions) {
    for (const change of plan.changes) {
      connection.run(KEEP_CHANGE, [columnText(changeKey(change)), text]);
    }
  }
  return revocation;
}

function revocationOf(connection: Connection, id: string): Revocation | null {
  const [row] = connection.all("SELECT data FROM revocations WHERE id = ?", [columnText(id)]);
  return row === undefined ? null : read(row);
}

function read(row: Parameters<typeof jsonIn>[0]): Revocation {
  return jsonIn(row) as Revocation;
}

function list(
  connection: Connection,
  { isOpen, since }: RevocationFilter,
  { limit, after }: { readonly limit: number; readonly after: RevocationPlace | null },
): readonly Revocation[] {
  const conditions: (readonly [string, readonly Parameter[]])[] = [
    ...(isOpen === undefined ? [] : [["is_open = ?", [isOpen ? 1 : 0]] as const]),
    ...(since === undefined
      ? []
      : [["max(requested_at, coalesce(released_at, 0)) >= ?", [since]] as const]),
    ...(after === null
      ? []
      : [["(requested_at, id) < (?, ?)", [after.requestedAt, columnText(after.id)]] as const]),
  ];
  const where = conditions.map(([condition]) => `AND ${condition}`).join(" ");
  const sql = `SELECT data FROM revocations WHERE 1 ${where}
    ORDER BY requested_at DESC, id DESC LIMIT ?`;
  return connection.all(sql, [...conditions.flatMap(([, values]) => values), limit]).map(read);
}

function takeLease(connection: Connection, { key, holder, now, until }: Lease): boolean {
  const [row] = connection.all(LEASE, [columnText(key)]);
  const isFree = row === undefined || integerIn(row, "until") <= now ||
    textIn(row, "holder") === columnText(holder);
  if (isFree) connection.run(TAKE_LEASE, [columnText(key), columnText(holder), until]);
  return isFree;
}

function pause(connection: Connection, reason: string | null, by: Teller): void {
  connection.run("DELETE FROM response_pause", []);
  if (reason !== null) {
    const decision: Decision = { by: by.actor, reason, at: by.at };
    connection.run("INSERT INTO response_pause (data) VALUES (?)", [JSON.stringify(decision)]);
  }
  const action = reason === null ? "response.resume" : "response.pause";
  keepDeed(connection, { action, subject: "response", reason: reason ?? "", by });
}

const KEEP = `INSERT INTO revocations (id, requested_at, released_at, is_open, told_at, data)
  VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET released_at = excluded.released_at,
  is_open = excluded.is_open, told_at = excluded.told_at, data = excluded.data`;
const KEEP_CHANGE = `INSERT INTO revocation_changes (key, revocation_id) VALUES (?, ?)
  ON CONFLICT DO NOTHING`;
const KEEP_CAPTURE = `INSERT INTO revocation_captures (revocation_id, data) VALUES (?, ?)
  ON CONFLICT DO NOTHING`;
const CAPTURE = "SELECT data FROM revocation_captures WHERE revocation_id = ?";
const AT = `SELECT data FROM revocations JOIN revocation_changes ON revocation_id = id
  WHERE key = ? AND is_open = 1 ORDER BY requested_at, id`;
const KEYS = `SELECT DISTINCT key FROM revocation_changes JOIN revocations ON id = revocation_id
  WHERE is_open = 1 AND released_at IS NOT NULL ORDER BY key`;
const LEASE = "SELECT holder, until FROM leases WHERE key = ?";
const TAKE_LEASE = `INSERT INTO leases (key, holder, until) VALUES (?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET holder = excluded.holder, until = excluded.until`;
const END_LEASE = "DELETE FROM leases WHERE key = ? AND holder = ?";
const PAUSE = "SELECT data FROM response_pause";
