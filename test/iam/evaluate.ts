/**
 * What IAM makes of deny statements, as far as our policies go: written for tests, apart from what
 * writes the policies, and strict: what it does not know is an error, never a guess.
 *
 * Statements are alternatives. Within one, all operators and all keys must hold; of the values of
 * one key, any. A key that is absent from the request fits no operator, but `…IfExists`.
 * "Conditions with multiple context keys or values" in IAM's user guide.
 */
export type Context = Readonly<Record<string, string>>;

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}

/** Whether any statement of these documents denies the request explicitly. */
export function isDenied(documents: readonly string[], context: Context): boolean {
  return documents.flatMap(statementsOf).some((statement) => fits(statement, context));
}

function statementsOf(document: string): readonly Statement[] {
  const { Version, Statement: statements, ...rest } = JSON.parse(document) as {
    readonly Version: string;
    readonly Statement: Statement | readonly Statement[];
  };
  if (Version !== "2012-10-17") throw new Error(`Version ${Version}`);
  if (Object.keys(rest).length > 0) throw new Error(`Unknown: ${Object.keys(rest).join(", ")}`);
  const list = [statements].flat() as readonly Statement[];
  if (list.length === 0) throw new Error("MalformedPolicyDocument: no statement");
  const sids = list.flatMap(({ Sid }) => Sid ?? []);
  if (new Set(sids).size < sids.length) throw new Error("MalformedPolicyDocument: Sid twice");
  if (sids.some((sid) => !/^[A-Za-z0-9]+$/.test(sid))) throw new Error("MalformedPolicyDocument");
  return list;
}

function fits({ Effect, Action, Resource, Condition = {} }: Statement, context: Context): boolean {
  if (Effect === "Allow") return false;
  if (Effect !== "Deny") throw new Error(`Effect ${Effect}`);
  for (const all of [Action, Resource]) {
    if ([all].flat().join() !== "*") throw new Error("Only * is known here.");
  }
  return areMet(Condition, context);
}

/** Whether every condition of a statement holds. */
export function areMet(
  conditions: NonNullable<Statement["Condition"]>,
  context: Context,
): boolean {
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) =>
      holds(operator, [values].flat(), valueOf(key, context))));
}

/** Names of keys are the same in any case. */
function valueOf(key: string, context: Context): string | null {
  const lower = key.toLowerCase();
  return Object.entries(context).find(([name]) => name.toLowerCase() === lower)?.[1] ?? null;
}

function holds(operator: string, values: readonly string[], actual: string | null): boolean {
  const name = operator.replace(/IfExists$/, "");
  const compare = operators.get(name);
  if (compare === undefined) throw new Error(`Operator ${operator}`);
  if (values.some((value) => value.includes("${"))) throw new Error("A policy variable");
  if (actual === null) return operator !== name;
  return values.some((value) => compare(value, actual));
}

const operators: ReadonlyMap<string, (value: string, actual: string) => boolean> = new Map([
  ["StringEquals", (value, actual) => value === actual],
  ["StringLike", (value, actual) => pattern(value).test(actual)],
  ["DateLessThan", (value, actual) => instant(actual) < instant(value)],
]);

function pattern(value: string): RegExp {
  const literal = value.replaceAll(/[.+^$()|[\]{}\\]/g, String.raw`\$&`);
  return new RegExp(`^${literal.replaceAll("*", "[^]*").replaceAll("?", "[^]")}$`);
}

function instant(text: string): number {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(text)) throw new Error(`Date ${text}`);
  return Date.parse(text);
}
