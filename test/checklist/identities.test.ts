import { describe, expect, it } from "vitest";
import { record, roleIdentity } from "../builders/record.ts";
import { seen, seenOne } from "./whole-program.ts";

const user = {
  type: "IAMUser", principalId: "AIDAALICE00000000001", userName: "alice",
  arn: "arn:aws:iam::111111111111:user/alice", accountId: "111111111111",
};
const attributes = { creationDate: "2026-03-01T10:00:00Z", mfaAuthenticated: "false" };

describe("an identity", () => {
  it("with its type missing is a service speaking of itself", async () => {
    const event = await seenOne(record({
      userIdentity: { accountId: "111111111111", invokedBy: "secretsmanager.amazonaws.com" },
      eventType: "AwsServiceEvent", readOnly: undefined,
    }));
    expect(event).toMatchObject({
      principal: { kind: "service", invokedBy: "secretsmanager.amazonaws.com" }, agent: null,
    });
  });

  it("missing altogether is kept as unknown", async () => {
    expect(await seenOne(record({ userIdentity: undefined }))).toMatchObject({
      principal: { kind: "unknown", id: null, arn: null },
    });
  });

  it("of a role session whose sessionIssuer is {} still has its role, from the ARN", async () => {
    const userIdentity = roleIdentity({ context: { sessionIssuer: {}, attributes } });
    expect(await seenOne(record({ userIdentity }))).toMatchObject({
      principal: { kind: "role-session" },
      session: {
        id: "AROATASK000000000000B:task-4711@2026-03-01T10:00:00.000Z",
        roleArn: "arn:aws:iam::111111111111:role/ro-inventory",
      },
    });
  });

  it("of a user with GetSessionToken's key and sessionIssuer {} stays the user's", async () => {
    const sessionContext = { sessionIssuer: {}, webIdFederationData: {}, attributes };
    const event = await seenOne(record({
      userIdentity: { ...user, accessKeyId: "ASIAALICE00000000001", sessionContext },
    }));
    expect(event).toMatchObject({
      principal: { kind: "iam-user", id: "AIDAALICE00000000001" },
      credential: { accessKeyId: "ASIAALICE00000000001", kind: "temporary" },
    });
  });

  it('with accessKeyId "" has no credential, and joins its session', async () => {
    const withKey = record({ eventID: "with-key" });
    const without = record({
      eventID: "without-key", userIdentity: roleIdentity({ accessKeyId: "" }),
    });
    const { event } = await seen([[withKey, without]]);
    expect(event("without-key").credential).toBeNull();
    expect(event("without-key").session?.["id"]).toBe(event("with-key").session?.["id"]);
  });

  it("with a principalId without colon has its session name from the ARN", async () => {
    const userIdentity = { ...roleIdentity(), principalId: "AROATASK000000000000B" };
    expect(await seenOne(record({ userIdentity }))).toMatchObject({
      session: { name: "task-4711" }, principal: { id: "AROATASK000000000000B" },
    });
  });

  it.each<[string, string]>([
    ["containing =,.@+-", "a=b,c.d@e+f-g"],
    ["of 64 characters", "x".repeat(64)],
    ["of an email address", "ann@example.com"],
    ["with a colon, which AWS forbids", "a:b"],
  ])("with a session name %s keeps it whole", async (_what, session) => {
    const event = await seenOne(record({ userIdentity: roleIdentity({ session }) }));
    expect(event.session).toMatchObject({
      name: session, id: `AROATASK000000000000B:${session}@2026-03-01T10:00:00.000Z`,
    });
  });

  it("of a role with a path has the path in the role's ARN, not in the session's", async () => {
    const event = await seenOne(record());
    expect(event.session).toMatchObject({
      roleArn: "arn:aws:iam::111111111111:role/agents/ro-inventory",
      arn: "arn:aws:sts::111111111111:assumed-role/ro-inventory/task-4711",
    });
  });

  it("with mfaAuthenticated and sessionCredentialFromConsole as text is read as such", async () => {
    const userIdentity = roleIdentity({
      context: { attributes: { ...attributes, mfaAuthenticated: "true" } },
    });
    const { sessions, event } = await seen([[record({
      eventID: "console", userIdentity, sessionCredentialFromConsole: "true",
    })]]);
    expect(sessions).toMatchObject([{ mfa: true, anchor: "console" }]);
    expect(event("console").session).toMatchObject({ anchor: "console" });
  });

  it.each<[string, object, object]>([
    ["Root", { type: "Root", principalId: "111111111111",
      arn: "arn:aws:iam::111111111111:root", accountId: "111111111111" }, { kind: "root" }],
    ["FederatedUser", { type: "FederatedUser", principalId: "111111111111:bob",
      arn: "arn:aws:sts::111111111111:federated-user/bob", accessKeyId: "ASIABOB0000000000001" },
    { kind: "federated-user", id: "111111111111:bob" }],
    ["SAMLUser without ARN", { type: "SAMLUser", principalId: "q:ann", userName: "ann" },
      { kind: "saml-user", arn: null }],
    ["WebIdentityUser with colons", { type: "WebIdentityUser",
      principalId: "arn:aws:iam::1:oidc-provider/x:sts.amazonaws.com:repo:o/r:ref:refs/heads/m",
      userName: "repo:o/r:ref:refs/heads/m" },
    { kind: "web-identity-user" }],
    ["AWSAccount", { type: "AWSAccount", principalId: "AROAX:y", accountId: "222222222222" },
      { kind: "account", account: "222222222222" }],
    ["anonymous", { type: "AWSAccount", principalId: "", accountId: "ANONYMOUS_PRINCIPAL" },
      { kind: "account" }],
    ["AWSService", { type: "AWSService", invokedBy: "ec2.amazonaws.com" }, { kind: "service" }],
    ["IdentityCenterUser without ARN", { type: "IdentityCenterUser", accountId: "111111111111",
      onBehalfOf: { userId: "u-1", identityStoreArn: "arn:aws:identitystore::1:d" } },
    { kind: "identity-center-user", arn: null }],
    ["Directory", { type: "Directory" }, { kind: "directory" }],
    ["a type of tomorrow", { type: "Hologram" }, { kind: "unknown" }],
  ])("of type %s is kept", async (_type, userIdentity, principal) => {
    expect(await seenOne(record({ userIdentity }))).toMatchObject({ principal });
  });
});
