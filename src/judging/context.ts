import type { Config } from "../config/schema.ts";
import {
  chainDepthMax, createdAtOf, linkKey, linkOf, type Asked, type ChainLink,
} from "../sessions/chain.ts";
import { creationToleranceMs } from "../sessions/join.ts";
import type { SessionContext } from "../sessions/derive.ts";
import type { Issuance } from "../sessions/issuance.ts";
import type { GroupState } from "../sessions/state.ts";
import type { EventStore, IssuedWithin } from "../sessions/store.ts";
import { taskHints } from "../sessions/task-hints.ts";
import type { TaskStore } from "../sessions/task-store.ts";
import { noTasks, type ToldTasks } from "../sessions/task-tie.ts";
import { revokedIn, type EffectStore } from "./revoked.ts";

export type GroupLookup = SessionContext;

/**
 * What deriving the sessions of some groups needs of other groups: the issuances of their
 * credentials, and of those who asked for them, link by link. A few queries for all groups
 * together.
 */
export async function gatherContexts(
  store: ContextStore,
  config: Config,
  groups: readonly GroupState[],
): Promise<(group: GroupState) => GroupLookup> {
  const own = new IssuanceIndex(await store.issuancesFor(
    distinct(groups.flatMap(({ accessKeyIds }) => accessKeyIds)),
    groups.flatMap((group) => openedWithin(group) ?? []),
  ));
  const links = await climbAll(store, own.all);
  const lookups = new Map(groups.map((group) => {
    const issuances = own.for(group.accessKeyIds, openedWithin(group));
    return [group.key, { issuances, ancestors: above(issuances, links) }] as const;
  }));
  const tasks = await tasksOf(store, config, groups.map((group) =>
    ({ group, issuances: [], ancestors: new Map(), ...lookups.get(group.key) })));
  const revoked = await revokedIn(store, groups);
  return (group) => {
    const lookup = lookups.get(group.key);
    if (lookup === undefined) throw new Error(`No context was gathered for ${group.key}.`);
    return { config, ...lookup, tasks, ...revoked(group) };
  };
}

type Found = Pick<GroupLookup, "issuances" | "ancestors"> & { readonly group: GroupState };

/** What was told of the tasks of these groups: of their keys, their issuers', and by name. */
async function tasksOf(
  store: ContextStore,
  config: Config,
  groups: readonly Found[],
): Promise<ToldTasks> {
  if (!(await store.hasTasks())) return noTasks;
  const keys = groups.flatMap(({ group, ancestors }) => [
    ...group.accessKeyIds,
    ...[...ancestors.values()].map(({ issuer }) => issuer.accessKeyId),
  ]);
  const names = groups.flatMap(({ group: { principal }, issuances }) => {
    const { sessionName, sourceIdentity } = principal;
    return [null, ...issuances].flatMap((issuance) =>
      taskHints({ issuance, sessionName, sourceIdentity }, config));
  });
  return await store.toldTasks(
    distinct(keys), distinct(names.map(({ externalId }) => externalId)),
  );
}

type ContextStore = EventStore & Pick<TaskStore, "hasTasks" | "toldTasks"> & EffectStore;

/**
 * When a group's sessions may have been opened, as far as that is by their principal: at their
 * creation; any time, where nobody told it, or a sign-in session, which keeps its creation date.
 */
function openedWithin(group: GroupState): IssuedWithin | null {
  const { principalId, createdAt } = group;
  if (principalId === null) return null;
  return within(principalId, hasSignIn(group) ? null : createdAt);
}

/** Whether sign-in sessions show in the group. */
function hasSignIn({ lanes }: GroupState): boolean {
  return lanes.entries.some(([, lane]) => lane.signInSessions.entries.length > 0);
}

/** Whether the same issuances may have opened both. */
export function haveSameKeys(a: GroupState, b: GroupState): boolean {
  return a.principalId === b.principalId &&
    hasSignIn(a) === hasSignIn(b) &&
    a.accessKeyIds.length === b.accessKeyIds.length &&
    a.accessKeyIds.every((key, i) => key === b.accessKeyIds[i]);
}

function within(principalId: string, createdAt: number | null): IssuedWithin {
  if (createdAt === null) return { principalId, from: 0, to: Number.MAX_SAFE_INTEGER };
  const [from, to] = [createdAt - creationToleranceMs, createdAt + creationToleranceMs];
  return { principalId, from, to };
}

/** Of all links those above these issuances: nothing else is kept for them. */
function above(
  issuances: readonly Issuance[],
  links: ReadonlyMap<string, ChainLink>,
): ReadonlyMap<string, ChainLink> {
  const found = new Map<string, ChainLink>();
  const level = [...issuances];
  for (let next = level.pop(); next !== undefined; next = level.pop()) {
    const key = linkKey(next);
    const link = links.get(key);
    if (link === undefined || found.has(key)) continue;
    found.set(key, link);
    if (link.issuance !== null) level.push(link.issuance);
  }
  return found;
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
      [...asked.values()].flatMap((each) => askedWithin(each) ?? []),
    ));
    const found = [...asked].map(([key, each]): readonly [string, ChainLink] => {
      const { accessKeyId } = each.issuer;
      const keys = accessKeyId === null ? [] : [accessKeyId];
      return [key, linkOf(each, candidates.for(keys, askedWithin(each)))];
    });
    for (const [key, link] of found) links.set(key, link);
    level = found.map(([, { issuance }]) => issuance).filter((issuance) => issuance !== null);
  }
  return links;
}

/** Where no creation is told, whoever asked then held something that had not expired. */
function askedWithin({ issuer: { principalId, groupKey }, at }: Asked): IssuedWithin | null {
  if (principalId === null) return null;
  const createdAt = createdAtOf(groupKey);
  if (createdAt !== null) return within(principalId, createdAt);
  return { principalId, from: at - longestLifeMs, to: at + creationToleranceMs };
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html */
const longestLifeMs = 36 * 3_600_000;

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

  for(accessKeyIds: readonly string[], opened: IssuedWithin | null): readonly Issuance[] {
    const found = new Set(accessKeyIds.flatMap((key) => this.#byKey.get(key) ?? []));
    if (opened === null) return [...found];
    for (const issuance of this.#byPrincipal.get(opened.principalId) ?? []) {
      if (issuance.at >= opened.from && issuance.at <= opened.to) found.add(issuance);
    }
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
