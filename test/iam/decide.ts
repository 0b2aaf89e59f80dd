import { areMet, type Context } from "./evaluate.ts";

/** One call, as IAM decides on it. */
export interface Call {
  readonly action: string;
  readonly resource: string;
  readonly context?: Context;
}

type Texts = string | readonly string[];
interface Statement {
  readonly Effect: string;
  readonly Action?: Texts;
  readonly NotAction?: Texts;
  readonly Resource?: Texts;
  readonly NotResource?: Texts;
  readonly Condition?: Parameters<typeof areMet>[0];
}

/**
 * Whether identity policies allow a call: some statement does, and none denies it. Written for
 * tests, apart from what writes the policies.
 * docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function isAllowed(documents: readonly string[], call: Call): boolean {
  const fitting = documents.flatMap((document) => {
    const { Statement } = JSON.parse(document) as { readonly Statement: readonly Statement[] };
    return Statement.filter((statement) => fits(statement, call));
  });
  return fitting.some(({ Effect }) => Effect === "Allow") &&
    !fitting.some(({ Effect }) => Effect === "Deny");
}

function fits(statement: Statement, { action, resource, context = {} }: Call): boolean {
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  return isAmong(action, { wanted: Action, others: NotAction, flags: "i" }) &&
    isAmong(resource, { wanted: Resource, others: NotResource, flags: "" }) &&
    areMet(Condition, context);
}

function isAmong(value: string, { wanted, others, flags }: {
  readonly wanted: Texts | undefined; readonly others: Texts | undefined; readonly flags: string;
}): boolean {
  const matches = (pattern: string) => regexOf(pattern, flags).test(value);
  if (wanted !== undefined) return [wanted].flat().some(matches);
  if (others === undefined) throw new Error("MalformedPolicyDocument");
  return ![others].flat().some(matches);
}

function regexOf(pattern: string, flags: string): RegExp {
  const text = pattern.replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${text.replaceAll("*", ".*").replaceAll("?", ".")}$`, flags);
}
