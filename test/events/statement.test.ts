import { expect, test } from "vitest";
import { call } from "./record-builder.ts";

test.each([
  ["dynamodb", "ExecuteStatement", { statement: " select * from T" }, "read"],
  ["dynamodb", "ExecuteStatement", { statement: "-- SELECT\nDELETE FROM T" }, "write"],
  ["dynamodb", "ExecuteStatement", null, "write"],
  [
    "dynamodb", "BatchExecuteStatement",
    { statements: [{ statement: "SELECT 1" }, { statement: "UPDATE T SET a=1" }] }, "write",
  ],
  [
    "dynamodb", "BatchExecuteStatement",
    { statements: [{ statement: "SELECT 1" }, { statement: "SELECT 2" }] }, "read",
  ],
  ["dynamodb", "BatchExecuteStatement", { statements: [] }, "write"],
  [
    "dynamodb", "ExecuteTransaction",
    { transactStatements: [{ statement: "INSERT INTO T VALUE {}" }] }, "write",
  ],
  [
    "athena", "StartQueryExecution",
    { queryString: "/* weekly */ (SELECT 'drop table x; insert into y' FROM t);" }, "read",
  ],
  [
    "athena", "StartQueryExecution", { queryString: "WITH a AS (SELECT 1) SELECT * FROM a" },
    "read",
  ],
  ["athena", "StartQueryExecution", { queryString: "SHOW TABLES" }, "read"],
  ["athena", "StartQueryExecution", { queryString: "CREATE TABLE x AS SELECT 1" }, "write"],
  ["athena", "StartQueryExecution", { queryString: "INSERT INTO x SELECT 1" }, "write"],
  ["athena", "StartQueryExecution", { queryString: "UNLOAD (SELECT 1) TO 's3://b'" }, "write"],
  ["athena", "StartQueryExecution", { queryString: "MSCK REPAIR TABLE x" }, "write"],
  ["rdsdata", "ExecuteStatement", { sql: "SELECT 1; DROP TABLE x" }, "write"],
  ["rdsdata", "ExecuteStatement", { sql: "SELECT * INTO x FROM y" }, "write"],
  [
    "rdsdata", "ExecuteStatement", { sql: "WITH d AS (DELETE FROM x RETURNING *) SELECT * FROM d" },
    "write",
  ],
  ["rdsdata", "ExecuteStatement", { sql: "EXPLAIN ANALYZE UPDATE x SET a = 1" }, "write"],
  ["rdsdata", "ExecuteStatement", { sql: "HIDDEN_DUE_TO_SECURITY_REASONS" }, "write"],
  ["rdsdata", "ExecuteStatement", { sql: "select 'it''s -- fine' from x" }, "read"],
  ["redshift-data", "BatchExecuteStatement", { sqls: ["SELECT 1", "TRUNCATE x"] }, "write"],
])("the statement decides: %s %s %j is a %s", (source, name, ...[requestParameters, access]) => {
  for (const readOnly of [true, false, undefined]) {
    const event = call(source, name, { requestParameters, readOnly });
    expect(event).toMatchObject({ access, accessBasis: "override" });
  }
});

test("a hundred kilobytes of hostile SQL are read in one pass", () => {
  const queryString = "SELECT " + "/*'".repeat(33_000);
  expect(call("athena", "StartQueryExecution", { requestParameters: { queryString } }).access).toBe(
    "read",
  );
});
