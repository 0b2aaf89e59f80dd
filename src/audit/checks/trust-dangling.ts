import { trustIn, trustsNobody } from "../trust.ts";
import { failed, passed, policy, unknown, type RoleCheck } from "../verdict.ts";

/**
 * Where a trusted user or role is deleted, IAM shows its id instead of its ARN. Nobody gets in by
 * it, and nobody looked since.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export const trustDangling: RoleCheck = {
  name: "trust-dangling",
  title: "Trusts somebody who was deleted",
  level: "low",
  judge: ({ role }) => {
    const statements = trustIn(role.trust);
    if (statements === null) return unknown("Its trust policy cannot be read.");
    const dangling = statements.flatMap(({ principals }) =>
      principals.filter(({ value }) => isId(value)).map(({ value }) => value));
    if (dangling.length === 0) return passed("All whom it trusts are there, or were never named.");
    const left = statements.map(({ source }) => withoutIds(source)).filter((one) => one !== null);
    return failed(
      `It trusts ${dangling.join(", ")}, of a user or role that was deleted.`,
      { principals: dangling }, policy(left.length === 0 ? [trustsNobody] : left),
    );
  },
};

function isId(value: unknown): boolean {
  return typeof value === "string" && /^A(?:ROA|IDA)[A-Z0-9]{8,}$/.test(value);
}

/** Null where nobody is left. */
function withoutIds(source: Readonly<Record<string, unknown>>): object | null {
  const principal = source["Principal"] as Readonly<Record<string, unknown>>;
  const aws = [principal["AWS"]].flat().filter((value) => !isId(value));
  if (aws.length > 0) return { ...source, Principal: { ...principal, AWS: aws } };
  const others = Object.entries(principal).filter(([kind]) => kind !== "AWS");
  return others.length === 0 ? null : { ...source, Principal: Object.fromEntries(others) };
}
