import type { RawRecord } from "../records/record.ts";

/** Whose calls the base records are: invented accounts, ids and keys in the shape of real ones. */
export const agentAccount = "111111111111";
export const orchestratorAccount = "222222222222";

export const orchestrator = roleSession({
  account: orchestratorAccount,
  roleId: "AROAORCH000000000000A",
  role: "agents/orchestrator",
  session: "orch-1",
  accessKeyId: "ASIAORCHKEY000000001",
  createdAt: "2026-03-01T09:58:00Z",
});

function roleSession(identity: {
  readonly account: string;
  readonly roleId: string;
  readonly role: string;
  readonly session: string;
  readonly accessKeyId: string;
  readonly createdAt: string;
  readonly context?: RawRecord;
}): RawRecord {
  const { account, roleId, role, session, accessKeyId, createdAt, context } = identity;
  const name = role.slice(role.lastIndexOf("/") + 1);
  return {
    type: "AssumedRole",
    principalId: `${roleId}:${session}`,
    arn: `arn:aws:sts::${account}:assumed-role/${name}/${session}`,
    accountId: account,
    accessKeyId,
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: roleId,
        arn: `arn:aws:iam::${account}:role/${role}`,
        accountId: account,
        userName: name,
      },
      attributes: { creationDate: createdAt, mfaAuthenticated: "false" },
      ...context,
    },
  };
}

export const agentSession = roleSession({
  account: agentAccount,
  roleId: "AROATASK000000000000B",
  role: "agents/ro-inventory",
  session: "task-4711",
  accessKeyId: "ASIATASKKEY000000001",
  createdAt: "2026-03-01T10:00:00Z",
  context: { sourceIdentity: "task-4711" },
});

export const person = roleSession({
  account: agentAccount,
  roleId: "AROASSO0000000000000C",
  role: "aws-reserved/sso.amazonaws.com/AWSReservedSSO_Developer_0123456789abcdef",
  session: "alice@example.com",
  accessKeyId: "ASIASSOKEY0000000001",
  createdAt: "2026-03-01T08:00:00Z",
});

const signInSession = "00000000-0000-4000-8000-000000000001";
export const mcpSession = {
  ...person,
  sessionContext: {
    ...(person["sessionContext"] as RawRecord),
    signInSessionArn: `arn:aws:signin:us-east-1:${agentAccount}:session/${signInSession}`,
  },
};
