import { collect } from "../../src/audit/collect.ts";
import { emptySnapshot, type Account, type Snapshot } from "../../src/audit/snapshot.ts";
import { accountWanted, type AccountTarget } from "../../src/sources/identities.ts";
import { ownAccount } from "../aws/sts-service.ts";
import type { IamAccount } from "../servers/iam/account.ts";
import { IamPlace, reading, startedAt, trust } from "../servers/iam/iam-place.ts";
import { TurnedClock } from "../sources/watching.ts";

/** What a collection is made with, where a test says otherwise. */
export interface Asking {
  readonly targets?: readonly AccountTarget[];
  readonly from?: Snapshot;
  readonly stop?: AbortController;
}

/** Collecting from an IAM in this process, with AWS's own client and a clock turned by waits. */
export class Asked {
  readonly place = new IamPlace();
  readonly clock = new TurnedClock(startedAt);
  readonly faults: string[] = [];
  /** As they were saved, each whole. */
  readonly saved: Snapshot[] = [];

  async collected({ targets = [own], from, stop }: Asking = {}): Promise<Snapshot> {
    const { clock } = this;
    const { signal } = stop ?? new AbortController();
    const patience = {
      clock, signal,
      failed: ({ code }: { readonly code: string }) => {
        this.faults.push(code);
      },
      recovered: () => undefined,
    };
    const accounts = await Promise.all(
      targets.map((target) => accountWanted(this.place.aws, target, patience)));
    return collect({
      accounts, signal,
      wantsUseOf: ({ tags }) => tags.some(({ key }) => key === "agent"),
      now: () => clock.now(),
      save: (snapshot) => {
        this.saved.push(structuredClone(snapshot));
        return Promise.resolve();
      },
    }, from ?? emptySnapshot(startedAt));
  }

  /** The only account's part. */
  async account(asking: Asking = {}): Promise<Account> {
    const { accounts: [account] } = await this.collected(asking);
    if (account === undefined) throw new Error("There is no account.");
    return account;
  }
}

export const own: AccountTarget = { id: ownAccount, isManagement: null };

export const dayMs = 86_400_000;
export const usedAt = startedAt - dayMs;

/** An agent's role, a bot with a key and a group, a person with a password, providers. */
export function populate(account: IamAccount): void {
  const { state } = account;
  const of = `arn:aws:iam::${state.id}`;
  account.act("CreateRole", {
    RoleName: "aider", Path: "/agents/", AssumeRolePolicyDocument: trust,
    MaxSessionDuration: "7200", Tags: [{ Key: "agent", Value: "aider" }],
  });
  account.act("CreateRole", { RoleName: "idle", AssumeRolePolicyDocument: trust });
  account.act("PutRolePolicy", {
    RoleName: "aider", PolicyName: "read", PolicyDocument: reading,
  });
  account.act("CreatePolicy", { PolicyName: "Bounds", Path: "/our/", PolicyDocument: reading });
  account.act("PutRolePermissionsBoundary", {
    RoleName: "aider", PermissionsBoundary: `${of}:policy/our/Bounds`,
  });
  account.act("AttachRolePolicy", {
    RoleName: "aider", PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
  });
  const role = state.roles.get("aider");
  if (role !== undefined) role.lastUsed = { at: new Date(usedAt), region: "eu-west-1" };
  account.act("CreateGroup", { GroupName: "bots" });
  account.act("PutGroupPolicy", {
    GroupName: "bots", PolicyName: "read", PolicyDocument: reading,
  });
  for (const UserName of ["bot", "ann,lee"]) account.act("CreateUser", { UserName });
  account.act("AddUserToGroup", { GroupName: "bots", UserName: "bot" });
  account.act("CreateAccessKey", { UserName: "bot" });
  account.act("CreateAccessKey", { UserName: "bot" });
  const [key] = state.users.get("bot")?.keys ?? [];
  if (key !== undefined) {
    key.lastUsed = { at: new Date(usedAt), service: "s3", region: "eu-west-1" };
  }
  account.act("CreateLoginProfile", { UserName: "ann,lee", Password: "long enough" });
  account.act("CreateOpenIDConnectProvider", {
    Url: "https://token.actions.githubusercontent.com", ClientIDList: ["sts.amazonaws.com"],
  });
  account.act("CreateSAMLProvider", { Name: "idp", SAMLMetadataDocument: "x".repeat(1000) });
  state.uses.set(`${of}:role/agents/aider`, [
    { namespace: "s3", at: new Date(usedAt), actions: [
      { name: "GetObject", at: new Date(usedAt) }, { name: "ListBuckets" },
    ] },
    { namespace: "ec2" },
  ]);
}
