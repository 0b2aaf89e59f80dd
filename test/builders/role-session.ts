import type { Session } from "../../src/sessions/session.ts";
import type { RoleSeen } from "../../src/revocations/role-gate.ts";
import type { Context } from "../iam/evaluate.ts";
import { at } from "./event.ts";
import { credential, session } from "./fact-context.ts";
import { issuance } from "./session.ts";

/** `ro` -> its id: 21 characters, as IAM makes them. */
export const roleIdOf = (role: string): string =>
  `AROA${role.toUpperCase().replaceAll(/[^A-Z0-9]/g, "")}`.padEnd(21, "0");
export const roleArnOf = (role: string, account = "111111111111"): string =>
  `arn:aws:iam::${account}:role/agents/${role}`;

export interface Made extends Omit<Partial<Session>, "attribution"> {
  readonly agent?: string | null;
  /** Seconds after ten o'clock. */
  readonly issued?: number;
  readonly ends?: number;
  readonly key?: string;
  /** Who asked for its credential. */
  readonly from?: Session;
}

/** A role session issued at ten, for an hour, with one key. */
export function roleSession(role: string, name: string, made: Made = {}): Session {
  const { agent = null, issued = 0, ends = issued + 3600, from, ...overrides } = made;
  const { key = `ASIA${role}${name}${issued}`.toUpperCase(), ...rest } = overrides;
  const id = `${roleIdOf(role)}:${name}@${new Date(at(issued)).toISOString()}`;
  const opened = issuance({
    at: at(issued), accessKeyId: key, expiresAt: at(ends), principalId: `${roleIdOf(role)}:${name}`,
    ...(from === undefined ? {} : {
      issuer: {
        principalId: from.principalId, groupKey: from.groupKey,
        accessKeyId: from.credentials[0]?.accessKeyId ?? null,
      },
    }),
  });
  return session({
    id, groupKey: id, principalId: `${roleIdOf(role)}:${name}`, name,
    role: { id: roleIdOf(role), arn: roleArnOf(role), name: role },
    createdAt: at(issued), firstAt: at(issued + 1), lastAt: at(issued + 2), issuance: opened,
    credentials: [credential({ accessKeyId: key, issuance: opened, expiresAt: at(ends) })],
    attribution: { agent, status: agent === null ? "none" : "declared" },
    ...rest,
  });
}

/** What IAM is told of a call of this session. */
export function contextOf(session: Session): Context {
  const signIn = session.anchor === "sign-in-session" ? session.id.slice("sis:".length) : null;
  return {
    ...(session.principalId === null ? {} : { "aws:userid": session.principalId }),
    ...(session.sourceIdentity === null ? {} : { "aws:SourceIdentity": session.sourceIdentity }),
    ...(signIn === null ? {} : { "aws:SignInSessionArn": signIn }),
    ...(session.createdAt === null
      ? {}
      : { "aws:TokenIssueTime": new Date(session.createdAt).toISOString() }),
  };
}

/** The role as IAM shows it, with no policies but what the case is about. */
export function roleSeen(role: string, overrides: Partial<RoleSeen> = {}): RoleSeen {
  return {
    id: roleIdOf(role), name: role, arn: roleArnOf(role), path: "/agents/", tags: {},
    maxSessionSeconds: 3600, inlinePolicies: [], attachedPolicyArns: [], ...overrides,
  };
}
