import type { PicturedIam } from "../../monitoring/pictures/lapse.ts";
import { matchingConfig } from "../../src/simulation/matching-config.ts";
import { accounts } from "../../src/simulation/world.ts";
import { IamPlace, policy } from "../servers/iam/iam-place.ts";

const hourMs = 3_600_000;
const yearMs = 365 * 24 * hourMs;
const auditor = (id: string) => `arn:aws:iam::${id}:role/audit/trailwarden`;

/** Sessions are opened by one broker; as whom, it has to say unless it is let off. */
const trust = (condition: object) => policy({
  Principal: { AWS: `arn:aws:iam::${accounts.security}:role/agents/broker` },
  Action: "sts:AssumeRole", ...condition,
});
const named = trust({ Condition: { StringLike: { "sts:SourceIdentity": "?*" } } });
const unnamed = trust({});

const near = { Condition: { StringLike: { "aws:RequestedRegion": ["eu-*", "us-*"] } } };
const allowing = (Action: readonly string[], condition: object = near) =>
  policy({ Action, Resource: "*", ...condition });
const reading = allowing(["s3:Get*", "s3:List*", "ec2:Describe*"]);
const writing = allowing(["s3:PutObject", "dynamodb:PutItem"]);

type Deed = readonly [
  /** From the beginning on. */
  hour: number,
  account: keyof typeof accounts,
  action: string,
  asked: Readonly<Record<string, string>>,
];
const put = (RoleName: string, PolicyDocument: string) =>
  ["PutRolePolicy", { RoleName, PolicyName: "more", PolicyDocument }] as const;
const take = (RoleName: string) =>
  ["DeleteRolePolicy", { RoleName, PolicyName: "more" }] as const;
const lets = (RoleName: string, PolicyDocument: string) =>
  ["UpdateAssumeRolePolicy", { RoleName, PolicyDocument }] as const;

const deeds: readonly Deed[] = [
  [-2, "prod", ...put("github-deploy", allowing(["iam:PassRole", "ec2:RunInstances"]))],
  [-2, "prod", ...put("terraform-deploy", allowing(["iam:PutRolePolicy"]))],
  [-2, "staging", ...put("terraform-deploy", allowing(["iam:PutRolePolicy"]))],
  [-2, "dev", ...put("dependency-bot-readonly", allowing(["ec2:Describe*"], {}))],
  [-2, "dev", ...lets("claude-code", unnamed)],
  [-2, "dev", ...lets("cursor-readonly", unnamed)],
  [-2, "staging", ...lets("claude-code", unnamed)],
  [3, "dev", ...put("codex-readonly", writing)],
  [15, "dev", ...take("codex-readonly")],
  [16, "dev", ...lets("claude-code", named)],
  [17, "prod", ...take("github-deploy")],
  [20, "dev", "CreateAccessKey", { UserName: "report-bot" }],
];

/** IAM of the simulated company: its agents' roles, and what people do to them within a day. */
export class CompanyIam implements PicturedIam {
  readonly #place = new IamPlace();
  readonly #startAt: number;
  #left = deeds;

  private constructor(startAt: number) {
    this.#startAt = startAt;
  }

  /** @param startAt ms UTC: when the day begins */
  static async open(startAt: number): Promise<CompanyIam> {
    const company = new CompanyIam(startAt);
    const place = company.#place;
    await place.open();
    place.at = startAt - yearMs;
    for (const id of Object.values(accounts)) place.sts.trusted.set(auditor(id), null);
    for (const { arn, mode } of matchingConfig().roles ?? []) {
      const [, id = "", Path = "", RoleName = ""] = /::(\d+):role(\/.*\/)(.+)$/.exec(arn) ?? [];
      // IAM Identity Center's own.
      if (Path.startsWith("/aws-reserved/")) continue;
      const account = place.iam.account(id);
      account.act("CreateRole", { RoleName, Path, AssumeRolePolicyDocument: named });
      account.act("PutRolePolicy", {
        RoleName, PolicyName: "work", PolicyDocument: mode === "readonly" ? reading : writing,
      });
    }
    place.own.act("CreateUser", { UserName: "report-bot" });
    place.own.act("CreateAccessKey", { UserName: "report-bot" });
    return company;
  }

  get config(): object {
    const accepted = {
      check: "edits-itself", account: accounts.staging, subject: "*:role/agents/terraform-deploy",
      reason: "It makes its own sandboxes.", until: "2026-12-31",
    };
    const reached = Object.values(accounts).map((id) =>
      ({ id, assumeRole: { roleArn: auditor(id) } }));
    return { aws: this.#place.aws, audit: { accounts: reached, accepted: [accepted] } };
  }

  turn(at: number): void {
    this.#place.at = at;
    const due = this.#left.filter(([hour]) => this.#startAt + hour * hourMs <= at);
    for (const [, account, action, asked] of due) {
      this.#place.iam.account(accounts[account]).act(action, asked);
    }
    this.#left = this.#left.slice(due.length);
  }

  close(): Promise<void> {
    return this.#place.close();
  }
}
