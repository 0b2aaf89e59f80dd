import { readArn } from "../events/arn.ts";
import { hashOf } from "../sessions/spans.ts";
import type { Session } from "../sessions/session.ts";

/** Whose past a session is compared with. */
export interface Subject {
  /** e.g. `111122223333/aider-readonly`; a user's `111122223333/user/bob`. */
  readonly role: string;
  /** The agent's name; null where none is seen. */
  readonly agent: string | null;
  /** What kinds of agent are alike; `none` where no agent is seen. */
  readonly kind: "ai" | "automation" | "declared" | "none";
}

/**
 * The subject of a session; null for those without role or user: services, foreign accounts. A
 * role's name is unique in its account, whatever its path, and outlives its id.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export function subjectOf(session: Session): Subject | null {
  const { account, role, name, attribution: { agent, agentKind, status } } = session;
  if (account === null) return null;
  const isUser = session.kind === "iam-user" && name !== null;
  if (role === null && !isUser) return null;
  return {
    role: `${account}/${role?.name ?? `user/${name ?? ""}`}`,
    agent,
    kind: agentKind ?? (status === "declared" ? "declared" : "none"),
  };
}

/** People name a subject by these: what kind of agent it was taken for may change. */
export type RoleAndAgent = Pick<Subject, "role" | "agent">;

/** `111122223333/aider-readonly aider` */
export function subjectKey({ role, agent }: RoleAndAgent): string {
  return agent === null ? role : `${role} ${agent}`;
}

/**
 * Whether a person may mean the subject's role: by its name, `<account>/<name>`, or its ARN, whose
 * path is left aside.
 */
export function isOfRole({ role }: Subject, text: string): boolean {
  const arn = readArn(text);
  if (arn === null) return role === text || role.slice(role.indexOf("/") + 1) === text;
  const [kind = "", ...path] = arn.resource.split("/");
  const name = path.at(-1) ?? "";
  return role === `${arn.account}/${kind === "user" ? `user/${name}` : name}`;
}

/**
 * Who stands behind a session, as a number from 0 to 4095: the source identity, which AWS keeps
 * along a chain of roles, else who asked for the credential, and the network it was first used
 * from. A session's name is no identity: its caller chooses it. Two that share a number are heard
 * as one, which is the safe side.
 */
export function voiceOf({ sourceIdentity, issuance, credentials }: Session): number {
  const who = sourceIdentity ?? issuance?.issuer.principalId ?? "";
  const network = credentials[0]?.networks[0]?.value ?? "";
  return hashOf(JSON.stringify([who, network])) & 4095;
}
