import { History } from "../../src/audit/history.ts";
import type { AuditReport } from "../../src/audit/audit-report.ts";
import { Config } from "../../src/config/schema.ts";
import { judgeAudit } from "../../src/judge-audit.ts";
import { accountWith } from "../audit/accounts.ts";
import {
  account, allow, daysAgo, deny, document, key, knownAt, now, role, trust, user,
} from "../audit/subjects.ts";

/** What a page might run, were it not escaped. */
export const hostile = `<img src=x onerror="document.title='run'">"'</style><script>run()</script>`;

const arnOf = (name: string) => `arn:aws:iam::${account}:role/agents/${name}`;
const own = (...statements: readonly object[]) =>
  [{ name: "own", document: document(...statements) }];
const by = (name: string) => trust({ AWS: arnOf(name) });

const config = Config.parse({
  agents: [
    { name: "aider", owner: "platform", roles: ["*:role/agents/aider*"] },
    { name: "nightly", owner: "data", roles: ["*:role/agents/nightly"] },
    { name: "ghost" },
  ],
  audit: { accepted: [
    { check: "key-old", subject: "*:user/agents/ci", reason: "Gone in July.", until: "2026-07-31" },
  ] },
});

const roles = [
  role({
    name: "aider-readonly", arn: arnOf("aider-readonly"), trust: by("orchestrator"),
    inlinePolicies: own(allow(["s3:Get*", "s3:PutObject"]), allow("sts:AssumeRole")),
  }),
  role({
    name: "orchestrator", arn: arnOf("orchestrator"), lastUsed: null,
    trust: trust({ Federated: `arn:aws:iam::${account}:oidc-provider/token.actions.github` +
      "usercontent.com" }, { Action: "sts:AssumeRoleWithWebIdentity" }),
    inlinePolicies: own(allow(["iam:*", "iam:PassRole"]), allow("sts:AssumeRole", {
      Resource: "arn:aws:iam::777788889999:role/shared-deploy",
    })),
  }),
  role({
    name: "nightly", arn: arnOf("nightly"), trust: trust("*"),
    lastUsed: { at: daysAgo(90), region: null },
    inlinePolicies: own(allow("*"), deny("organizations:*")),
  }),
  role({ name: "deploy", arn: arnOf("deploy"), trust: by("aider-readonly") }),
  role({ name: "prod-deploy", arn: arnOf("prod-deploy"), trust: by("deploy") }),
  role({ name: hostile, arn: arnOf(hostile), trust: by("nightly"), lastUsed: null }),
];
const users = [
  user({ name: "ci", arn: `arn:aws:iam::${account}:user/agents/ci`, accessKeys: knownAt([
    key("AKIACI00000000000001", { createdAt: daysAgo(400) }), key("AKIACI00000000000002"),
  ]) }),
  user({ name: "bot", arn: `arn:aws:iam::${account}:user/agents/bot`, accessKeys: knownAt([
    key("AKIABOT0000000000001", { createdAt: daysAgo(120) }),
  ]) }),
];

export async function madeReport(): Promise<AuditReport> {
  const accounts = [accountWith({ roles, users })];
  const auditing = { config, history: new History(config, true), accounts, only: [] };
  const earlier = await judgeAudit({ ...auditing, at: daysAgo(7), before: null });
  const failures = earlier.judgements.filter(({ result }, i) => result === "fail" && i % 3 > 0);
  return judgeAudit({
    ...auditing, at: now,
    before: { at: daysAgo(7), failures: [...failures, {
      result: "fail", check: "two-active-keys", title: "Two active access keys", level: "low",
      account, subject: users[1]?.arn ?? "", because: "", evidence: {}, remedy: null,
      change: "new", since: daysAgo(30), accepted: null,
    }] },
  });
}
