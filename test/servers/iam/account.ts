import { Refusal, type Asked, type Told } from "../query.ts";
import { accountActions } from "./account-details.ts";
import type { Action } from "./action.ts";
import { reportActions } from "./credential-report.ts";
import { lastAccessedActions } from "./last-accessed.ts";
import { newPolicy, policyActions } from "./policies.ts";
import { providerActions } from "./providers.ts";
import { roleActions, roleNamed } from "./roles.ts";
import { emptyAccount, type AccountState, type RoleState } from "./state.ts";
import { credentialActions } from "./user-credentials.ts";
import { groupActions, userActions } from "./users.ts";

const actions: Readonly<Record<string, Action>> = {
  ...roleActions, ...policyActions, ...userActions, ...groupActions, ...credentialActions,
  ...reportActions, ...lastAccessedActions, ...providerActions, ...accountActions,
};

export interface IamCall {
  /** `PutRolePolicy` */
  readonly action: string;
  readonly asked: Readonly<Record<string, Asked>>;
  /** Who asks, as an ARN. */
  readonly caller: string;
}

/** One account's IAM, and what is to go wrong in it. */
export class IamAccount {
  /** `iam:ListRoles`: what nobody may do. */
  readonly denied = new Set<string>();
  /** How many of the next calls are refused for their number. */
  throttleCount = 0;
  /** The most a page holds, whatever was asked for. */
  pageSize = 1000;
  /** How often a report or a job is not ready when it is asked for. */
  pollCount = 0;
  /** Whether jobs come to nothing. */
  jobsFail = false;
  /** How many reads after a write see what was before it. */
  staleReads = 0;
  /** Called before an action is carried out; what it waits for, the action waits for. */
  before: ((call: IamCall) => void | Promise<void>) | null = null;
  /** All that came, refused or not. */
  readonly calls: IamCall[] = [];
  readonly state: AccountState;
  readonly #now: () => Date;
  #stale: { readonly state: AccountState; left: number } | null = null;

  constructor(id: string, now: () => Date) {
    this.state = emptyAccount(id);
    this.#now = now;
    const everything = { Effect: "Allow", Action: "*", Resource: "*" };
    this.addAwsPolicy("AdministratorAccess", [everything]);
  }

  /** How often an action was asked for. */
  count(action: string): number {
    return this.calls.filter((call) => call.action === action).length;
  }

  /** As a client asked. Throws a Refusal. */
  async answer(call: IamCall): Promise<Told> {
    this.calls.push(call);
    const { action, asked, caller } = call;
    if (this.throttleCount > 0) {
      this.throttleCount -= 1;
      throw new Refusal(400, "Throttling", "Rate exceeded");
    }
    if (this.denied.has(`iam:${action}`)) throw this.#denial(call);
    await this.before?.(call);
    return this.act(action, asked, caller);
  }

  /** The same without what goes wrong: as somebody else does it elsewhere. */
  act(action: string, asked: Readonly<Record<string, Asked>>, caller = "elsewhere"): Told {
    const known = actions[action];
    if (known === undefined) {
      throw new Refusal(400, "InvalidAction", `Could not find operation ${action}.`);
    }
    const { pageSize, pollCount, jobsFail } = this;
    const state = known.isWrite ? this.#written() : this.#seen();
    return known.act({ state, now: this.#now(), caller, pageSize, pollCount, jobsFail }, asked);
  }

  /** One of AWS's own policies. */
  addAwsPolicy(name: string, statements: readonly object[]): string {
    const at = `arn:aws:iam::aws:policy/${name}`;
    const text = JSON.stringify({ Version: "2012-10-17", Statement: statements });
    newPolicy(this.state, { at, text, createdAt: this.#now() });
    return at;
  }

  /** One that only AWS can make and change, as IAM Identity Center does. */
  addReservedRole(name: string, trust: string): RoleState {
    this.act("CreateRole", { RoleName: name, AssumeRolePolicyDocument: trust });
    const path = "/aws-reserved/sso.amazonaws.com/";
    const role = roleNamed(this.state, name);
    const reserved = { ...role, path, arn: `arn:aws:iam::${this.state.id}:role${path}${name}` };
    this.state.roles.set(name, reserved);
    return reserved;
  }

  #written(): AccountState {
    if (this.staleReads > 0) {
      const before = this.#stale?.state ?? structuredClone(this.state);
      this.#stale = { state: before, left: this.staleReads };
    }
    return this.state;
  }

  #seen(): AccountState {
    const stale = this.#stale;
    if (stale === null) return this.state;
    stale.left -= 1;
    if (stale.left === 0) this.#stale = null;
    return stale.state;
  }

  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
  #denial({ action, asked, caller }: IamCall): Refusal {
    const resource = resourceOf(action, asked, this.state.id);
    return new Refusal(403, "AccessDenied",
      `User: ${caller} is not authorized to perform: iam:${action} on resource: ${resource} ` +
      `because no identity-based policy allows the iam:${action} action`);
  }
}

function resourceOf(action: string, asked: IamCall["asked"], account: string): string {
  const arn = asked["PolicyArn"] ?? asked["Arn"] ?? asked["OpenIDConnectProviderArn"];
  if (typeof arn === "string") return arn;
  for (const kind of ["Role", "User", "Group"]) {
    const name = asked[`${kind}Name`];
    if (typeof name === "string") {
      return `arn:aws:iam::${account}:${kind.toLowerCase()}/${name}`;
    }
  }
  const listed = /^List(Role|User)s$/.exec(action)?.[1]?.toLowerCase();
  return listed === undefined ? "*" : `arn:aws:iam::${account}:${listed}/`;
}
