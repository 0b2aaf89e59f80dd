import { fieldsOf, listOf, type Fields } from "./field.ts";

/** Operations whose effect is in the SQL or PartiQL they carry. */
export function carriesStatement(operation: string): boolean {
  return statementsOf.has(operation);
}

/**
 * Whether the statements of a call only read. What cannot be seen (a denied call's parameters are
 * nulled, long ones are omitted) or is not plainly a query counts as a write. That Athena keeps
 * every query's result in S3 does not count.
 */
export function statementAccess(operation: string, parameters: unknown): "read" | "write" {
  const statements = statementsOf.get(operation)?.(fieldsOf(parameters)) ?? [];
  return statements.length > 0 && statements.every(onlyReads) ? "read" : "write";
}

type Statements = (parameters: Fields) => readonly unknown[];

const statementsOf: ReadonlyMap<string, Statements> = new Map<string, Statements>([
  ["dynamodb:ExecuteStatement", ({ statement }) => [statement]],
  ["dynamodb:BatchExecuteStatement", ({ statements }) => listOf(statements).map(innerOf)],
  [
    "dynamodb:ExecuteTransaction",
    ({ transactStatements }) => listOf(transactStatements).map(innerOf),
  ],
  ["athena:StartQueryExecution", ({ queryString }) => [queryString]],
  ["rds-data:ExecuteStatement", ({ sql }) => [sql]],
  ["rds-data:BatchExecuteStatement", ({ sql }) => [sql]],
  ["rds-data:ExecuteSql", ({ sqlStatements }) => [sqlStatements]],
  ["redshift-data:ExecuteStatement", ({ sql }) => [sql]],
  ["redshift-data:BatchExecuteStatement", ({ sqls }) => listOf(sqls)],
]);

function innerOf(value: unknown): unknown {
  return fieldsOf(value).statement;
}

function onlyReads(statement: unknown): boolean {
  if (typeof statement !== "string") return false;
  const bare = withoutQuotesAndComments(statement).trim();
  const verb = /^[(\s]*([a-z]+)/i.exec(bare)?.[1]?.toUpperCase();
  if (verb === undefined || anotherStatement.test(bare)) return false;
  if (plainVerbs.has(verb)) return !/\bINTO\b/i.test(bare);
  return wrappingVerbs.has(verb) && !writingWord.test(bare);
}

const anotherStatement = /;\s*[^\s;]/;

const plainVerbs = new Set(["SELECT", "SHOW", "DESCRIBE", "DESC", "EXISTS", "VALUES"]);

/** They may hold a write inside: `WITH … INSERT`, `EXPLAIN ANALYZE DELETE`. */
const wrappingVerbs = new Set(["WITH", "EXPLAIN"]);

const writingWord =
  /\b(?:INSERT|UPDATE|DELETE|MERGE|INTO|CREATE|DROP|ALTER|TRUNCATE|UNLOAD|COPY)\b/i;

const closings: ReadonlyMap<string, string> = new Map([
  ["'", "'"],
  ['"', '"'],
  ["`", "`"],
  ["--", "\n"],
  ["/*", "*/"],
]);

/**
 * Words inside quotes and comments do nothing; each stretch becomes a space. One pass: the text is
 * a caller's.
 */
function withoutQuotesAndComments(statement: string): string {
  const kept: string[] = [];
  let from = 0;
  for (let match = openings.exec(statement); match !== null; match = openings.exec(statement)) {
    const closing = closings.get(match[0]) ?? "";
    kept.push(statement.slice(from, match.index), " ");
    const end = statement.indexOf(closing, match.index + match[0].length);
    from = end < 0 ? statement.length : end + closing.length;
    openings.lastIndex = from;
  }
  openings.lastIndex = 0;
  kept.push(statement.slice(from));
  return kept.join("");
}
const openings = /['"`]|--|\/\*/g;
