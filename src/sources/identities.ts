import { callerAction, callerIdentity } from "../aws/caller-identity.ts";
import type { Reach } from "../aws/clients.ts";
import { AwsFault, type AwsCall } from "../aws/fault.ts";
import { IamRead, type IamPage } from "../aws/iam-read.ts";
import type { AccountReader } from "../audit/account-reader.ts";
import type { AccountWanted } from "../audit/collect.ts";
import { knownPart, notAsked, type Part, type Unknown } from "../audit/part.ts";
import type { AwsConfig } from "../config/schema.ts";
import { patiently, type Patience } from "./patiently.ts";

/** An account, as the config names it. */
export interface AccountTarget {
  readonly id: string;
  /** Absent: our own credentials belong to it. */
  readonly assumeRole?: Reach["assumeRole"];
  readonly isManagement: boolean | null;
}

/**
 * What a collection is given of one account. One that cannot be reached, or is another than the
 * config says, is unknown in every part.
 */
export async function accountWanted(
  aws: AwsConfig, target: AccountTarget, patience: Patience,
): Promise<AccountWanted> {
  const { id, assumeRole, isManagement } = target;
  const reach = { assumeRole, socketsMax };
  const told = { id, isManagement };
  try {
    const { accountId, partition } = await patiently(() => callerIdentity(aws, reach), patience);
    const reader = accountId === id
      ? new IamAccountReader(aws, reach, { id, patience })
      : unreached(wrongAccount(id, accountId));
    return { ...told, partition, reader };
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error;
    const partition = assumeRole?.roleArn.split(":")[1] ?? "aws";
    return { ...told, partition, reader: unreached(unknownBy(error)) };
  }
}

/** One account's requests go over so many connections; see also the lanes of `audit/collect.ts`. */
const socketsMax = 4;

function wrongAccount(wanted: string, found: string): Unknown {
  return {
    known: false, reason: "failed", action: callerAction,
    said: `The credentials are of account ${found}, not of ${wanted}.`,
  };
}

function unknownBy(fault: AwsFault): Unknown {
  const reason = fault.code === "denied" ? "denied" : "failed";
  return { known: false, reason, action: fault.call.action, said: fault.message };
}

function unreached(why: Unknown): AccountReader {
  const tell = () => Promise.resolve(why);
  return {
    identities: tell, sessionLimits: tell, credentialReport: tell, oidcProviders: tell,
    samlProviders: tell, summary: tell, accessKeys: tell, keyUse: tell, serviceUse: tell,
    close: () => undefined,
  };
}

/** Reports and jobs take seconds to minutes; then they are given up. */
const pollMs = 2000;
const pollsMax = 150;

/** IAM asked call by call, each as often as it takes. */
class IamAccountReader implements AccountReader {
  readonly #read: IamRead;
  readonly #patience: Patience;
  readonly #resource: string;

  constructor(aws: AwsConfig, reach: Reach, { id, patience }: {
    readonly id: string; readonly patience: Patience;
  }) {
    this.#resource = `account ${id}`;
    this.#read = new IamRead(aws, reach, this.#resource);
    this.#patience = patience;
  }

  readonly identities: AccountReader["identities"] = () =>
    this.#part("iam:GetAccountAuthorizationDetails", async () => {
      const pages = await this.#pages((marker) => this.#read.details(marker));
      return {
        users: pages.flatMap(({ users }) => users),
        groups: pages.flatMap(({ groups }) => groups),
        roles: pages.flatMap(({ roles }) => roles),
        policies: pages.flatMap(({ policies }) => policies),
      };
    });

  readonly sessionLimits: AccountReader["sessionLimits"] = () =>
    this.#part("iam:ListRoles", async () =>
      new Map((await this.#pages((marker) => this.#read.sessionLimits(marker))).flat()));

  readonly credentialReport: AccountReader["credentialReport"] = () =>
    this.#part("iam:GetCredentialReport", (call) =>
      this.#asked(() => this.#polled(call, () => this.#read.credentialReport())));

  readonly oidcProviders: AccountReader["oidcProviders"] = () =>
    this.#part("iam:ListOpenIDConnectProviders", async () => {
      const arns = await this.#asked(() => this.#read.oidcProviders());
      return Promise.all(arns.map((arn) => this.#asked(() => this.#read.oidcProvider(arn))));
    });

  readonly samlProviders: AccountReader["samlProviders"] = () =>
    this.#part("iam:ListSAMLProviders", () => this.#asked(() => this.#read.samlProviders()));

  readonly summary: AccountReader["summary"] = () =>
    this.#part("iam:GetAccountSummary", () => this.#asked(() => this.#read.summary()));

  readonly accessKeys: AccountReader["accessKeys"] = (userName) =>
    this.#part("iam:ListAccessKeys", async () =>
      (await this.#pages((marker) => this.#read.accessKeys(userName, marker))).flat());

  readonly keyUse: AccountReader["keyUse"] = (accessKeyId) =>
    this.#part("iam:GetAccessKeyLastUsed", () =>
      this.#asked(() => this.#read.keyUse(accessKeyId)));

  readonly serviceUse: AccountReader["serviceUse"] = (arn) =>
    this.#part("iam:GetServiceLastAccessedDetails", async (call) => {
      const job = await this.#asked(() => this.#read.beginServiceUse(arn));
      const pages = await this.#pages((marker) =>
        this.#polled(call, () => this.#read.serviceUse(job, marker)));
      return pages.flat();
    });

  close(): void {
    this.#read.close();
  }

  /** What `ask` gives; not asked for where the signal came before it was had whole. */
  async #part<T>(action: string, ask: (call: AwsCall) => Promise<T>): Promise<Part<T>> {
    const { clock, signal } = this.#patience;
    const isOver = (): boolean => signal.aborted;
    if (isOver()) return notAsked(action);
    try {
      return knownPart(await ask({ action, resource: this.#resource }), clock.now());
    } catch (error) {
      if (error === signal.reason) return notAsked(action);
      if (!(error instanceof AwsFault)) throw error;
      return isOver() ? notAsked(action) : unknownBy(error);
    }
  }

  #asked<T>(ask: () => Promise<T>): Promise<T> {
    return patiently(ask, this.#patience);
  }

  async #pages<T>(ask: (marker: string | null) => Promise<IamPage<T>>): Promise<readonly T[]> {
    const all: T[] = [];
    for (let marker: string | null = null; ;) {
      const from: string | null = marker;
      const page: IamPage<T> = await this.#asked(() => ask(from));
      all.push(page.items);
      if (page.next === null) return all;
      marker = page.next;
      this.#patience.signal.throwIfAborted();
    }
  }

  async #polled<T>(call: AwsCall, ask: () => Promise<T | "pending">): Promise<T> {
    const { clock, signal } = this.#patience;
    for (let poll = 1; poll <= pollsMax; poll += 1) {
      const answer = await ask();
      if (answer !== "pending") return answer;
      await clock.wait(pollMs, signal);
      signal.throwIfAborted();
    }
    throw new AwsFault("invalid", call, new Error("It was not ready in five minutes"));
  }
}
