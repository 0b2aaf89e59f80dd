import { describe, expect, it } from "vitest";
import { issuanceOf } from "../../src/sessions/issued.ts";
import { at, otherPrincipal, trailEvent, type EventOverrides } from "../builders/event.ts";

const role = "arn:aws:iam::111111111111:role/agents/ro-inventory";
const assumed = {
  assumedRoleId: "AROATASK000000000000B:task-4711",
  arn: "arn:aws:sts::111111111111:assumed-role/ro-inventory/task-4711",
};
const credentials = { accessKeyId: "ASIANEW", expiration: "Mar 1, 2026, 10:15:00 AM" };

interface Minting {
  readonly source?: string;
  readonly name: string;
  readonly asked?: unknown;
  readonly answer?: unknown;
  readonly record?: Record<string, unknown>;
  readonly event?: EventOverrides;
}

function minted({ source = "sts.amazonaws.com", name, asked, answer, record, event }: Minting) {
  return issuanceOf(
    trailEvent({
      source,
      name,
      at: at(0),
      ...event,
      record: { requestParameters: asked, responseElements: answer, ...record },
    }),
  );
}

function told(minting: Minting) {
  const found = minted(minting);
  if (found === null) return null;
  const { kind, accessKeyId, principalId, roleArn, sessionName, expiresAt } = found;
  return { kind, accessKeyId, principalId, roleArn, sessionName, expiresAt };
}

const roleSession = {
  accessKeyId: "ASIANEW",
  principalId: "AROATASK000000000000B:task-4711",
  roleArn: role,
  sessionName: "task-4711",
  expiresAt: at(900),
};

const roleless = { roleArn: null, sessionName: null };

describe("an issuance is read from", () => {
  it.each<[string, Minting, ReturnType<typeof told>]>([
    [
      "AssumeRole",
      {
        name: "AssumeRole",
        asked: { roleArn: role, roleSessionName: "task-4711", durationSeconds: 900 },
        answer: { credentials, assumedRoleUser: assumed },
      },
      { kind: "assume-role", ...roleSession },
    ],
    [
      "AssumeRole by EC2, which tells no assumedRoleUser",
      {
        name: "AssumeRole",
        asked: { roleArn: role, roleSessionName: "i-0123456789abcdef0" },
        answer: { credentials },
      },
      {
        kind: "assume-role",
        ...roleSession,
        principalId: null,
        sessionName: "i-0123456789abcdef0",
      },
    ],
    [
      "AssumeRoleWithWebIdentity",
      {
        name: "AssumeRoleWithWebIdentity",
        asked: { roleArn: role, roleSessionName: "task-4711" },
        answer: { credentials, assumedRoleUser: assumed, provider: "accounts.google.com" },
      },
      { kind: "web-identity", ...roleSession },
    ],
    [
      "AssumeRoleWithSAML",
      {
        name: "AssumeRoleWithSAML",
        asked: { roleArn: role, roleSessionName: "task-4711", principalArn: "arn:x" },
        answer: { credentials, assumedRoleUser: assumed },
      },
      { kind: "saml", ...roleSession },
    ],
    [
      "GetSessionToken",
      {
        name: "GetSessionToken",
        answer: { credentials },
        event: { principal: otherPrincipal({ kind: "iam-user", id: "AIDABOB" }) },
      },
      { kind: "session-token", ...roleSession, principalId: "AIDABOB", ...roleless },
    ],
    [
      "GetFederationToken",
      {
        name: "GetFederationToken",
        asked: { name: "bob" },
        answer: { credentials, federatedUser: { federatedUserId: "111111111111:bob" } },
      },
      {
        kind: "federation-token",
        ...roleSession,
        principalId: "111111111111:bob",
        roleArn: null,
        sessionName: "bob",
      },
    ],
    [
      "AssumeRoot",
      {
        name: "AssumeRoot",
        asked: { targetPrincipal: "333333333333", durationSeconds: "900" },
        answer: { credentials },
      },
      { kind: "assume-root", ...roleSession, principalId: "333333333333", ...roleless },
    ],
    [
      "EKS Pod Identity, whose request names no role",
      {
        source: "eks-auth.amazonaws.com",
        name: "AssumeRoleForPodIdentity",
        answer: {
          credentials: { ...credentials, expiration: "2026-03-01T10:15:00Z" },
          assumedRoleUser: { assumeRoleId: assumed.assumedRoleId, arn: assumed.arn },
        },
      },
      { kind: "pod-identity", ...roleSession, roleArn: role.replace("agents/", "") },
    ],
    [
      "Roles Anywhere",
      {
        source: "rolesanywhere.amazonaws.com",
        name: "CreateSession",
        asked: { roleArn: role, durationSeconds: 900 },
        answer: {
          credentialSet: [
            {
              assumedRoleUser: assumed,
              credentials: { ...credentials, expiration: "2026-03-01T10:15:00Z" },
              roleArn: role,
              sourceIdentity: "CN=host",
            },
          ],
        },
      },
      { kind: "roles-anywhere", ...roleSession },
    ],
    [
      "S3 directory buckets",
      { source: "s3.amazonaws.com", name: "CreateSession", answer: { credentials } },
      { kind: "s3-session", ...roleSession, ...roleless },
    ],
    [
      "Identity Center, which logs no key",
      {
        source: "sso.amazonaws.com",
        name: "GetRoleCredentials",
        record: { serviceEventDetails: { role_name: "Dev", account_id: "111111111111" } },
      },
      {
        kind: "sso-role",
        accessKeyId: null,
        principalId: null,
        ...roleless,
        expiresAt: null,
      },
    ],
    [
      "delegated access",
      {
        name: "GetDelegatedAccessToken",
        answer: { credentials: { ...credentials, expiration: "Mar 1, 2026 10:15:00 AM" } },
      },
      { kind: "delegated", ...roleSession, principalId: null, ...roleless },
    ],
    [
      "a call of the same name by another service",
      { source: "glue.amazonaws.com", name: "CreateSession" },
      null,
    ],
    ["a denied AssumeRole", { name: "AssumeRole", event: { result: { outcome: "denied" } } }, null],
    ["any other call", { name: "GetCallerIdentity" }, null],
  ])("%s", (_what, minting, expected) => {
    expect(told(minting)).toEqual(expected);
  });

  it("aws login, with the session it opens and the human who signed in", () => {
    const arn = "arn:aws:signin:us-east-1:111111111111:session/1";
    const found = minted({
      source: "signin.amazonaws.com",
      name: "CreateOAuth2Token",
      record: { additionalEventData: { signInSessionArn: arn, grant_type: "authorization_code" } },
    });
    expect(found?.signInSessionArn).toBe(arn);
    expect(found?.principalId).toBe("AROATASK000000000000B:task-4711");
  });

  it("tags, source identity, session policies and the caller", () => {
    const found = minted({
      name: "AssumeRole",
      asked: {
        roleArn: role,
        tags: [{ key: "task", value: "4711" }, { key: "__proto__", value: "x" }, "odd", { key: 1 }],
        incomingTransitiveTags: { team: "blue", task: "old" },
        policyArns: [{ arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }],
        sourceIdentity: "bob",
      },
      answer: { credentials, assumedRoleUser: assumed },
      event: { sharedId: "s-1", principal: { invokedBy: "cloudformation.amazonaws.com" } },
    });
    expect(found?.tags).toEqual({ team: "blue", task: "4711" });
    expect(found?.policyArns).toEqual(["arn:aws:iam::aws:policy/ReadOnlyAccess"]);
    expect(found?.sourceIdentity).toBe("bob");
    expect(found?.sharedId).toBe("s-1");
    expect(found?.issuer).toEqual({
      kind: "role-session",
      groupKey: "AROATASK000000000000B:task-4711@2026-03-01T10:00:00.000Z",
      principalId: "AROATASK000000000000B:task-4711",
      accessKeyId: "ASIATASKKEY000000001",
      roleArn: role,
      account: "111111111111",
      network: "198.51.100.0/24",
      networkKind: "service",
      userAgent: "aws-cli/2.30.0 md/command#ec2.describe-instances",
      fingerprint: null,
    });
  });

  it.each([undefined, null, "text", 7, [], { credentials: "x" }])(
    "an answer of %j without throwing",
    (answer) => {
      const nothing = { accessKeyId: null, principalId: null, expiresAt: null, ...roleless };
      expect(told({ name: "AssumeRole", asked: answer, answer })).toEqual({
        kind: "assume-role",
        ...nothing,
      });
    },
  );
});
