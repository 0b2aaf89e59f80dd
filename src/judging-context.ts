import type { Config } from "./config/schema.ts";
import { chainDepthMax, linkKey, linkOf, type Asked, type ChainLink } from "./sessions/chain.ts";
import type { SessionContext } from "./sessions/derive.ts";
import type { Issuance } from "./sessions/issuance.ts";
import type { GroupState } from "./sessions/state.ts";
import type { EventStore } from "./sessions/store.ts";

export type GroupLookup = SessionContext;

/**
 * What deriving the sessions of some groups needs of other groups: the issuances of their
 * credentials, and of those who asked for them, link by link. A few queries for all groups
 * together.
 */
export async function gatherContexts(
  store: EventStore,
  config: Config,
  groups: readonly GroupState[],
): Promise<(group: GroupState) => GroupLookup> {
  const own = new IssuanceIndex(await store.issuancesFor(
    distinct(groups.flatMap(({ accessKeyIds }) => accessKeyIds)),
    distinct(groups.map(({ principalId }) => principalId)),
  ));
  const ancestors = await climbAll(store, own.all);
  return (group) => ({
    config,
    ancestors,
    issuances: own.for(group.accessKeyIds, group.principalId),
  });
}

/** The links above these issuances, up to the length that chains are followed. */
async function climbAll(
  store: EventStore,
  issuances: readonly Issuance[],
): Promise<ReadonlyMap<string, ChainLink>> {
  const links = new Map<string, ChainLink>();
  let level = issuances;
  for (let depth = 0; depth < chainDepthMax && level.length > 0; depth += 1) {
    const asked = unlinked(level, links);
    const candidates = new IssuanceIndex(await store.issuancesFor(
      distinct([...asked.values()].map(({ issuer }) => issuer.accessKeyId)),
      distinct([...asked.values()].map(({ issuer }) => issuer.principalId)),
    ));
    const found = [...asked].map(([key, each]): readonly [string, ChainLink] => {
      const { accessKeyId, principalId } = each.issuer;
      const keys = accessKeyId === null ? [] : [accessKeyId];
      return [key, linkOf(each, candidates.for(keys, principalId))];
    });
    for (const [key, link] of found) links.set(key, link);
    level = found.map(([, { issuance }]) => issuance).filter((issuance) => issuance !== null);
  }
  return links;
}

function unlinked(
  issuances: readonly Issuance[],
  links: ReadonlyMap<string, ChainLink>,
): ReadonlyMap<string, Asked> {
  const byKey = new Map(issuances.map((issuance) => [linkKey(issuance), issuance]));
  return new Map([...byKey].filter(([key]) => !links.has(key)));
}

/** Issuances by the key they issued and the session they open. */
class IssuanceIndex {
  readonly all: readonly Issuance[];
  readonly #byKey: ReadonlyMap<string | null, readonly Issuance[]>;
  readonly #byPrincipal: ReadonlyMap<string | null, readonly Issuance[]>;

  constructor(issuances: readonly Issuance[]) {
    this.all = issuances;
    this.#byKey = grouped(issuances, ({ accessKeyId }) => accessKeyId);
    this.#byPrincipal = grouped(issuances, ({ principalId }) => principalId);
  }

  for(accessKeyIds: readonly string[], principalId: string | null): readonly Issuance[] {
    const found = new Set(accessKeyIds.flatMap((key) => this.#byKey.get(key) ?? []));
    const opened = principalId === null ? [] : (this.#byPrincipal.get(principalId) ?? []);
    for (const issuance of opened) found.add(issuance);
    return [...found];
  }
}

function grouped<T>(
  items: readonly T[],
  keyOf: (item: T) => string | null,
): ReadonlyMap<string | null, readonly T[]> {
  const groups = new Map<string | null, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [item]);
    else members.push(item);
  }
  return groups;
}

function distinct(values: readonly (string | null)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== null))];
}
