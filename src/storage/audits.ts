import type { AgentIdentity } from "../audit/inventory.ts";
import type { Result } from "../audit/result.ts";
import type { AuditRun, WholeRun } from "../audit/run.ts";
import type { AuditStore, FailureFilter, Placed } from "../audit/store.ts";
import { levels } from "../detections/detection.ts";
import { columnText } from "./column-text.ts";
import { integerIn, jsonIn, type Connection, type Row } from "./connection.ts";
import type { Engine } from "./sqlite-store.ts";

/** A run a day, for more than a year. */
const runsKept = 400;

export function auditStore({ writer, reader }: Engine): AuditStore {
  return {
    keepAudit: (run) => writer.transaction(() => keep(writer.connection, run)),
    auditRuns: ({ limit, after }) => Promise.resolve(
      reader.all(RUNS, [after ?? Number.MAX_SAFE_INTEGER, limit]).map((row) =>
        ({ id: integerIn(row, "id"), ...(jsonIn(row) as Omit<AuditRun, "id">) }))),
    auditFailures: ({ check, minLevel }: FailureFilter, { limit, after }) => Promise.resolve(
      reader.all(FAILURES, [
        after ?? 0, check === undefined ? null : columnText(check),
        check === undefined ? null : columnText(check), orderOf(minLevel ?? levels[0]), limit,
      ]).map((row): Placed<Result> => placed(row))),
    agentIdentities: (kind, { limit, after }) => Promise.resolve(
      reader.all(IDENTITIES, [after ?? 0, kind, kind, limit])
        .map((row): Placed<AgentIdentity> => placed(row))),
  };
}

function keep(connection: Connection, { run, failures, identities }: WholeRun): number {
  const id = connection.insert(
    "INSERT INTO audit_runs (at, data) VALUES (?, ?)", [run.at, JSON.stringify(run)]);
  connection.run("DELETE FROM audit_runs WHERE id <= ?", [id - runsKept]);
  connection.run("DELETE FROM audit_failures", []);
  for (const [i, failure] of failures.entries()) {
    const { check, level } = failure;
    connection.run(KEEP_FAILURE, [
      i + 1, columnText(check), orderOf(level), JSON.stringify(failure),
    ]);
  }
  connection.run("DELETE FROM agent_identities", []);
  for (const [i, identity] of identities.entries()) {
    connection.run(KEEP_IDENTITY, [i + 1, identity.kind, JSON.stringify(identity)]);
  }
  return id;
}

/** 0 is the worst, as for findings. */
function orderOf(level: (typeof levels)[number]): number {
  return levels.length - 1 - levels.indexOf(level);
}

function placed<T>(row: Row): Placed<T> {
  return { place: integerIn(row, "place"), item: jsonIn(row) as T };
}

const RUNS = "SELECT id, data FROM audit_runs WHERE id < ? ORDER BY id DESC LIMIT ?";
const FAILURES = `SELECT place, data FROM audit_failures WHERE place > ?
  AND (? IS NULL OR check_name = ?) AND level_order <= ? ORDER BY place LIMIT ?`;
const IDENTITIES = `SELECT place, data FROM agent_identities WHERE place > ?
  AND (? IS NULL OR kind = ?) ORDER BY place LIMIT ?`;
const KEEP_FAILURE = `INSERT INTO audit_failures (place, check_name, level_order, data)
  VALUES (?, ?, ?, ?)`;
const KEEP_IDENTITY = "INSERT INTO agent_identities (place, kind, data) VALUES (?, ?, ?)";
