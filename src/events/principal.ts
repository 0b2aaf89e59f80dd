/**
 * Who AWS authenticated (`userIdentity`), in our names.
 *
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export interface Principal {
  readonly kind: PrincipalKind;
  /** `userIdentity.type` as logged; null on service events. */
  readonly type: string | null;
  /** `AROA…:<session name>`, `AIDA…`, `<account>:<name>`, …; "" becomes null. */
  readonly id: string | null;
  readonly arn: string | null;
  readonly account: string | null;
  readonly userName: string | null;
  readonly accessKeyId: string | null;
  readonly credentialKind: "long-term" | "temporary" | "none";
  /** The role session; null for every other kind of principal. */
  readonly role: RoleIdentity | null;
  /** sessionContext.attributes.creationDate in ms; null when absent. */
  readonly createdAt: number | null;
  readonly mfa: boolean | null;
  readonly sourceIdentity: string | null;
  readonly signInSessionArn: string | null;
  readonly fromConsole: boolean;
  readonly assumedRoot: boolean;
  /** The instance-metadata version that delivered the credential, `1.0` or `2.0`. */
  readonly ec2RoleDelivery: string | null;
  readonly identityProvider: string | null;
  readonly federatedProvider: string | null;
  /** A service that called on the principal's behalf, e.g. `aws-mcp.amazonaws.com`. */
  readonly invokedBy: string | null;
  readonly invokedByDelegate: string | null;
  readonly onBehalfOf: { readonly userId: string | null; readonly identityStoreArn: string | null } | null;
  readonly inScopeOf: {
    readonly sourceArn: string | null;
    readonly issuerType: string | null;
    readonly credentialsIssuedTo: string | null;
  } | null;
  readonly credentialId: string | null;
}

export interface RoleIdentity {
  /** `AROA…`; null when AWS left it out. */
  readonly id: string | null;
  /** `arn:aws:iam::<account>:role/<path><name>`, with the path where sessionIssuer carries it. */
  readonly arn: string;
  readonly name: string;
  readonly account: string | null;
  /** Chosen by the caller: untrusted text. */
  readonly sessionName: string;
}

export const principalKinds = [
  "role-session",
  "iam-user",
  "root",
  "federated-user",
  "saml-user",
  "web-identity-user",
  "identity-center-user",
  "account", // another account's principal
  "service",
  "directory",
  "unknown",
] as const;
export type PrincipalKind = (typeof principalKinds)[number];
