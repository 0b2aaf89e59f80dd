import type { Part, Unknown } from "./part.ts";
import type { Account } from "./snapshot.ts";

/** What of an account is asked for, so far as it is known what there is to ask. */
export function partsOf({ identities, ...account }: Account): readonly Part<unknown>[] {
  const { credentialReport, oidcProviders, samlProviders, summary } = account;
  const ofAccount = [identities, credentialReport, oidcProviders, samlProviders, summary];
  if (!identities.known) return ofAccount;
  const { roles, users } = identities.value;
  return [
    ...ofAccount,
    ...roles.map(({ maxSessionSeconds }) => maxSessionSeconds),
    ...users.flatMap(({ accessKeys }) => [
      accessKeys, ...(accessKeys.known ? accessKeys.value.map(({ lastUsed }) => lastUsed) : []),
    ]),
  ];
}

/** Of agents only; each is a part of its own, asked for last. */
function serviceUsesOf({ identities }: Account): readonly Part<unknown>[] {
  if (!identities.known) return [];
  const { roles, users } = identities.value;
  return [...roles, ...users].map(({ serviceUse }) => serviceUse);
}

/** How much of an account has been asked for: parts, and from 0 to 1, never less than before. */
export function askedOf(account: Account): { readonly count: number; readonly share: number } {
  const parts = partsOf(account);
  const count = parts.filter((part) => !isOpen(part)).length;
  return { count, share: isOpen(account.identities) ? 0 : count / parts.length };
}

function isOpen(part: Part<unknown>): boolean {
  return !part.known && part.reason === "not-asked";
}

/** What AWS was asked for in vain, each answer once. */
export interface Unread extends Unknown {
  readonly account: string;
  readonly count: number;
}

export function unreadOf(accounts: readonly Account[]): readonly Unread[] {
  return accounts.flatMap((account) => {
    const found = new Map<string, Unread>();
    for (const part of [...partsOf(account), ...serviceUsesOf(account)]) {
      if (part.known || part.reason === "not-asked") continue;
      const key = `${part.action} ${part.said}`;
      const count = (found.get(key)?.count ?? 0) + 1;
      found.set(key, { ...part, account: account.id, count });
    }
    return [...found.values()];
  });
}
