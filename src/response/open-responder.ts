import { setTimeout as delay } from "node:timers/promises";
import { randomUUID } from "node:crypto";
import { callerIdentity, type CallerIdentity } from "../aws/caller-identity.ts";
import { AwsFault } from "../aws/fault.ts";
import { IamGate } from "../aws/iam.ts";
import type { Config } from "../config/schema.ts";
import type { Store } from "../storage/store.ts";
import type { Responder } from "./respond.ts";

export interface ResponderOptions {
  readonly store: Store;
  /** Asked each time: it may be read again. */
  readonly config: () => Pick<Config, "aws" | "response">;
  /** Ends what is waited for, by a throw. */
  readonly signal?: AbortSignal;
}

/** With what reaches IAM, to be closed. */
export interface OpenResponder extends Responder {
  close(): void;
}

/** Reads go side by side, writes do not. */
const socketsMax = 8;

/** Asks AWS whose credentials these are: that role is never touched. Throws an AwsFault. */
export async function openResponder(options: ResponderOptions): Promise<OpenResponder> {
  const { store, config, signal } = options;
  const own = await callerIdentity(config().aws, { socketsMax: 1 });
  const gates = new Gates(options, own);
  return {
    store,
    get config() {
      return config().response;
    },
    ownRoles: own.roleArn === null ? [] : [own.roleArn],
    gateOf: (account) => gates.of(account),
    holder: randomUUID(),
    now: () => Date.now(),
    random: () => Math.random(),
    wait: (ms) => delay(ms, undefined, signal && { signal }),
    close: () => {
      gates.close();
    },
  };
}

/** IAM of each account, as the config reaches it: one gate each. */
class Gates {
  readonly #options: ResponderOptions;
  readonly #own: CallerIdentity;
  readonly #gates = new Map<string, IamGate>();

  constructor(options: ResponderOptions, own: CallerIdentity) {
    this.#options = options;
    this.#own = own;
  }

  /** Throws where nothing leads there: the same names in our own account are other roles. */
  of(account: string): IamGate {
    const { aws, response } = this.#options.config();
    const assumeRole = response.accounts.find(({ id }) => id === account)?.assumeRole;
    if (assumeRole === undefined && account !== this.#own.accountId) throw unreachable(account);
    const key = `${account} ${assumeRole?.roleArn ?? ""} ${assumeRole?.externalId ?? ""}`;
    const gate = this.#gates.get(key) ?? new IamGate(aws, { assumeRole, socketsMax });
    this.#gates.set(key, gate);
    return gate;
  }

  close(): void {
    for (const gate of this.#gates.values()) gate.close();
  }
}

function unreachable(account: string): AwsFault {
  const resource = `a role in account ${account}, for which response.accounts names none`;
  return new AwsFault("denied", { action: "sts:AssumeRole", resource }, null);
}
