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
  const words = target.kind.replaceAll("-", " ");
  switch (target.kind) {
    case "session":
      return `${words} ${target.id}`;
    case "credential":
      return `${words} ${target.accessKeyId}`;
    case "agent":
      return `${words} ${target.name}`;
    case "source-identity":
      return `${words} ${target.value}`;
    case "role":
    case "sign-in-session":
      return `${words} ${target.arn}`;
    default:
      return target satisfies never;
  }
}
