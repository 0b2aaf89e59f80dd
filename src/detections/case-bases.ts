import type { RawRecord } from "../records/record.ts";
import {
  agentAccount,
  agentSession,
  mcpSession,
  orchestrator,
  orchestratorAccount,
  person,
} from "./case-identities.ts";

/**
 * The records that cases start from: shapes as AWS documents and sends them, every value invented.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference.html
 *
 * They are one story: an orchestrator in account 222222222222 issues a session of an agent's
 * read-only role in 111111111111 at 10:00:00; the session calls at 10:01:00; a person, an IAM user
 * and root call beside it.
 */
export const caseBaseNames = [
  "assume-role-issuance",
  "assumed-role",
  "assumed-role-denied",
  "iam-user",
  "root",
  "sso-user",
  "identity-center-user",
  "mcp-call",
  "mcp-tool",
  "service-event",
] as const;
export type CaseBaseName = (typeof caseBaseNames)[number];

const agentRoleArn = `arn:aws:iam::${agentAccount}:role/agents/ro-inventory`;

const common: RawRecord = {
  eventVersion: "1.11",
  awsRegion: "eu-west-1",
  requestParameters: null,
  responseElements: null,
  eventType: "AwsApiCall",
  managementEvent: true,
  recipientAccountId: agentAccount,
  eventCategory: "Management",
};

const listing: RawRecord = {
  ...common,
  eventTime: "2026-03-01T10:01:00Z",
  eventSource: "ec2.amazonaws.com",
  eventName: "DescribeInstances",
  readOnly: true,
};

const cliUserAgent =
  "aws-cli/2.36.7 md/awscrt#0.36.2 ua/2.1 os/linux#6.8 md/arch#x86_64 lang/python#3.14.4 " +
  "md/pyimpl#CPython m/b,g,Z,E cfg/retry-mode#standard md/installer#exe sid/0123456789ab";

const issuance: RawRecord = {
  ...common,
  userIdentity: orchestrator,
  eventTime: "2026-03-01T10:00:00Z",
  eventSource: "sts.amazonaws.com",
  eventName: "AssumeRole",
  sourceIPAddress: "198.51.100.9",
  userAgent: "aws-sdk-js/3.900.0 ua/2.1 os/linux lang/js md/nodejs#22.0.0 m/E,g",
  requestParameters: {
    roleArn: agentRoleArn,
    roleSessionName: "task-4711",
    durationSeconds: 900,
    sourceIdentity: "task-4711",
  },
  responseElements: {
    credentials: {
      accessKeyId: "ASIATASKKEY000000001",
      sessionToken: "SCRUB-ME",
      expiration: "Mar 1, 2026, 10:15:00 AM",
    },
    assumedRoleUser: {
      assumedRoleId: "AROATASK000000000000B:task-4711",
      arn: `arn:aws:sts::${agentAccount}:assumed-role/ro-inventory/task-4711`,
    },
    sourceIdentity: "task-4711",
  },
  readOnly: true,
  resources: [{ accountId: agentAccount, type: "AWS::IAM::Role", ARN: agentRoleArn }],
  recipientAccountId: orchestratorAccount,
};

const assumedRole: RawRecord = {
  ...listing,
  userIdentity: agentSession,
  sourceIPAddress: "198.51.100.9",
  userAgent: cliUserAgent,
};

export const caseBases: Readonly<Record<CaseBaseName, RawRecord>> = {
  "assume-role-issuance": issuance,
  "assumed-role": assumedRole,
  "assumed-role-denied": {
    ...assumedRole,
    eventSource: "iam.amazonaws.com",
    eventName: "CreateAccessKey",
    awsRegion: "us-east-1",
    readOnly: false,
    errorCode: "AccessDenied",
    errorMessage:
      `User: arn:aws:sts::${agentAccount}:assumed-role/ro-inventory/task-4711 is not authorized ` +
      "to perform: iam:CreateAccessKey on resource: user bob because no identity-based policy " +
      "allows the iam:CreateAccessKey action",
  },
  "iam-user": {
    ...listing,
    userIdentity: {
      type: "IAMUser",
      principalId: "AIDAUSER000000000000D",
      arn: `arn:aws:iam::${agentAccount}:user/build`,
      accountId: agentAccount,
      accessKeyId: "AKIAUSERKEY000000001",
      userName: "build",
    },
    sourceIPAddress: "203.0.113.20",
    userAgent: cliUserAgent,
  },
  root: {
    ...listing,
    userIdentity: {
      type: "Root",
      principalId: agentAccount,
      arn: `arn:aws:iam::${agentAccount}:root`,
      accountId: agentAccount,
      accessKeyId: "ASIAROOTKEY000000001",
      sessionContext: {
        attributes: { creationDate: "2026-03-01T09:55:00Z", mfaAuthenticated: "true" },
      },
    },
    sourceIPAddress: "203.0.113.30",
    userAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0",
    sessionCredentialFromConsole: "true",
  },
  "sso-user": {
    ...listing,
    userIdentity: person,
    sourceIPAddress: "203.0.113.10",
    userAgent: cliUserAgent,
  },
  "identity-center-user": {
    ...common,
    userIdentity: {
      type: "IdentityCenterUser",
      accountId: agentAccount,
      onBehalfOf: {
        userId: "00000000-0000-4000-8000-00000000000a",
        identityStoreArn: `arn:aws:identitystore::${agentAccount}:identitystore/d-0000000000`,
      },
      credentialId: "00000000-0000-4000-8000-00000000000b",
    },
    eventTime: "2026-03-01T08:00:00Z",
    eventSource: "sso.amazonaws.com",
    eventName: "GetRoleCredentials",
    sourceIPAddress: "203.0.113.10",
    userAgent: cliUserAgent,
    readOnly: true,
    serviceEventDetails: { role_name: "Developer", account_id: agentAccount },
  },
  "mcp-call": {
    ...listing,
    userIdentity: { ...mcpSession, invokedBy: "aws-mcp.amazonaws.com" },
    sourceIPAddress: "aws-mcp.amazonaws.com",
    userAgent: "aws-mcp.amazonaws.com",
  },
  "mcp-tool": {
    ...listing,
    userIdentity: mcpSession,
    eventSource: "aws-mcp.amazonaws.com",
    eventName: "CallReadWriteTool",
    eventType: "AwsMcpEvent",
    readOnly: false,
    sourceIPAddress: "203.0.113.10",
    userAgent: "claude-code/2.1.202 (cli)",
    requestParameters: { method: "tools/call", params: { name: "aws___call_aws" } },
    additionalEventData: { downstreamRequests: [] },
  },
  "service-event": {
    ...listing,
    userIdentity: { accountId: agentAccount, invokedBy: "secretsmanager.amazonaws.com" },
    eventSource: "secretsmanager.amazonaws.com",
    eventName: "RotationStarted",
    eventType: "AwsServiceEvent",
    readOnly: false,
    sourceIPAddress: "secretsmanager.amazonaws.com",
    userAgent: "secretsmanager.amazonaws.com",
  },
};
