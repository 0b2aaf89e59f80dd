import { readArn } from "../events/arn.ts";
import { cli, type Remedy } from "./verdict.ts";
import {
  coversAction,
  readPolicy,
  type PolicyStatement,
  type Principal,
} from "./policy-document.ts";

const assumeActions = [
  "sts:AssumeRole",
  "sts:AssumeRoleWithWebIdentity",
  "sts:AssumeRoleWithSAML",
] as const;

export const trustsNobody = { Effect: "Deny", Principal: { AWS: "*" }, Action: "sts:AssumeRole" };

/** Nobody may assume it; the role itself, and what it may do, stay for whoever needs them. */
export function disarm(roleName: string): Remedy {
  const trust = { Version: "2012-10-17", Statement: [trustsNobody] };
  return cli("iam update-assume-role-policy", {
    "role-name": roleName, "policy-document": JSON.stringify(trust),
  });
}

/** What lets somebody assume a role; null where the trust policy cannot be read. */
export function trustIn(trust: string): readonly PolicyStatement[] | null {
  const statements = readPolicy(trust);
  return statements === null
    ? null
    : statements.filter(
        (statement) =>
          statement.effect === "Allow" &&
          assumeActions.some((action) => coversAction(statement, action)),
      );
}

/** The account of `111122223333`, of `arn:aws:iam::111122223333:root` and of who is in it. */
export function accountOf({ kind, value }: Principal): string | null {
  if (kind !== "AWS") return null;
  if (/^\d{12}$/.test(value)) return value;
  const account = readArn(value)?.account ?? "";
  return account === "" ? null : account;
}

/** Whether it lets in a whole account, for it to say who. */
export function isWholeAccount({ value }: Principal): boolean {
  return /^\d{12}$/.test(value) || /^arn:[^:]+:iam::\d{12}:root$/.test(value);
}

/** The values of a condition that must be equal to, or like, what is asked with. */
export function valuesOf(
  { conditions }: PolicyStatement,
  isKey: (key: string) => boolean,
): readonly string[] {
  return conditions
    .filter(({ operator, key }) => isKey(key) && isBinding(operator))
    .flatMap(({ values }) => values);
}

/**
 * Operators that hold only for a value that is there and fits. `ForAllValues:` holds where there
 * is none, as does `…IfExists`.
 * As the page "Single-valued vs. multivalued context keys" of IAM's user guide tells.
 */
function isBinding(operator: string): boolean {
  return bindingOperators.has(operator.toLowerCase().replace(/^foranyvalue:/, ""));
}

const bindingOperators: ReadonlySet<string> = new Set([
  "stringequals", "stringlike", "stringequalsignorecase", "arnequals", "arnlike", "ipaddress",
]);
