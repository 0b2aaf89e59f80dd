import { trustTooWide } from "../../../src/audit/checks/trust-too-wide.ts";
import { account, judgesRoles, trust, type RoleCase } from "../subjects.ts";

const host = "token.actions.githubusercontent.com";
const github = { Federated: `arn:aws:iam::${account}:oidc-provider/${host}` };
const aud = { [`${host}:aud`]: "sts.amazonaws.com" };
const equals = (values: object) => ({
  Action: "sts:AssumeRoleWithWebIdentity",
  Condition: { StringEquals: values },
});
const ofGithub = (sub: string): Partial<RoleCase> => ({
  role: {
    trust: trust(github, {
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: { StringEquals: aud, StringLike: { [`${host}:sub`]: sub } },
    }),
  },
});
const narrow = { result: "pass", because: "It names whom it trusts." } as const;
const wideSubject = (sub: string): RoleCase => ({
  what: `GitHub's ${sub}`,
  ...ofGithub(sub),
  result: "fail",
  because: `It trusts ${sub} of ${host}.`,
  remedy: `"${host}:sub": "repo:OWNER/REPOSITORY:ref:refs/heads/main"`,
});

judgesRoles(trustTooWide, [
  { what: "a role of its own account", ...narrow },
  { what: "its whole own account", role: { trust: trust({ AWS: account }) }, ...narrow },
  { what: "a service", role: { trust: trust({ Service: "lambda.amazonaws.com" }) }, ...narrow },
  {
    what: "everybody",
    role: { trust: trust("*") },
    result: "fail",
    because: "It trusts *: anybody.",
    remedy: `"aws:PrincipalAccount": "${account}"`,
  },
  {
    what: "everybody of an organisation",
    role: {
      trust: trust({ AWS: "*" }, { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-a" } } }),
    },
    ...narrow,
  },
  {
    what: "everybody, with a condition that holds for anybody",
    result: "fail",
    role: {
      trust: trust({ AWS: "*" }, { Condition: { StringLike: { "aws:PrincipalArn": "*" } } }),
    },
    because: "It trusts *: anybody.",
  },
  {
    what: "everybody, with a condition that holds where the key is absent",
    result: "fail",
    role: {
      trust: trust(
        { AWS: "*" },
        {
          Condition: { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-a" } },
        },
      ),
    },
    because: "It trusts *: anybody.",
  },
  {
    what: "everybody but one",
    result: "fail",
    role: { trust: trust(undefined, { NotPrincipal: { AWS: "arn:aws:iam::1:root" } }) },
    because: "It trusts everybody but those under NotPrincipal.",
  },
  {
    what: "a foreign account",
    role: { trust: trust({ AWS: "arn:aws:iam::999988887777:root" }) },
    result: "fail",
    because: "It trusts all of account 999988887777, without sts:ExternalId.",
    remedy: '"sts:ExternalId": "AN_ID_OF_YOUR_OWN"',
  },
  {
    what: "a foreign account with an external id",
    ...narrow,
    role: {
      trust: trust(
        { AWS: "999988887777" },
        { Condition: { StringEquals: { "sts:ExternalId": "x1" } } },
      ),
    },
  },
  {
    what: "a foreign role",
    role: { trust: trust({ AWS: "arn:aws:iam::999988887777:role/a" }) },
    ...narrow,
  },
  {
    what: "GitHub without an audience",
    result: "fail",
    role: { trust: trust(github, equals({ [`${host}:sub`]: "repo:org/app:ref:refs/heads/main" })) },
    because: `It does not check for whom tokens of ${host} are.`,
    remedy: `"${host}:aud": "sts.amazonaws.com"`,
  },
  {
    what: "GitHub without a subject",
    role: { trust: trust(github, equals(aud)) },
    result: "fail",
    because: `It trusts every subject of ${host}.`,
  },
  wideSubject("*"),
  wideSubject("repo:*"),
  wideSubject("repo:org/*"),
  wideSubject("repo:org/*:*"),
  wideSubject("repo:org/app:*"),
  wideSubject("repo:*/app:ref:refs/heads/main"),
  { what: "GitHub's branch", ...ofGithub("repo:org/app:ref:refs/heads/main"), ...narrow },
  {
    what: "GitHub's branches of releases",
    ...ofGithub("repo:org/app:ref:refs/heads/rel-*"),
    ...narrow,
  },
  { what: "GitHub's environment", ...ofGithub("repo:org/app:environment:prod"), ...narrow },
  { what: "GitHub's ids", ...ofGithub("repo:org@12/app@34:ref:refs/heads/main"), ...narrow },
  {
    what: "GitHub, by a condition that holds for no subject too",
    result: "fail",
    role: {
      trust: trust(github, {
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: aud,
          "ForAllValues:StringEquals": { [`${host}:sub`]: "repo:org/app:ref:refs/heads/main" },
        },
      }),
    },
    because: `It trusts every subject of ${host}.`,
  },
  {
    what: "a trust policy that is none",
    role: { trust: "{" },
    result: "unknown",
    because: "Its trust policy cannot be read.",
  },
]);
