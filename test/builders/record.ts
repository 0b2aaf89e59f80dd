import type { RawRecord } from "../../src/records/record.ts";

type Fields = Readonly<Record<string, unknown>>;

/** `2026-03-01T10:00:00Z` and so many seconds, as a record writes it. */
export function instantAt(seconds: number): string {
  return new Date(Date.UTC(2026, 2, 1, 10) + seconds * 1000).toISOString().replace(".000Z", "Z");
}

export interface RoleSession {
  readonly role?: string;
  readonly session?: string;
  readonly roleId?: string;
  readonly accessKeyId?: string | null;
  readonly createdAt?: string;
  readonly account?: string;
  readonly context?: Fields;
}

/** `userIdentity` of a role session. */
export function roleIdentity(options: RoleSession = {}): Record<string, unknown> {
  const { role = "ro-inventory", session = "task-4711", account = "111111111111" } = options;
  const { roleId = "AROATASK000000000000B", accessKeyId = "ASIATASKKEY000000001" } = options;
  return {
    type: "AssumedRole",
    principalId: `${roleId}:${session}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
    accountId: account,
    ...(accessKeyId === null ? {} : { accessKeyId }),
    sessionContext: {
      sessionIssuer: {
        type: "Role", principalId: roleId, arn: `arn:aws:iam::${account}:role/agents/${role}`,
        accountId: account, userName: role,
      },
      attributes: { creationDate: options.createdAt ?? instantAt(0), mfaAuthenticated: "false" },
      ...options.context,
    },
  };
}

/** Ids count up, so that records made one after the other are different events. */
let made = 0;

/** A read by the role session `task-4711`, but for these fields; `undefined` leaves one out. */
export function record(fields: Fields = {}): RawRecord {
  made += 1;
  const whole: Fields = {
    eventVersion: "1.11",
    userIdentity: roleIdentity(),
    eventTime: instantAt(60),
    eventSource: "ec2.amazonaws.com",
    eventName: "DescribeInstances",
    awsRegion: "eu-west-1",
    sourceIPAddress: "198.51.100.9",
    userAgent: "aws-cli/2.36.7 ua/2.1 os/linux#6.8 lang/python#3.14.4 m/b,g",
    requestParameters: null,
    responseElements: null,
    requestID: `request-${made}`,
    eventID: `event-${made}`,
    readOnly: true,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: "111111111111",
    eventCategory: "Management",
    ...fields,
  };
  return Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined));
}

/** What coding agents call AWS with: `AN` is Claude Code. */
export const agentUserAgent = "aws-cli/2.36.7 ua/2.1 os/linux#6.8 lang/python#3.14.4 m/b,AN,g";

/** A write that our own rules flag: an agent makes an access key under a read-only role. */
export function keyMade(fields: Fields = {}): RawRecord {
  return record({
    eventSource: "iam.amazonaws.com",
    eventName: "CreateAccessKey",
    awsRegion: "us-east-1",
    userAgent: agentUserAgent,
    readOnly: false,
    requestParameters: { userName: "bob" },
    responseElements: { accessKey: { accessKeyId: "AKIAEXAMPLE000000001" } },
    ...fields,
  });
}

export interface Assumed {
  readonly by?: Fields;
  readonly role?: string;
  readonly session?: string;
  readonly roleId?: string;
  readonly accessKeyId?: string;
  readonly expiration?: string;
  readonly fields?: Fields;
}

/** An `AssumeRole` that opened `task-4711`, with its session token. */
export function assumed(options: Assumed = {}): RawRecord {
  const { role = "ro-inventory", session = "task-4711" } = options;
  const { roleId = "AROATASK000000000000B" } = options;
  const orchestrator = roleIdentity({
    role: "orchestrator", session: "orch-1", roleId: "AROAORCH000000000000A",
    accessKeyId: "ASIAORCHKEY000000001", createdAt: instantAt(-120),
  });
  const roleArn = `arn:aws:iam::111111111111:role/agents/${role}`;
  return record({
    userIdentity: options.by ?? orchestrator,
    eventTime: instantAt(0),
    eventSource: "sts.amazonaws.com",
    eventName: "AssumeRole",
    requestParameters: { roleArn, roleSessionName: session, durationSeconds: 900 },
    responseElements: {
      credentials: {
        accessKeyId: options.accessKeyId ?? "ASIATASKKEY000000001",
        sessionToken: "IQoJb3JpZ2luX2VjSESSIONTOKENTEXT==",
        expiration: options.expiration ?? "Mar 1, 2026, 10:15:00 AM",
      },
      assumedRoleUser: {
        assumedRoleId: `${roleId}:${session}`,
        arn: `arn:aws:sts::111111111111:assumed-role/${role}/${session}`,
      },
    },
    resources: [{ accountId: "111111111111", type: "AWS::IAM::Role", ARN: roleArn }],
    ...options.fields,
  });
}
