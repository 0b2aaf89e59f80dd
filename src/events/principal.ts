import { readAssumedRole, readRoleArn } from "./arn.ts";
import { fieldsOf, isFields, textOf, truthOf, type Fields } from "./field.ts";
import { readInstant } from "./instant.ts";

/**
 * Who AWS authenticated (`userIdentity`), in our names.
 *
 * docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
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
  readonly onBehalfOf: {
    readonly userId: string | null;
    readonly identityStoreArn: string | null;
  } | null;
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

/**
 * The principal of a record. Every field is optional: service events have no `type`, a forward
 * access session no access key, an Identity Center user no ARN, and `sessionIssuer` may be `{}`.
 * New members came without a version: presence is what counts, never `eventVersion`.
 */
export function readPrincipal(record: Fields): Principal {
  const identity = fieldsOf(record.userIdentity);
  const context = fieldsOf(identity.sessionContext);
  const attributes = fieldsOf(context.attributes);
  const type = textOf(identity.type);
  const kind = kindOf(type, identity, record);
  const createdAt = readInstant(attributes.creationDate);
  const accessKeyId = textOf(identity.accessKeyId);
  return {
    kind,
    type,
    id: textOf(identity.principalId),
    arn: textOf(identity.arn),
    account: textOf(identity.accountId),
    userName: textOf(identity.userName),
    accessKeyId,
    credentialKind: credentialKindOf(accessKeyId, createdAt),
    role: kind === "role-session" ? roleOf(identity, fieldsOf(context.sessionIssuer)) : null,
    createdAt,
    mfa: truthOf(attributes.mfaAuthenticated) ?? mfaAtSignIn(record),
    sourceIdentity: textOf(context.sourceIdentity),
    signInSessionArn: textOf(context.signInSessionArn),
    fromConsole: isFromConsole(record, attributes),
    assumedRoot: truthOf(context.assumedRoot) === true,
    ec2RoleDelivery: textOf(context.ec2RoleDelivery),
    identityProvider: textOf(identity.identityProvider),
    federatedProvider: textOf(fieldsOf(context.webIdFederationData).federatedProvider),
    invokedBy: textOf(identity.invokedBy),
    invokedByDelegate: textOf(fieldsOf(identity.invokedByDelegate).accountId),
    onBehalfOf: onBehalfOf(identity.onBehalfOf),
    inScopeOf: inScopeOf(identity.inScopeOf),
    credentialId: textOf(identity.credentialId),
  };
}

const kinds: ReadonlyMap<string, PrincipalKind> = new Map([
  ["AssumedRole", "role-session"],
  ["Role", "role-session"],
  ["IAMUser", "iam-user"],
  ["Root", "root"],
  ["FederatedUser", "federated-user"],
  ["SAMLUser", "saml-user"],
  ["WebIdentityUser", "web-identity-user"],
  ["IdentityCenterUser", "identity-center-user"],
  ["AWSAccount", "account"],
  ["AWSService", "service"],
  ["Directory", "directory"],
]);

/**
 * Without a type it is a service speaking of itself: `{"accountId": …, "invokedBy":
 * "secretsmanager.amazonaws.com"}`.
 */
function kindOf(type: string | null, identity: Fields, record: Fields): PrincipalKind {
  if (type !== null) return kinds.get(type) ?? "unknown";
  const isService = textOf(identity.invokedBy) !== null || record.eventType === "AwsServiceEvent";
  return isService ? "service" : "unknown";
}

/**
 * By the key id's prefix; a key with another prefix (`ABIA`, redacted, invented) is temporary when
 * it has a creation date.
 * docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
function credentialKindOf(
  accessKeyId: string | null,
  createdAt: number | null,
): Principal["credentialKind"] {
  if (accessKeyId === null) return "none";
  if (accessKeyId.startsWith("ASIA")) return "temporary";
  if (accessKeyId.startsWith("AKIA")) return "long-term";
  return createdAt === null ? "none" : "temporary";
}

/** The session's ARN drops the role's path, which only `sessionIssuer.arn` tells. */
function roleOf(identity: Fields, issuer: Fields): RoleIdentity | null {
  const session = readAssumedRole(textOf(identity.arn) ?? "");
  const [idOfSession, nameOfSession] = splitPrincipalId(textOf(identity.principalId));
  const issuerArn = textOf(issuer.arn) ?? textOf(identity.arn) ?? "";
  const issued = readRoleArn(issuerArn);
  const name = issued?.name ?? session?.roleName ?? textOf(issuer.userName);
  const account = issued?.account ?? session?.account ?? textOf(identity.accountId);
  if (name === null) return null;
  const partition = session?.partition ?? "aws";
  return {
    id: idOfSession ?? textOf(issuer.principalId),
    arn: issued === null ? `arn:${partition}:iam::${account ?? ""}:role/${name}` : issuerArn,
    name,
    account,
    sessionName: session?.sessionName ?? nameOfSession ?? "",
  };
}

/** `AROA…:<session name>`; an id without a colon tells no session name. */
function splitPrincipalId(id: string | null): readonly [string | null, string | null] {
  const colon = id?.indexOf(":") ?? -1;
  if (id === null || colon < 0) return [id, null];
  return [id.slice(0, colon) || null, id.slice(colon + 1) || null];
}

/** Sign-in events say it in their own words: `additionalEventData.MFAUsed` is `Yes` or `No`. */
function mfaAtSignIn(record: Fields): boolean | null {
  if (record.eventSource !== "signin.amazonaws.com") return null;
  const used = fieldsOf(record.additionalEventData).MFAUsed;
  return used === "Yes" ? true : used === "No" ? false : null;
}

/**
 * The text `"true"` at the top of the record; some producers put it among the session's attributes.
 */
function isFromConsole(record: Fields, attributes: Fields): boolean {
  const flag = record.sessionCredentialFromConsole ?? attributes.sessionCredentialFromConsole;
  return truthOf(flag) === true;
}

function onBehalfOf(value: unknown): Principal["onBehalfOf"] {
  if (!isFields(value) || Object.keys(value).length === 0) return null;
  return { userId: textOf(value.userId), identityStoreArn: textOf(value.identityStoreArn) };
}

/** The compute a credential was minted for; may be `{}`. */
function inScopeOf(value: unknown): Principal["inScopeOf"] {
  if (!isFields(value) || Object.keys(value).length === 0) return null;
  return {
    sourceArn: textOf(value.sourceArn),
    issuerType: textOf(value.issuerType),
    credentialsIssuedTo: textOf(value.credentialsIssuedTo),
  };
}
