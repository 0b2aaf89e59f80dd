import { sameRole } from "./role-name.ts";
import { signInSessionOf } from "./denial.ts";
import type { Session } from "../sessions/session.ts";

/** What somebody wants to take access away from. */
export type Target =
  | { readonly kind: "session"; readonly id: string }
  /** `ASIA…`: its session. `AKIA…`: the key itself. */
  | { readonly kind: "credential"; readonly accessKeyId: string }
  | { readonly kind: "agent"; readonly name: string }
  | { readonly kind: "role"; readonly arn: string }
  | { readonly kind: "source-identity"; readonly value: string }
  | { readonly kind: "sign-in-session"; readonly arn: string };

export const targetKinds = [
  "session", "credential", "agent", "role", "source-identity", "sign-in-session",
] as const;

/** As people and programs name it: a kind, and one text. */
export interface NamedTarget {
  readonly kind: Target["kind"];
  readonly value: string;
}

export function targetOf({ kind, value }: NamedTarget): Target {
  switch (kind) {
    case "session":
      return { kind, id: value };
    case "credential":
      return { kind, accessKeyId: value };
    case "agent":
      return { kind, name: value };
    case "source-identity":
      return { kind, value };
    case "role":
    case "sign-in-session":
      return { kind, arn: value };
    default:
      return kind satisfies never;
  }
}

export function isMeant(target: Target, session: Session): boolean {
  switch (target.kind) {
    case "session":
      return session.id === target.id;
    case "credential":
      return session.credentials.some(({ accessKeyId }) => accessKeyId === target.accessKeyId);
    case "agent":
      return session.attribution.agent === target.name;
    case "role":
      return session.role !== null && sameRole(session.role.arn, target.arn);
    case "source-identity":
      return session.sourceIdentity === target.value;
    case "sign-in-session":
      return signInSessionOf(session) === target.arn;
    default:
      return target satisfies never;
  }
}

/** `session AROA…`, for sentences. */
export function targetText(target: Target): string {
  return `${target.kind.replaceAll("-", " ")} ${targetValue(target)}`;
}

export function targetValue(target: Target): string {
  switch (target.kind) {
    case "session":
      return target.id;
    case "credential":
      return target.accessKeyId;
    case "agent":
      return target.name;
    case "source-identity":
      return target.value;
    case "role":
    case "sign-in-session":
      return target.arn;
    default:
      return target satisfies never;
  }
}
