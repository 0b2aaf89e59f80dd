import { readArn } from "../events/arn.ts";
import { HeldPolicies } from "./held-policies.ts";
import type { History } from "./history.ts";
import type { Role, User } from "./identities.ts";
import { identityKey } from "./identity-key.ts";
import type { Permissions } from "./permissions.ts";
import { coversResource, isAboutAll, type PolicyStatement } from "./policy-document.ts";
import type { Account } from "./snapshot.ts";
import { accountOf, isWholeAccount, trustIn } from "./trust.ts";

/** Somebody may become somebody else. Conditions count as met. */
export interface Becoming {
  readonly from: string;
  readonly to: string;
  /** `trust`: both sides let it; `seen`: it did; `permission`: the other side is not known. */
  readonly by: "trust" | "seen" | "permission";
}

interface Actor {
  readonly arn: string;
  readonly account: string;
  readonly permissions: Permissions;
}

/** Who may become whom among the roles and users of some accounts, and beyond them. */
export class BecomingGraph {
  readonly #actors = new Map<string, Actor>();
  readonly #withPath = new Map<string, string>();
  readonly #accounts: ReadonlySet<string>;
  readonly #trusting = new Map<string, string[]>();
  readonly #outsiders = new Map<string, string[]>();
  readonly #history: History;
  readonly #next = new Map<string, readonly Becoming[]>();

  constructor(accounts: readonly Account[], history: History) {
    this.#history = history;
    const known = accounts.flatMap(({ id, identities }) =>
      identities.known ? [{ id, identities: identities.value }] : []);
    this.#accounts = new Set(known.map(({ id }) => id));
    for (const { id, identities } of known) {
      const held = new HeldPolicies(identities);
      for (const actor of [...identities.roles, ...identities.users]) this.#add(actor, id, held);
    }
    for (const { identities } of known) {
      for (const role of identities.roles) this.#addTrust(role);
    }
  }

  permissionsOf(arn: string): Permissions | null {
    return this.#actors.get(arn)?.permissions ?? null;
  }

  /** Those that are no role or user of these accounts, and may become this role. */
  outsidersOf(arn: string): readonly Becoming[] {
    return (this.#outsiders.get(arn) ?? []).map((from) => ({ from, to: arn, by: "trust" }));
  }

  /** Whom it may become in one step, by ARN. */
  nextOf(arn: string): readonly Becoming[] {
    const known = this.#next.get(arn);
    if (known !== undefined) return known;
    const actor = this.#actors.get(arn);
    const found = new Map<string, Becoming>();
    for (const to of actor === undefined ? [] : this.#elsewhere(actor)) {
      found.set(to, { from: arn, to, by: "permission" });
    }
    for (const to of actor === undefined ? [] : this.#allowed(actor)) {
      found.set(to, { from: arn, to, by: "trust" });
    }
    for (const seen of this.#history.sessions.became(arn)) {
      const to = this.#withPath.get(identityKey(seen)) ?? seen;
      found.set(to, { from: arn, to, by: "seen" });
    }
    const next = [...found.values()].filter(({ to }) => to !== arn)
      .sort((a, b) => a.to < b.to ? -1 : 1);
    this.#next.set(arn, next);
    return next;
  }

  #add(identity: Role | User, account: string, held: HeldPolicies): void {
    const { arn } = identity;
    this.#withPath.set(identityKey(arn), arn);
    this.#actors.set(arn, { arn, account, permissions: held.of(identity) });
  }

  #addTrust({ arn, trust }: Role): void {
    for (const principal of (trustIn(trust) ?? []).flatMap(({ principals }) => principals)) {
      const { kind, value } = principal;
      const account = accountOf(principal);
      const isOurs = account !== null && this.#accounts.has(account);
      const key = isWholeAccount(principal) || value === "*" ? account ?? "*" : value;
      if (kind === "AWS") push(this.#trusting, key, arn);
      const isWhole = kind === "AWS" && isWholeAccount(principal);
      const label = isWhole ? `account ${account ?? ""}` : value;
      if (!isOurs && !this.#actors.has(value)) push(this.#outsiders, arn, label);
    }
  }

  /** A role of the same account that names it needs no permission; all others do. */
  #allowed({ arn, account, permissions }: Actor): readonly string[] {
    const named = this.#trusting.get(arn) ?? [];
    const inAccount = named.filter((to) => readArn(to)?.account === account);
    const asked = [
      ...named.filter((to) => readArn(to)?.account !== account),
      ...this.#trusting.get(account) ?? [], ...this.#trusting.get("*") ?? [],
    ];
    const assuming = permissions.allowing("sts:AssumeRole", null).map(({ statement }) => statement);
    const isFree = permissions.denies.length === 0 && permissions.boundary === null;
    if (assuming.length === 0) return inAccount;
    if (isFree && assuming.some(isAboutAll)) return [...inAccount, ...asked];
    return [...inAccount, ...asked.filter((to) =>
      assuming.some((statement) => coversResource(statement, to)) &&
      permissions.allowing("sts:AssumeRole", to).length > 0)];
  }

  /** Roles of accounts that nobody looked at, as its policies name them. */
  #elsewhere({ permissions }: Actor): readonly string[] {
    return permissions.allowing("sts:AssumeRole", null)
      .flatMap(({ statement }) => resourcesOf(statement))
      .filter((arn) => {
        const account = readArn(arn)?.account ?? "";
        return /^\d{12}$/.test(account) && !this.#accounts.has(account);
      });
  }
}

function resourcesOf({ resources }: PolicyStatement): readonly string[] {
  return resources ?? [];
}

function push(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Whom an identity may become, step by step. */
export interface Reach {
  /** Its own first, where it has one. */
  readonly accounts: readonly string[];
  readonly roleCount: number;
  /** Some ways, each from the identity on; the shortest first. */
  readonly chains: readonly (readonly string[])[];
  /** There is more than was looked at. */
  readonly isCut: boolean;
}

/** Beyond so many, what an identity may become is everything there is. */
const reachMax = 1000;
const chainsMax = 20;

export function reachOf(arn: string, graph: BecomingGraph): Reach {
  const before = new Map<string, string | null>([[arn, null]]);
  for (const from of before.keys()) {
    if (before.size > reachMax) break;
    for (const { to } of graph.nextOf(from)) if (!before.has(to)) before.set(to, from);
  }
  const reached = [...before.keys()];
  const accounts = reached.map((one) => readArn(one)?.account ?? "").filter((id) => id !== "");
  return {
    accounts: [...new Set(accounts)],
    roleCount: reached.length - 1,
    chains: reached.slice(1, chainsMax + 1).map((to) => wayTo(to, before)),
    isCut: before.size > reachMax,
  };
}

function wayTo(to: string, before: ReadonlyMap<string, string | null>): readonly string[] {
  const from = before.get(to) ?? null;
  return from === null ? [to] : [...wayTo(from, before), to];
}
