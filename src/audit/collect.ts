import type { AccountReader } from "./account-reader.ts";
import type { Role, User } from "./identities.ts";
import { knownPart, notAsked, type Part, type Unknown } from "./part.ts";
import type { Account, Snapshot } from "./snapshot.ts";

export interface AccountWanted {
  readonly id: string;
  readonly partition: string;
  readonly isManagement: boolean | null;
  /** Closed when it is done with. */
  readonly reader: AccountReader;
}

export interface Collecting {
  readonly accounts: readonly AccountWanted[];
  /** Whose use of services and actions is asked for: each takes a job of some seconds. */
  readonly wantsUseOf: (identity: Role | User) => boolean;
  /** ms UTC */
  readonly now: () => number;
  /** Once it comes, the rest is left for another time. */
  readonly signal: AbortSignal;
  /** Keeps what there is so far; nothing is asked meanwhile. */
  readonly save: (snapshot: Snapshot) => Promise<void>;
}

/**
 * Fills a snapshot, from the one of a run that broke off or an empty one: what is known stays, what
 * is not is asked for. Finished, unless the signal came first.
 */
export async function collect(collecting: Collecting, begun: Snapshot): Promise<Snapshot> {
  const { accounts, now, signal, save } = collecting;
  const snapshot: Snapshot = {
    ...begun,
    accounts: accounts.map((wanted) => ({
      ...(begun.accounts.find(({ id }) => id === wanted.id) ?? notYetAsked),
      id: wanted.id, partition: wanted.partition, isManagement: wanted.isManagement,
    })),
  };
  for (const { id, reader } of accounts) {
    const account = snapshot.accounts.find((one) => one.id === id);
    if (account !== undefined && !signal.aborted) {
      await fill(account, reader, {
        wantsUseOf: collecting.wantsUseOf, saved: () => save(snapshot),
      });
    }
    reader.close();
  }
  if (!signal.aborted) snapshot.finishedAt = now();
  await save(snapshot);
  return snapshot;
}

/** Of an account that nothing is known of. */
export const notYetAsked: Omit<Account, "id" | "partition" | "isManagement"> = {
  identities: notAsked("iam:GetAccountAuthorizationDetails"),
  credentialReport: notAsked("iam:GetCredentialReport"),
  oidcProviders: notAsked("iam:ListOpenIDConnectProviders"),
  samlProviders: notAsked("iam:ListSAMLProviders"),
  summary: notAsked("iam:GetAccountSummary"),
};

interface Filling {
  readonly wantsUseOf: Collecting["wantsUseOf"];
  readonly saved: () => Promise<void>;
}

async function fill(account: Account, reader: AccountReader, filling: Filling): Promise<void> {
  const { wantsUseOf, saved } = filling;
  account.identities = await orAsked(account.identities, () => reader.identities());
  await saved();
  account.summary = await orAsked(account.summary, () => reader.summary());
  account.oidcProviders = await orAsked(account.oidcProviders, () => reader.oidcProviders());
  account.samlProviders = await orAsked(account.samlProviders, () => reader.samlProviders());
  account.credentialReport =
    await orAsked(account.credentialReport, () => reader.credentialReport());
  if (!account.identities.known) return;
  const { roles, users } = account.identities.value;
  await fillSessionLimits(roles, reader);
  await fillKeys(account, reader, saved);
  await askEach([...roles, ...users].filter(wantsUseOf), {
    partOf: ({ serviceUse }) => serviceUse,
    ask: ({ arn }) => reader.serviceUse(arn),
    keep: (identity, part) => {
      identity.serviceUse = part;
    },
    saved,
  });
}

async function orAsked<T>(part: Part<T>, ask: () => Promise<Part<T>>): Promise<Part<T>> {
  return part.known ? part : ask();
}

async function fillSessionLimits(roles: Role[], reader: AccountReader): Promise<void> {
  const without = roles.filter(({ maxSessionSeconds }) => !maxSessionSeconds.known);
  if (without.length === 0) return;
  const limits = await reader.sessionLimits();
  for (const role of without) {
    const seconds = limits.known ? limits.value.get(role.name) : undefined;
    if (!limits.known) role.maxSessionSeconds = limits;
    else role.maxSessionSeconds = seconds === undefined ? madeSince : knownPart(seconds, limits.at);
  }
}

const madeSince: Unknown = {
  known: false, reason: "failed", action: "iam:ListRoles",
  said: "The role was made or deleted while the account was read.",
};

/** Only users who have keys are asked about, as far as the credential report can tell. */
async function fillKeys(
  account: Account, reader: AccountReader, saved: () => Promise<void>,
): Promise<void> {
  if (!account.identities.known) return;
  const { users } = account.identities.value;
  const report = account.credentialReport;
  const keyless = new Set(report.known
    ? report.value.users.filter((user) => user.accessKeys.length === 0).map(({ arn }) => arn)
    : []);
  for (const user of users) {
    if (user.accessKeys.known || !report.known || !keyless.has(user.arn)) continue;
    user.accessKeys = knownPart([], report.value.generatedAt);
  }
  await askEach(users, {
    partOf: ({ accessKeys }) => accessKeys,
    ask: ({ name }) => reader.accessKeys(name),
    keep: (user, part) => {
      user.accessKeys = part;
    },
    saved,
  });
  await askEach(users.flatMap(({ accessKeys }) => accessKeys.known ? accessKeys.value : []), {
    partOf: ({ lastUsed }) => lastUsed,
    ask: ({ id }) => reader.keyUse(id),
    keep: (key, part) => {
      key.lastUsed = part;
    },
    saved,
  });
}

interface Asking<I, T> {
  readonly partOf: (item: I) => Part<T>;
  readonly ask: (item: I) => Promise<Part<T>>;
  readonly keep: (item: I, part: Part<T>) => void;
  readonly saved: () => Promise<void>;
}

/**
 * Requests under way in one account at once: IAM's limits are low, and shared by all who use it.
 */
const lanes = 4;
/** What a run that breaks off asks for again at most. */
const betweenSaves = 200;
/** After so many in vain, one after another, the rest is not asked for: it would be in vain too. */
const inVainMax = 5;

async function askEach<I, T>(items: readonly I[], asking: Asking<I, T>): Promise<void> {
  const { partOf, ask, keep, saved } = asking;
  const left = items.filter((item) => !partOf(item).known);
  const inVain: Unknown[] = [];
  for (let from = 0; from < left.length; from += betweenSaves) {
    const next = left.slice(from, from + betweenSaves).values();
    const lane = async (): Promise<void> => {
      for (const item of next) {
        const part = inVain[inVainMax - 1] ?? await ask(item);
        if (part.known) inVain.length = 0;
        else inVain.push(part);
        keep(item, part);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    await saved();
  }
}
