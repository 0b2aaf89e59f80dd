import type { TrailEvent } from "../events/event.ts";
import type { Session } from "../sessions/session.ts";

/** What of a request's context a denial goes by. */
export const denialKinds = ["sign-in-session", "source-identity", "user-id", "role"] as const;
export type DenialKind = (typeof denialKinds)[number];

/**
 * What is taken away from sessions of one role: everything, from those that it fits. Never an
 * access key: IAM has no condition key for it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export interface Denial {
  /** `AROA…`: sessions of other roles are not meant, wherever the policy hangs. */
  readonly roleId: string;
  readonly kind: DenialKind;
  /** `aws:userid` (`AROA…:task-1`), `aws:SourceIdentity`, `aws:SignInSessionArn`; "" of a role. */
  readonly value: string;
  /**
   * ms UTC, a whole second: only credentials issued before it (`aws:TokenIssueTime`), since names
   * come back. Null for a sign-in session: its name never does, and what it mints later is meant.
   */
  readonly issuedBefore: number | null;
}

/** A caller as a denial sees it; null is an absent key. */
export interface Caller {
  readonly userId: string | null;
  readonly sourceIdentity: string | null;
  readonly signInSessionArn: string | null;
  /** ms UTC. */
  readonly issuedAt: number | null;
}

/** Whether the denial hits this caller: a credential of unknown issue is taken to be old enough. */
export function denies(denial: Denial, caller: Caller): boolean {
  const { kind, value, roleId, issuedBefore } = denial;
  if (caller.userId?.startsWith(`${roleId}:`) !== true) return false;
  if (issuedBefore !== null && (caller.issuedAt ?? -Infinity) >= issuedBefore) return false;
  switch (kind) {
    case "role":
      return true;
    case "user-id":
      return caller.userId === value;
    case "source-identity":
      return caller.sourceIdentity === value;
    case "sign-in-session":
      return caller.signInSessionArn === value;
    default:
      return kind satisfies never;
  }
}

export function callerOf(session: Session): Caller {
  return {
    userId: session.principalId,
    sourceIdentity: session.sourceIdentity,
    signInSessionArn: signInSessionOf(session),
    issuedAt: session.createdAt,
  };
}

export function callerIn({ principal }: TrailEvent): Caller {
  return {
    userId: principal.id,
    sourceIdentity: principal.sourceIdentity,
    signInSessionArn: principal.signInSessionArn,
    issuedAt: principal.createdAt,
  };
}

export function signInSessionOf({ anchor, id }: Pick<Session, "anchor" | "id">): string | null {
  return anchor === "sign-in-session" ? id.slice("sis:".length) : null;
}

/** Without those that another one covers whole, in the order in which documents have them. */
export function leastOf(denials: readonly Denial[]): readonly Denial[] {
  const widest = new Map<string, Denial>();
  for (const denial of denials) {
    const key = keyOf(denial);
    const known = widest.get(key);
    if (known === undefined || endOf(known) < endOf(denial)) widest.set(key, denial);
  }
  return [...widest.values()]
    .filter((denial) => {
      const whole = widest.get(keyOf({ ...denial, kind: "role", value: "" }));
      return denial.kind === "role" || whole === undefined || endOf(whole) < endOf(denial);
    })
    .sort(inOrder);
}

function keyOf({ roleId, kind, value }: Omit<Denial, "issuedBefore">): string {
  return `${roleId} ${kind} ${value}`;
}

function endOf({ issuedBefore }: Denial): number {
  return issuedBefore ?? Infinity;
}

function inOrder(a: Denial, b: Denial): number {
  return denialKinds.indexOf(a.kind) - denialKinds.indexOf(b.kind) ||
    (a.issuedBefore ?? 0) - (b.issuedBefore ?? 0) ||
    byText(a.roleId, b.roleId) || byText(a.value, b.value);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Whether the text can be a value of that kind. Names are chosen by callers, and records may be
 * forged: nothing that IAM would read as a wildcard or a variable (`*`, `?`, `${`) gets into a
 * policy. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function isWritable({ kind, value, roleId }: Omit<Denial, "issuedBefore">): boolean {
  return roleIdShape.test(roleId) && valueShapes[kind].test(value);
}
const roleIdShape = /^AROA[A-Z0-9]{12,124}$/;
const valueShapes: Readonly<Record<DenialKind, RegExp>> = {
  role: /^$/,
  "user-id": /^AROA[A-Z0-9]{12,124}:[\w+=,.@-]{2,64}$/,
  "source-identity": /^[\w+=,.@-]{2,64}$/,
  "sign-in-session": /^arn:aws[\w-]*:signin:[a-z0-9-]*:\d{12}:session\/[\w-]{1,128}$/,
};
