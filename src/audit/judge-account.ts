import type { Config } from "../config/schema.ts";
import type { Level } from "../detections/detection.ts";
import { readRoleArn } from "../events/arn.ts";
import { modeOf } from "../sessions/mode.ts";
import { agentChecks, roleChecks, seenRoleChecks, userChecks } from "./checks.ts";
import { agentsIn, discoveriesOf } from "./discovery.ts";
import { HeldPolicies } from "./held-policies.ts";
import type { History } from "./history.ts";
import type { Role, User } from "./identities.ts";
import { knownPart } from "./part.ts";
import type { Permissions } from "./permissions.ts";
import type { Account } from "./snapshot.ts";
import type { RoleSubject, SeenRole, UserSubject } from "./subject.ts";
import { unknown, type Check, type Setting, type Verdict } from "./verdict.ts";

/** A verdict, by which check, on whom. */
export interface Judgement extends Verdict {
  readonly check: string;
  readonly title: string;
  readonly level: Level;
  /** Null: of an agent, whatever account it works in. */
  readonly account: string | null;
  /** An ARN, or an agent's name; null: whoever there is, since nobody is known. */
  readonly subject: string | null;
}

export interface AccountInput {
  readonly account: Account;
  readonly config: Config;
  readonly setting: Setting;
  readonly history: History;
}

/** Puts every check to every role and user of an account, one after the other. */
export function* judgeAccount(input: AccountInput): Generator<readonly Judgement[]> {
  const { account, setting, history } = input;
  const { identities, id } = account;
  if (!identities.known) {
    const { said, action } = identities;
    yield [...roleChecks, ...userChecks].map((check) =>
      judgement(check, { account: id, subject: null }, unknown(said, { action })));
    for (const arn of history.rolesOf(id)) yield putTo(seenRoleChecks, seenRole(arn, history));
    return;
  }
  const { roles, users } = identities.value;
  const held = new HeldPolicies(identities.value);
  for (const role of roles) {
    yield putTo([...roleChecks, ...seenRoleChecks], roleSubject(role, held.of(role), input));
  }
  for (const user of users) {
    const subject = userSubject(user, input);
    yield userChecks.map((check) =>
      judgement(check, { account: id, subject: user.arn }, check.judge(subject, setting)));
  }

  function putTo<S extends SeenRole>(
    checks: readonly Check<S>[],
    subject: S,
  ): readonly Judgement[] {
    const of = { account: id, subject: subject.role.arn };
    return checks.map((check) => judgement(check, of, check.judge(subject, setting)));
  }
}

/** Puts every check to every agent, declared or seen. */
export function judgeAgents(history: History, setting: Setting): readonly Judgement[] {
  return history.agents().flatMap((agent) => agentChecks.map((check) =>
    judgement(check, { account: null, subject: agent.name }, check.judge(agent, setting))));
}

function judgement(
  { name, title, level }: Pick<Check<never>, "name" | "title" | "level">,
  of: Pick<Judgement, "account" | "subject">,
  verdict: Verdict,
): Judgement {
  return { ...verdict, check: name, title, level, ...of };
}

function seenRole(arn: string, history: History): SeenRole {
  const { name = "", path = "/" } = readRoleArn(arn) ?? {};
  return { role: { arn, name, path }, observed: history.observed(arn) };
}

function roleSubject(
  role: Role,
  permissions: Permissions,
  { account, config, history }: AccountInput,
): RoleSubject {
  const { arn: roleArn, name: roleName } = role;
  const observed = history.observed(roleArn);
  const tags = Object.fromEntries(role.tags.map(({ key, value }) => [key, value]));
  return {
    account: account.id,
    partition: account.partition,
    role,
    permissions,
    mode: modeOf({ roleArn, roleName, tags, policyArns: [] }, config),
    observed,
    forbiddenZones: forbiddenZones(agentsIn(discoveriesOf(role, observed, config)), config),
  };
}

function forbiddenZones(names: readonly string[], { agents, zones }: Config) {
  const forbidden = agents.filter(({ name }) => names.includes(name))
    .flatMap((agent) => agent.forbiddenZones);
  return zones.filter(({ name, ...limits }) => forbidden.includes(name) &&
    // One that limits nothing is none, as for calls: see `facts/zones.ts`.
    Object.values(limits).some((limit) => limit.length > 0));
}

function userSubject(user: User, { account, history }: AccountInput): UserSubject {
  const { credentialReport: report } = account;
  const reported = report.known
    ? knownPart(report.value.users.find(({ arn }) => arn === user.arn) ?? null, report.at)
    : report;
  return { account: account.id, user, reported, observed: history.observed(user.arn) };
}
