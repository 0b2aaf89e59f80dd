import type { Config } from "../config/schema.ts";
import { attribute, type AttributionFacts } from "./attribute.ts";
import { chainOf, climb, issuerFacts, type ChainLink } from "./chain.ts";
import { credentialsOf, opening, type Join } from "./credentials.ts";
import { fingerprintFrom } from "./fingerprint.ts";
import { inferTask } from "./infer-task.ts";
import type { Issuance } from "./issuance.ts";
import { joinIssuance } from "./join.ts";
import { modeOf } from "./mode.ts";
import { richer } from "./principal-facts.ts";
import type { RevocationTie } from "./revocation-tie.ts";
import { burstOf } from "./secrets.ts";
import type { Credential, Session } from "./session.ts";
import { slicesOf, type Slice } from "./slices.ts";
import type { Activity, GroupState } from "./state.ts";
import { noTasks, tiesOf, type Tied, type ToldTasks } from "./task-tie.ts";

/** What, beside its own state, a group's sessions are computed from. */
export interface SessionContext {
  /**
   * Those that may have opened its credentials: the store's `issuancesFor` its keys and principal
   * id.
   */
  readonly issuances: readonly Issuance[];
  readonly config: Config;
  /** Who asked for the credentials, who for theirs, …: by `linkKey` of the issuer. */
  readonly ancestors: ReadonlyMap<string, ChainLink>;
  /** Those told of its keys, of keys further up, and those its names may mean. */
  readonly tasks: ToldTasks;
  /** What took access from a session; absent: nothing took it from any of the group. */
  readonly revocationsOf?: (session: Session) => readonly RevocationTie[];
}

/**
 * A group's sessions in order of id. A function of its arguments: of the set of events, not of
 * their order.
 */
export function sessionsOf(group: GroupState, context: SessionContext): Session[] {
  return slicesOf(group)
    .map((slice) => withRevocations(sessionOf(group, slice, context), context))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function sessionOf(group: GroupState, slice: Slice, context: SessionContext): Session {
  const { activity } = slice;
  const join = joinFor(group, slice, context.issuances);
  const credentials = credentialsOf(slice.lanes, join);
  const joined = opening(credentials) ?? join({ accessKeyId: null, firstAt: activity.firstAt });
  const issuance = joined?.issuance ?? null;
  const links = climb(issuance, context.ancestors);
  const facts = factsOf(group, activity, issuance);
  const attribution = attribute({ ...facts, issuers: links.map(issuerFacts) }, context.config);
  const { sessionName, sourceIdentity } = facts;
  const tied = { issuance, links, agent: attribution.agent, sessionName, sourceIdentity };
  return {
    id: slice.id,
    anchor: slice.anchor,
    groupKey: group.key,
    ...identityOf(group, facts),
    ...activityOf(activity),
    tags: facts.tags,
    issuance,
    joinedBy: joined?.by ?? null,
    chain: chainOf(links),
    credentials: withTasks(credentials.map(({ credential }) => credential), tied, context),
    attribution,
    task: attribution.agent === null
      ? null
      : inferTask({
        id: slice.id, createdAt: group.createdAt, issuance, sessionName, sourceIdentity,
        issuedTo: group.principal.issuedTo,
      }, context.config),
    mode: modeOf(
      {
        roleArn: facts.roleArn,
        roleName: group.principal.roleName,
        tags: facts.tags,
        policyArns: issuance?.policyArns ?? [],
      },
      context.config,
    ),
  };
}

function withRevocations(session: Session, { revocationsOf }: SessionContext): Session {
  const revocations = revocationsOf?.(session) ?? [];
  return revocations.length === 0 ? session : { ...session, revocations };
}

/** A long-term key outlives any task: what is done with it says nothing of when one ended. */
function withTasks(
  credentials: readonly Credential[],
  tied: Omit<Tied, "accessKeyId" | "firstAt">,
  { tasks, config }: SessionContext,
): readonly Credential[] {
  if (tasks === noTasks) return credentials;
  return credentials.map((credential) => credential.kind === "long-term"
    ? credential
    : { ...credential, tasks: tiesOf({ ...tied, ...credential }, tasks, config) });
}

function joinFor(group: GroupState, slice: Slice, issuances: readonly Issuance[]): Join {
  const groupKeys = new Set(group.accessKeyIds);
  const { principalId, createdAt } = group;
  const { signInSessionArn } = slice;
  if (group.isWindowed) return () => null; // long-term: nothing of §2 issued it
  return (used) =>
    joinIssuance({ ...used, signInSessionArn, principalId, createdAt, groupKeys }, issuances);
}

type Facts = Omit<AttributionFacts, "issuers">;

function factsOf(group: GroupState, activity: Activity, issuance: Issuance | null): Facts {
  const { principal } = group;
  const { fingerprints, families, userAgents } = activity;
  return {
    kind: principal.kind,
    roleArn: roleArnOf(group, issuance),
    sessionName: principal.sessionName ?? federatedName(group),
    sourceIdentity: principal.sourceIdentity ?? issuance?.sourceIdentity ?? null,
    tags: issuance?.tags ?? {},
    userAgents: [
      ...families.entries.map(([family]) => family),
      ...fingerprints.entries.map(([encoded]) => fingerprintFrom(encoded).name),
      ...userAgents.entries.map(([text]) => text),
    ],
    fingerprints: fingerprints.entries,
  };
}

/** The request for the role names it with its path, which the uses may not. */
function roleArnOf({ principal }: GroupState, issuance: Issuance | null): string | null {
  const { roleArn, roleName } = principal;
  const asked = issuance?.roleArn ?? null;
  if (roleArn === null || roleName === null || asked === null) return roleArn;
  return asked.endsWith(`/${roleName}`) ? richer(roleArn, asked) : roleArn;
}

/** `111111111111:bob` -> bob. */
function federatedName({ principal, principalId }: GroupState): string | null {
  if (principal.kind !== "federated-user" || principalId === null) return null;
  return principalId.slice(principalId.indexOf(":") + 1);
}

function identityOf(group: GroupState, facts: Facts): Identity {
  const { principal } = group;
  const { roleArn, sessionName, sourceIdentity } = facts;
  const { roleName } = principal;
  return {
    kind: principal.kind,
    principalId: group.principalId,
    arn: principal.arn,
    account: principal.account,
    role:
      roleArn === null || roleName === null
        ? null
        : { id: principal.roleId, arn: roleArn, name: roleName },
    name: sessionName ?? principal.userName,
    createdAt: group.createdAt,
    sourceIdentity,
    mfa: principal.mfa,
  };
}
type Identity = Pick<
  Session,
  | "kind" | "principalId" | "arn" | "account" | "role"
  | "name" | "createdAt" | "sourceIdentity" | "mfa"
>;

function activityOf(activity: Activity): Active {
  const counts = activity.access.entries.map(([access, [, , count]]) => [access, count] as const);
  const denied = activity.outcomes.entries.find(([outcome]) => outcome === "denied");
  return {
    firstAt: activity.firstAt,
    lastAt: activity.lastAt,
    eventCount: activity.eventCount,
    counts: Object.fromEntries(counts),
    deniedCount: denied?.[1][2] ?? 0,
    distinctSecretCount: activity.secrets.entries.length,
    secretBurstCount: burstOf(activity.secrets),
    userAgentFamilies: activity.families.entries.map(([family]) => family),
  };
}
type Active = Pick<
  Session,
  | "firstAt" | "lastAt" | "eventCount" | "counts"
  | "deniedCount" | "distinctSecretCount" | "secretBurstCount" | "userAgentFamilies"
>;
