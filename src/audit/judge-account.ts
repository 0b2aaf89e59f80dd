import type { Config } from "../config/schema.ts";
import type { Level } from "../detections/detection.ts";
import { modeOf } from "../sessions/mode.ts";
import { roleChecks, userChecks } from "./checks.ts";
import type { Role, User } from "./identities.ts";
import type { Observed } from "./observed.ts";
import { Permissions, type HeldPolicy } from "./permissions.ts";
import type { Account } from "./snapshot.ts";
import type { RoleSubject, UserSubject } from "./subject.ts";
import { unknown, type Setting, type Verdict } from "./verdict.ts";

/** A verdict, by which check, on whom. */
export interface Judgement extends Verdict {
  readonly check: string;
  readonly title: string;
  readonly level: Level;
  readonly account: string;
  /** An ARN; null: whoever there is, since nobody is known. */
  readonly subject: string | null;
}

export interface AccountInput {
  readonly account: Account;
  readonly config: Config;
  readonly setting: Setting;
  /** What our history knows of a role or user, by its ARN. */
  readonly observed: (arn: string) => Observed | null;
}

/** Puts every check to every role and user of an account. */
export function judgeAccount(input: AccountInput): readonly Judgement[] {
  const { account, setting } = input;
  const { identities, id } = account;
  if (!identities.known) {
    const { said, action } = identities;
    return [...roleChecks, ...userChecks].map(({ name, title, level }) => ({
      ...unknown(said, { action }),
      check: name,
      title,
      level,
      account: id,
      subject: null,
    }));
  }
  const { roles, users } = identities.value;
  const policies = new Map(
    identities.value.policies.map(({ arn, document }): [string, HeldPolicy] => [
      arn,
      { name: arn, isInline: false, document },
    ]),
  );
  return [
    ...roles.flatMap((role) => {
      const subject = roleSubject(role, policies, input);
      return roleChecks.map((check) => judged(check, role.arn, check.judge(subject, setting)));
    }),
    ...users.flatMap((user) => {
      const subject = userSubject(user, input);
      return userChecks.map((check) => judged(check, user.arn, check.judge(subject, setting)));
    }),
  ];

  function judged(
    { name, title, level }: Pick<Judgement, "title" | "level"> & { readonly name: string },
    subject: string,
    verdict: Verdict,
  ): Judgement {
    return { ...verdict, check: name, title, level, account: id, subject };
  }
}

/** @param known managed policies, by ARN */
function roleSubject(
  role: Role,
  known: ReadonlyMap<string, HeldPolicy>,
  { account, config, observed }: AccountInput,
): RoleSubject {
  const managed = (arn: string): HeldPolicy =>
    known.get(arn) ?? { name: arn, isInline: false, document: null };
  const policies = [
    ...role.inlinePolicies.map(({ name, document }) => ({ name, isInline: true, document })),
    ...role.attachedPolicyArns.map(managed),
  ];
  const { boundaryArn, arn: roleArn, name: roleName } = role;
  const boundary = boundaryArn === null ? null : managed(boundaryArn);
  const tags = Object.fromEntries(role.tags.map(({ key, value }) => [key, value]));
  return {
    account: account.id,
    partition: account.partition,
    role,
    permissions: new Permissions(policies, boundary),
    mode: modeOf({ roleArn, roleName, tags, policyArns: [] }, config),
    observed: observed(role.arn),
  };
}

function userSubject(user: User, { account, observed }: AccountInput): UserSubject {
  const { credentialReport: report } = account;
  const line = report.known ? report.value.users.find(({ arn }) => arn === user.arn) : undefined;
  return { account: account.id, user, reported: line ?? null, observed: observed(user.arn) };
}
