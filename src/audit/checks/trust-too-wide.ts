import type { PolicyStatement, Principal } from "../policy-document.ts";
import { accountOf, isWholeAccount, trustIn, valuesOf } from "../trust.ts";
import type { RoleSubject } from "../subject.ts";
import { failed, passed, policy, unknown, type RoleCheck } from "../verdict.ts";

const github = "token.actions.githubusercontent.com";

/**
 * A trust policy that lets in more than anybody meant to: everybody, a foreign account without an
 * external id, any repository, tokens that were made for others.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
 */
export const trustTooWide: RoleCheck = {
  name: "trust-too-wide",
  title: "Trust policy lets in more than anybody meant to",
  level: "high",
  judge: (subject) => {
    const statements = trustIn(subject.role.trust);
    if (statements === null) return unknown("Its trust policy cannot be read.");
    const faults = statements.flatMap((statement) => faultsOf(statement, subject));
    if (faults.length === 0) return passed("It names whom it trusts.");
    const because = faults.map(({ because: one }) => one).join(" ");
    return failed(
      because,
      { principals: faults.map(({ principal }) => principal) },
      policy(statements.map((statement) => narrowed(statement, subject))),
    );
  },
};

interface Fault {
  readonly principal: string;
  readonly because: string;
}

function faultsOf(statement: PolicyStatement, subject: RoleSubject): readonly Fault[] {
  const named = statement.principals.flatMap((principal) => {
    const because = faultOf(principal, statement, subject);
    return because === null ? [] : [{ principal: principal.value, because }];
  });
  const everybodyBut = "It trusts everybody but those under NotPrincipal.";
  return statement.hasNotPrincipal ? [...named, { principal: "*", because: everybodyBut }] : named;
}

/** Keys that say who, or whose, asks. */
const namingKeys: ReadonlySet<string> = new Set([
  "aws:principalarn",
  "aws:principalaccount",
  "aws:principalorgid",
  "aws:principalorgpaths",
  "aws:sourcearn",
  "aws:sourceaccount",
  "aws:sourceorgid",
  "sts:externalid",
  "aws:userid",
]);

function faultOf(
  principal: Principal,
  statement: PolicyStatement,
  { account }: RoleSubject,
): string | null {
  const { kind, value } = principal;
  if (kind === "Federated") return federatedFault(principal, statement);
  if (kind !== "AWS") return null;
  if (value.includes("*")) {
    const naming = valuesOf(statement, (key) => namingKeys.has(key));
    return naming.some((one) => !/^[*?]+$/.test(one)) ? null : `It trusts ${value}: anybody.`;
  }
  const whose = accountOf(principal);
  if (whose === null || whose === account || !isWholeAccount(principal)) return null;
  const isNamed = valuesOf(statement, (key) => namingKeys.has(key)).length > 0;
  return isNamed ? null : `It trusts all of account ${whose}, without sts:ExternalId.`;
}

function federatedFault({ value }: Principal, statement: PolicyStatement): string | null {
  const provider = /:oidc-provider\/(.+)$/.exec(value)?.[1];
  if (provider === undefined) return null;
  const conditions = (suffix: string) =>
    valuesOf(statement, (key) => key === `${provider.toLowerCase()}:${suffix}`);
  if (conditions("aud").length === 0)
    return `It does not check for whom tokens of ${provider} are.`;
  const subjects = conditions("sub");
  if (subjects.length === 0) return `It trusts every subject of ${provider}.`;
  const wide = subjects.find((subject) => isWide(subject, provider));
  return wide === undefined ? null : `It trusts ${wide} of ${provider}.`;
}

/**
 * GitHub's subjects are `repo:<owner>/<name>:<what>`, newer ones with ids: `owner@1/name@2`. A
 * pattern has to name owner and repository, and more than just that anything of it may come.
 * https://docs.github.com/en/actions/reference/security/oidc
 */
function isWide(subject: string, provider: string): boolean {
  if (/^[*?:]*$/.test(subject)) return true;
  if (provider !== github) return false;
  const [, owner = "", name = "", rest = ""] =
    /^repo:([^/]*)\/([^:]*)(?::(.*))?$/.exec(subject) ?? [];
  return [owner, name, rest].some((part) => part === "" || part.startsWith("*"));
}

/** The same trust with what is missing put in, its value for a person to fill in. */
function narrowed(statement: PolicyStatement, subject: RoleSubject): object {
  const { source, principals } = statement;
  const missing = principals.map((principal) =>
    faultOf(principal, statement, subject) === null ? {} : missingFor(principal, subject),
  );
  const equals = Object.assign({}, ...missing) as Record<string, string>;
  const condition = (source["Condition"] ?? {}) as Record<string, object>;
  return Object.keys(equals).length === 0
    ? source
    : {
        ...source,
        Condition: { ...condition, StringEquals: { ...condition["StringEquals"], ...equals } },
      };
}

function missingFor(
  { kind, value }: Principal,
  { account }: RoleSubject,
): Readonly<Record<string, string>> {
  if (kind !== "Federated") {
    return value.includes("*")
      ? { "aws:PrincipalAccount": account }
      : { "sts:ExternalId": "AN_ID_OF_YOUR_OWN" };
  }
  const provider = value.slice(value.indexOf(":oidc-provider/") + ":oidc-provider/".length);
  const sub = provider === github ? "repo:OWNER/REPOSITORY:ref:refs/heads/main" : "SUBJECT";
  return { [`${provider}:aud`]: "sts.amazonaws.com", [`${provider}:sub`]: sub };
}
