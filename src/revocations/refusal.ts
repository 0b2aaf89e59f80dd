import { readRoleArn } from "../events/arn.ts";
import { matchesGlob } from "../sessions/glob.ts";
import type { Denial } from "./denial.ts";
import { documentOf } from "./document.ts";
import { sameRole } from "./role-name.ts";

/** Why something cannot be taken away, or not by us. A closed set: it is a metric label. */
export const refusalNames = [
  "nothing-live", // no session that is known and live fits
  "not-a-role", // root, federated users, sessions of IAM users: no deny of a role reaches them
  "role-unknown", // records do not tell the role, or AWS knows no such role
  "unwritable-name", // a name that cannot stand in a policy as it is: forged
  "responder-role", // our own
  "service-linked-role",
  "reserved-sso-role", // Identity Center's
  "protected-role", // so declared
  "management-account",
  "no-room", // not even the shortest form fits beside what is there
  "foreign-policy", // a document under our name that we cannot add to
] as const;
export type RefusalName = (typeof refusalNames)[number];

export interface Refusal {
  readonly name: RefusalName;
  /** The role's ARN, a session's id. */
  readonly subject: string;
  readonly because: string;
  /** A service control policy that does it, as JSON to attach by hand; null where none would. */
  readonly scp: string | null;
}

/** What is declared about roles that we may not touch. */
export interface Untouchable {
  /** ARNs of roles that this program itself works under. */
  readonly responderRoles: readonly string[];
  /** Globs of ARNs. */
  readonly protectedRoles: readonly string[];
  /** Account id; null: not told. */
  readonly managementAccount: string | null;
}

/** Why no policy may be put on this role; null: it may. */
export function refusalOf(
  roleArn: string,
  denials: readonly Denial[],
  untouchable: Untouchable,
): Refusal | null {
  const read = readRoleArn(roleArn);
  const refused = (name: RefusalName, because: string, hasScp = false): Refusal =>
    ({ name, subject: roleArn, because, scp: hasScp ? scpOf(denials) : null });
  if (read === null) return refused("role-unknown", "Its ARN does not read as a role's.");
  const { account, name, path } = read;
  if (untouchable.responderRoles.some((own) => sameRole(own, roleArn))) {
    return refused("responder-role", "It is the role that this program itself works under.");
  }
  if (path.startsWith("/aws-service-role/") || name.startsWith("AWSServiceRoleFor")) {
    return refused("service-linked-role", serviceLinked);
  }
  if (account === untouchable.managementAccount) {
    return refused("management-account", managementAccount);
  }
  if (path.startsWith("/aws-reserved/sso.amazonaws.com/") || name.startsWith("AWSReservedSSO_")) {
    return refused("reserved-sso-role", reservedSso, true);
  }
  const glob = untouchable.protectedRoles.find((pattern) => matchesGlob(pattern, roleArn));
  if (glob === undefined) return null;
  return refused("protected-role", `The config protects ${glob}.`, true);
}

const serviceLinked =
  "Its policies are AWS's own: IAM refuses to change them, and service control policies do not " +
  "bind it. Delete what makes the service use it.";
const managementAccount =
  "It is in the organization's management account, where service control policies do not bind " +
  "and a mistake cannot be undone from outside. Do it by hand.";
const reservedSso =
  "Identity Center owns the role: IAM refuses to change it. Attach the service control policy, " +
  "and end the user's access portal sessions, or they are let in again.";

/** The same denials for a whole account: the role's id in `aws:userid` keeps them to that role. */
function scpOf(denials: readonly Denial[]): string | null {
  return denials.length === 0 ? null : documentOf(denials, "managed");
}
