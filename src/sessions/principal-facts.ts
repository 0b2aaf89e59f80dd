import type { TrailEvent } from "../events/event.ts";
import type { PrincipalFacts } from "./state.ts";

export function principalFacts({ principal, account }: TrailEvent): PrincipalFacts {
  const { role } = principal;
  return {
    kind: principal.kind,
    arn: principal.arn,
    account: principal.account ?? role?.account ?? account,
    userName: principal.userName,
    roleId: role?.id ?? null,
    roleArn: role?.arn ?? null,
    roleName: role?.name ?? null,
    sessionName: role?.sessionName ?? null,
    sourceIdentity: principal.sourceIdentity,
    ec2RoleDelivery: principal.ec2RoleDelivery,
    issuedTo: principal.inScopeOf?.credentialsIssuedTo ?? null,
    directoryUser: principal.onBehalfOf?.userId ?? null,
    mfa: principal.mfa,
  };
}

/**
 * Both records' word, the richer of each; commutative and associative, since "richer" is a total
 * order.
 */
export function mergePrincipal(a: PrincipalFacts, b: PrincipalFacts): PrincipalFacts {
  return {
    kind: a.kind < b.kind ? a.kind : b.kind,
    arn: richer(a.arn, b.arn),
    account: richer(a.account, b.account),
    userName: richer(a.userName, b.userName),
    roleId: richer(a.roleId, b.roleId),
    roleArn: richer(a.roleArn, b.roleArn),
    roleName: richer(a.roleName, b.roleName),
    sessionName: richer(a.sessionName, b.sessionName),
    sourceIdentity: richer(a.sourceIdentity, b.sourceIdentity),
    ec2RoleDelivery: richer(a.ec2RoleDelivery, b.ec2RoleDelivery),
    issuedTo: richer(a.issuedTo, b.issuedTo),
    directoryUser: richer(a.directoryUser, b.directoryUser),
    mfa: a.mfa === null || b.mfa === null ? (a.mfa ?? b.mfa) : a.mfa || b.mfa,
  };
}

/**
 * The longer text (a role ARN with its path is longer than without), then the one that sorts first.
 */
export function richer(a: string | null, b: string | null): string | null {
  if (a === b || b === null) return a;
  if (a === null) return b;
  if (a.length !== b.length) return a.length > b.length ? a : b;
  return a < b ? a : b;
}
