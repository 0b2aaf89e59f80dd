import { describe, expect, it } from "vitest";
import type { AccessKey, Role, User } from "../../src/audit/identities.ts";
import type { Observed } from "../../src/audit/observed.ts";
import { knownPart, notAsked } from "../../src/audit/part.ts";
import { Permissions } from "../../src/audit/permissions.ts";
import type { ReportedUser } from "../../src/audit/snapshot.ts";
import type { AgentSubject, RoleSubject, UserSubject } from "../../src/audit/subject.ts";
import type {
  AgentCheck, RoleCheck, Setting, UserCheck, Verdict,
} from "../../src/audit/verdict.ts";
import { emptyConfig } from "../../src/config/schema.ts";

export const account = "111122223333";
/** When everything here is judged. */
export const now = Date.UTC(2026, 5, 30);

export const usualSetting = { ...emptyConfig.audit, denyPolicyName: null };

export function daysAgo(days: number): number {
  return now - days * 24 * 3600 * 1000;
}

export function document(...statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

export function allow(Action: string | readonly string[], more: object = {}): object {
  return { Effect: "Allow", Action, Resource: "*", ...more };
}

export function deny(Action: string | readonly string[], more: object = {}): object {
  return { Effect: "Deny", Action, Resource: "*", ...more };
}

export function trust(Principal: unknown, more: object = {}): string {
  return document({ Effect: "Allow", Principal, Action: "sts:AssumeRole", ...more });
}

/** A part that is known. */
export const knownAt = <T>(value: T) => knownPart(value, now);

const named = {
  name: "agent-reader",
  id: "AROAREADER0000000001",
  path: "/agents/",
  arn: `arn:aws:iam::${account}:role/agents/agent-reader`,
  createdAt: daysAgo(300),
  inlinePolicies: [],
  attachedPolicyArns: [],
  boundaryArn: null,
  tags: [],
  serviceUse: notAsked("iam:GenerateServiceLastAccessedDetails"),
};

export function role(changes: Partial<Role> = {}): Role {
  return {
    ...named,
    trust: trust({ AWS: `arn:aws:iam::${account}:role/runner` }),
    maxSessionSeconds: knownPart(3600, now),
    lastUsed: { at: daysAgo(1), region: "eu-west-1" },
    ...changes,
  };
}

export function user(changes: Partial<User> = {}): User {
  return {
    ...named,
    name: "agent-user",
    id: "AIDAUSER000000000001",
    groupNames: [],
    arn: `arn:aws:iam::${account}:user/agents/agent-user`,
    accessKeys: knownPart([], now),
    ...changes,
  };
}

export function key(id: string, changes: Partial<AccessKey> = {}): AccessKey {
  const lastUsed = knownPart({ at: daysAgo(1), service: "s3", region: "eu-west-1" }, now);
  return { id, isActive: true, createdAt: daysAgo(10), lastUsed, ...changes };
}

export function reported(changes: Partial<ReportedUser> = {}): ReportedUser {
  return {
    name: "agent-user",
    arn: user().arn,
    createdAt: daysAgo(300),
    hasPassword: false,
    passwordLastUsedAt: null,
    passwordChangedAt: null,
    hasMfa: false,
    accessKeys: [],
    activeCertificateCount: 0,
    ...changes,
  };
}

export function observed(changes: Partial<Observed> = {}): Observed {
  return {
    from: daysAgo(60),
    until: now,
    isWhole: true,
    dataServices: new Set(["s3", "dynamodb", "lambda", "sqs"]),
    lastSessionAt: daysAgo(1),
    actions: [],
    agents: ["reader"],
    humanSessionCount: 0,
    longestTaskSeconds: null,
    outlivedTaskCount: 0,
    longestOutlivedSeconds: 0,
    ...changes,
  };
}

export function used(action: string, allowedCount = 1, deniedCount = 0) {
  return { action, allowedCount, deniedCount, lastAt: daysAgo(1) };
}

/** Inline policies, each of these statements. */
export function permissions(...statements: readonly object[]): Permissions {
  return new Permissions([{ name: "own", isInline: true, document: document(...statements) }]);
}

/** One with a policy that the snapshot does not hold. */
export const unreadPermissions = new Permissions([
  { name: `arn:aws:iam::${account}:policy/lost`, isInline: false, document: null },
]);

interface Expected {
  readonly what: string;
  readonly result: Verdict["result"];
  readonly because: string;
  readonly remedy?: string;
  readonly setting?: Partial<Setting>;
}

export interface RoleCase extends Expected {
  readonly role?: Partial<Role>;
  readonly permissions?: Permissions;
  readonly mode?: RoleSubject["mode"];
  readonly forbiddenZones?: RoleSubject["forbiddenZones"];
  /** Absent: nothing is known. */
  readonly observed?: Partial<Observed>;
}

export function roleSubject({
  role: changes,
  observed: seen,
  ...rest
}: Partial<RoleCase>): RoleSubject {
  return {
    account,
    partition: "aws",
    role: role(changes),
    permissions: rest.permissions ?? new Permissions([]),
    forbiddenZones: rest.forbiddenZones ?? [],
    mode: rest.mode ?? { mode: "unknown", basis: "none", isGuessed: false },
    observed: seen === undefined ? null : observed(seen),
  };
}

/** Holds a check against a table, and sees that it says every result that it can say. */
export function judgesRoles(check: RoleCheck, cases: readonly RoleCase[]): void {
  judges(check.name, cases, (one) => check.judge(roleSubject(one), settingOf(one)));
}

export interface UserCase extends Expected {
  readonly user?: Partial<User>;
  readonly reported?: Partial<ReportedUser>;
  readonly observed?: Partial<Observed>;
}

export function judgesUsers(check: UserCheck, cases: readonly UserCase[]): void {
  judges(check.name, cases, (one) => {
    const subject: UserSubject = {
      account,
      user: user(one.user),
      reported: one.reported === undefined
        ? notAsked("iam:GetCredentialReport") : knownPart(reported(one.reported), now),
      observed: one.observed === undefined ? null : observed(one.observed),
    };
    return check.judge(subject, settingOf(one));
  });
}

export interface AgentCase extends Expected {
  readonly agent: Partial<AgentSubject>;
}

export function judgesAgents(check: AgentCheck, cases: readonly AgentCase[]): void {
  judges(check.name, cases, (one) =>
    check.judge(
      {
        name: "coder",
        isDeclared: true,
        lastSeenAt: null,
        roleArns: [],
        watchedFrom: daysAgo(60),
        ...one.agent,
      },
      settingOf(one),
    ),
  );
}

function settingOf({ setting }: Expected): Setting {
  return { ...usualSetting, now, ...setting };
}

function judges<C extends Expected>(
  name: string,
  cases: readonly C[],
  verdictOf: (one: C) => Verdict,
): void {
  describe(name, () => {
    it.each(cases.map((one) => [one.what, one] as const))("judges %s", (_what, one) => {
      const { result, because, remedy } = verdictOf(one);
      expect({ result, because }).toEqual({ result: one.result, because: one.because });
      expect(remedy === null).toBe(result !== "fail");
      if (one.remedy !== undefined) expect(remedy?.text).toContain(one.remedy);
    });

    it("passes some and fails some", () => {
      const results = cases.map(({ result }) => result);
      expect(results).toContain("pass");
      expect(results).toContain("fail");
    });
  });
}
