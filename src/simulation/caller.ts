import { isoSeconds } from "./instant.ts";
import type { Json, Operation } from "./operations/operation.ts";
import type { Random } from "./random.ts";
import type { Role } from "./world.ts";

/** What one caller's records have in common. */
export interface Caller {
  /** `userIdentity`. */
  readonly identity: Json;
  /** Named in messages of denial. */
  readonly arn: string;
  readonly account: string;
  readonly address: string;
  readonly client: Client;
  readonly vpcEndpointId: string | null;
  /** The console stamps its records, makes a key per request, and shows no TLS details. */
  readonly fromConsole: boolean;
}

/** The user agent of one call. */
export type Client = (operation: Operation, random: Random) => string;

/** One issue of a role's credential. */
export interface Issued {
  readonly role: Role;
  readonly sessionName: string;
  readonly accessKeyId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly sourceIdentity: string | null;
}

/** Members of `userIdentity` that only some role sessions have. */
export interface Stamps {
  readonly accessKeyId?: string | null;
  readonly signInSessionArn?: string;
  readonly ec2RoleDelivery?: string;
  readonly invokedBy?: string;
  readonly inScopeOf?: Json;
  readonly mfa?: boolean;
  readonly federatedProvider?: string;
}

export function sessionArn({ role, sessionName }: Issued): string {
  return `arn:aws:sts::${role.account}:assumed-role/${role.name}/${sessionName}`;
}

/** A role session's `userIdentity`, in AWS's order of keys. */
export function roleIdentity(issued: Issued, stamps: Stamps = {}): Json {
  const { role, sessionName, sourceIdentity } = issued;
  const accessKeyId = stamps.accessKeyId === undefined ? issued.accessKeyId : stamps.accessKeyId;
  const { signInSessionArn, ec2RoleDelivery, invokedBy, inScopeOf, federatedProvider } = stamps;
  return {
    type: "AssumedRole",
    principalId: `${role.id}:${sessionName}`,
    arn: sessionArn(issued),
    accountId: role.account,
    ...(accessKeyId === null ? {} : { accessKeyId }),
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: role.id,
        arn: role.arn,
        accountId: role.account,
        userName: role.name,
      },
      ...(federatedProvider === undefined
        ? {}
        : { webIdFederationData: { federatedProvider, attributes: {} } }),
      attributes: {
        creationDate: isoSeconds(issued.createdAt),
        mfaAuthenticated: stamps.mfa === true ? "true" : "false",
      },
      ...(sourceIdentity === null ? {} : { sourceIdentity }),
      ...(ec2RoleDelivery === undefined ? {} : { ec2RoleDelivery }),
      ...(signInSessionArn === undefined ? {} : { signInSessionArn }),
    },
    ...(invokedBy === undefined ? {} : { invokedBy }),
    ...(inScopeOf === undefined ? {} : { inScopeOf }),
  };
}

/** A role session that calls from `address`. */
export function roleCaller(issued: Issued, from: From): Caller {
  return {
    identity: roleIdentity(issued, from.stamps),
    arn: sessionArn(issued),
    account: issued.role.account,
    address: from.address,
    client: from.client,
    vpcEndpointId: null,
    fromConsole: false,
  };
}

export interface From {
  readonly address: string;
  readonly client: Client;
  readonly stamps?: Stamps;
}

/** An AWS service as the caller, into `account`. */
export function serviceCaller(service: string, account: string): Caller {
  return {
    identity: { type: "AWSService", invokedBy: service },
    arn: service,
    account,
    address: service,
    client: () => service,
    vpcEndpointId: null,
    fromConsole: false,
  };
}

export interface LongTermUser {
  readonly account: string;
  readonly name: string;
  /** `AIDASIM…` */
  readonly id: string;
  /** `AKIASIM…` */
  readonly accessKeyId: string;
}

/** An IAM user with its long-term key. */
export function userCaller(user: LongTermUser, from: From): Caller {
  const arn = `arn:aws:iam::${user.account}:user/${user.name}`;
  return {
    identity: {
      type: "IAMUser",
      principalId: user.id,
      arn,
      accountId: user.account,
      accessKeyId: user.accessKeyId,
      userName: user.name,
    },
    arn,
    account: user.account,
    address: from.address,
    client: from.client,
    vpcEndpointId: null,
    fromConsole: false,
  };
}
