import { expect, test } from "vitest";
import { readPrincipal } from "../../src/events/principal.ts";
import { taskRecord } from "./record-builder.ts";

const of = (userIdentity: unknown, fields: object = {}) => readPrincipal({
  userIdentity, ...fields,
});

test("a role session is read whole, its role with the path the session's ARN drops", () => {
  expect(readPrincipal(taskRecord)).toEqual({
    kind: "role-session",
    type: "AssumedRole",
    id: "AROATASK000000000000B:task-4711",
    arn: "arn:aws:sts::111111111111:assumed-role/ro-inventory/task-4711",
    account: "111111111111",
    userName: null,
    accessKeyId: "ASIATASKKEY000000001",
    credentialKind: "temporary",
    role: {
      id: "AROATASK000000000000B",
      arn: "arn:aws:iam::111111111111:role/agents/ro-inventory",
      name: "ro-inventory",
      account: "111111111111",
      sessionName: "task-4711",
    },
    createdAt: Date.parse("2026-03-01T10:00:00Z"),
    mfa: false,
    sourceIdentity: "task-4711",
    signInSessionArn: null,
    fromConsole: false,
    assumedRoot: false,
    ec2RoleDelivery: null,
    identityProvider: null,
    federatedProvider: null,
    invokedBy: null,
    invokedByDelegate: null,
    onBehalfOf: null,
    inScopeOf: null,
    credentialId: null,
  });
});

test.each([
  [
    "Root",
    { type: "Root", principalId: "1", arn: "arn:aws:iam::1:root", accountId: "1", accessKeyId: "" },
    { kind: "root", credentialKind: "none", accessKeyId: null },
  ],
  [
    "an IAM user's key",
    { type: "IAMUser", principalId: "AIDAX", userName: "bob", accessKeyId: "AKIAX" },
    { kind: "iam-user", credentialKind: "long-term", userName: "bob" },
  ],
  [
    "GetSessionToken's user",
    {
      type: "IAMUser", principalId: "AIDAX", accessKeyId: "ASIAX",
      sessionContext: {
        sessionIssuer: {},
        attributes: { mfaAuthenticated: "true", creationDate: "20131102T010628Z" },
      },
    },
    {
      kind: "iam-user", credentialKind: "temporary", mfa: true,
      createdAt: Date.parse("2013-11-02T01:06:28Z"), role: null,
    },
  ],
  [
    "a federated user",
    { type: "FederatedUser", principalId: "1:Bob", arn: "arn:aws:sts::1:federated-user/Bob" },
    { kind: "federated-user", id: "1:Bob", role: null },
  ],
  [
    "a SAML user",
    { type: "SAMLUser", principalId: "nq=:u@x", userName: "u@x", identityProvider: "nq=" },
    { kind: "saml-user", identityProvider: "nq=", account: null },
  ],
  [
    "a web identity",
    {
      type: "WebIdentityUser",
      principalId: "arn:aws:iam::1:oidc-provider/h:aud:repo:o/r:ref:refs/heads/main",
      userName: "repo:o/r:ref:refs/heads/main",
    },
    { kind: "web-identity-user", role: null },
  ],
  [
    "an Identity Center user",
    {
      type: "IdentityCenterUser", accountId: "1", credentialId: "c-1",
      onBehalfOf: { userId: "u", identityStoreArn: "arn:aws:identitystore::1:identitystore/d" },
    },
    {
      kind: "identity-center-user", id: null, credentialId: "c-1",
      onBehalfOf: { userId: "u", identityStoreArn: "arn:aws:identitystore::1:identitystore/d" },
    },
  ],
  [
    "another account's role", { type: "AWSAccount", principalId: "AROAX:orch-1", accountId: "2" },
    { kind: "account", id: "AROAX:orch-1", account: "2", role: null },
  ],
  [
    "an anonymous caller",
    { type: "AWSAccount", principalId: "", accountId: "ANONYMOUS_PRINCIPAL" },
    { kind: "account", id: null, account: "ANONYMOUS_PRINCIPAL" },
  ],
  [
    "a service", { type: "AWSService", invokedBy: "ec2.amazonaws.com" },
    { kind: "service", invokedBy: "ec2.amazonaws.com" },
  ],
  ["a directory", { type: "Directory" }, { kind: "directory" }],
  ["Unknown", { type: "Unknown" }, { kind: "unknown", type: "Unknown" }],
  ["a type of tomorrow", { type: "QuantumUser" }, { kind: "unknown", type: "QuantumUser" }],
  ["a type named like a built-in", { type: "constructor" }, { kind: "unknown" }],
  [
    "a service event without a type", { accountId: "1", invokedBy: "secretsmanager.amazonaws.com" },
    { kind: "service", type: null, account: "1" },
  ],
  ["no identity", undefined, { kind: "unknown", type: null, id: null }],
  ["no object", "root", { kind: "unknown" }],
])("%s is told", (_case, identity, expected) => {
  expect(of(identity)).toMatchObject(expected);
});

test("a service event is the service's even when it names nobody", () => {
  expect(of({ accountId: "1" }, { eventType: "AwsServiceEvent" }).kind).toBe("service");
});

const role = {
  type: "AssumedRole", arn: "arn:aws:sts::1:assumed-role/R/s", principalId: "AROAX:s",
  accountId: "1",
};

test.each([
  [
    "without sessionContext the path is lost", role,
    { id: "AROAX", arn: "arn:aws:iam::1:role/R", name: "R", account: "1", sessionName: "s" },
  ],
  [
    "an empty issuer is no issuer", { ...role, sessionContext: { sessionIssuer: {} } },
    { id: "AROAX", arn: "arn:aws:iam::1:role/R", name: "R", account: "1", sessionName: "s" },
  ],
  [
    "in China the role is China's", { ...role, arn: "arn:aws-cn:sts::1:assumed-role/R/s" },
    { id: "AROAX", arn: "arn:aws-cn:iam::1:role/R", name: "R", account: "1", sessionName: "s" },
  ],
  [
    "a principal id without colon names no session",
    {
      type: "AssumedRole", principalId: "AROAX",
      sessionContext: { sessionIssuer: { arn: "arn:aws:iam::1:role/p/R" } },
    },
    { id: "AROAX", arn: "arn:aws:iam::1:role/p/R", name: "R", account: "1", sessionName: "" },
  ],
  [
    "a session name keeps all its characters",
    { ...role, arn: "arn:aws:sts::1:assumed-role/R/a=,.@+-" + "x".repeat(57) },
    {
      id: "AROAX", arn: "arn:aws:iam::1:role/R", name: "R", account: "1",
      sessionName: "a=,.@+-" + "x".repeat(57),
    },
  ],
  [
    "the issuer's id serves where the principal has none",
    {
      type: "AssumedRole", arn: role.arn,
      sessionContext: { sessionIssuer: { principalId: "AROAY" } },
    },
    { id: "AROAY", arn: "arn:aws:iam::1:role/R", name: "R", account: "1", sessionName: "s" },
  ],
  ["nothing to go by is no role", { type: "AssumedRole" }, null],
])("%s", (_case, identity, expected) => {
  expect(of(identity).role).toEqual(expected);
});

test("the rarer members are read where they stand", () => {
  const identity = {
    ...role,
    invokedBy: "aws-mcp.amazonaws.com",
    invokedByDelegate: { accountId: "9" },
    inScopeOf: {
      sourceArn: "arn:aws:lambda:eu-west-1:1:function:f", issuerType: "AWS::Lambda::Function",
      credentialsIssuedTo: "arn:aws:lambda:eu-west-1:1:function:f",
    },
    onBehalfOf: {},
    sessionContext: {
      assumedRoot: "true",
      ec2RoleDelivery: "2.0",
      signInSessionArn: "arn:aws:signin:us-east-1:1:session/0",
      webIdFederationData: { federatedProvider: "arn:aws:iam::1:oidc-provider/h" },
    },
  };
  expect(of(identity)).toMatchObject({
    invokedBy: "aws-mcp.amazonaws.com",
    invokedByDelegate: "9",
    inScopeOf: { issuerType: "AWS::Lambda::Function" },
    onBehalfOf: null,
    assumedRoot: true,
    ec2RoleDelivery: "2.0",
    signInSessionArn: "arn:aws:signin:us-east-1:1:session/0",
    federatedProvider: "arn:aws:iam::1:oidc-provider/h",
    accessKeyId: null,
    credentialKind: "none",
  });
  expect(of({ ...role, inScopeOf: {} }).inScopeOf).toBeNull();
});

test.each([
  [{ sessionCredentialFromConsole: "true" }, {}, true],
  [{ sessionCredentialFromConsole: true }, {}, true],
  [{}, { sessionCredentialFromConsole: "true" }, true],
  [{ sessionCredentialFromConsole: "false" }, {}, false],
  [{}, {}, false],
])("console credentials %j %j: %s", (fields, attributes, expected) => {
  expect(of({ ...role, sessionContext: { attributes } }, fields).fromConsole).toBe(expected);
});

test.each([
  ["ASIAX", undefined, "temporary"],
  ["AKIAX", "2026-01-01T00:00:00Z", "long-term"],
  ["ABIAX", "2026-01-01T00:00:00Z", "temporary"],
  ["****", undefined, "none"],
  ["", undefined, "none"],
])("key %j created %j is %s", (accessKeyId, creationDate, expected) => {
  const identity = { ...role, accessKeyId, sessionContext: { attributes: { creationDate } } };
  expect(of(identity).credentialKind).toBe(expected);
});

test.each([
  ["Yes", true],
  ["No", false],
  [undefined, null],
])("a sign-in's MFAUsed %j is %j", (MFAUsed, expected) => {
  const record = { eventSource: "signin.amazonaws.com", additionalEventData: { MFAUsed } };
  expect(of({ type: "IAMUser" }, record).mfa).toBe(expected);
});
