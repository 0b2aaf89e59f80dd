import { expect, test } from "vitest";
import type { RawRecord } from "../../src/records/record.ts";
import { eventOf, normalise, recordWith, taskRecord } from "./record-builder.ts";

test("a record becomes an event in our names", () => {
  const { key, principal, userAgent, ...event } = eventOf({});
  expect(event).toEqual({
    id: "e-2",
    at: Date.parse("2026-03-01T10:01:10Z"),
    source: "iam.amazonaws.com",
    name: "ListUsers",
    operation: "iam:ListUsers",
    service: "iam",
    action: "iam:ListUsers",
    region: "us-east-1",
    account: "111111111111",
    type: "AwsApiCall",
    category: "Management",
    access: "list",
    accessBasis: "iam-data",
    isSensitiveRead: false,
    result: { outcome: "allowed", errorCode: null, errorMessage: null, denial: null },
    network: {
      kind: "ipv4", name: "198.51.100.0/24", address: "198.51.100.9", vpcEndpointId: null,
    },
    requestId: "r-2",
    sharedId: null,
    resources: [],
    addendum: null,
    mcp: null,
    record: taskRecord,
  });
  expect(key).toMatch(/^e-2\/111111111111\/[0-9a-f]{16}$/);
  expect(principal.kind).toBe("role-session");
  expect(userAgent.agent).toBe("claude-code");
});

test.each([
  ...["1.0", "1.00", "1.01", "1.05", "1.08", "1.09", "1.10", "1.11", "1.99", "1", 1.08],
  undefined,
])("eventVersion %j is read", (eventVersion) => {
  expect(eventOf({ eventVersion }).id).toBe("e-2");
});

test.each([
  [{ eventVersion: "2.0" }, "unsupported-version"],
  [{ eventVersion: "0.9" }, "unsupported-version"],
  [{ eventVersion: "10.1" }, "unsupported-version"],
  [{ eventVersion: "one" }, "unsupported-version"],
  [{ eventVersion: {} }, "unsupported-version"],
  [{ eventTime: undefined }, "no-event-time"],
  [{ eventTime: "yesterday" }, "no-event-time"],
  [{ eventTime: 1772359270 }, "no-event-time"],
  [{ eventName: undefined }, "no-event-name"],
  [{ eventName: "" }, "no-event-name"],
  [{ eventName: "x".repeat(257) }, "no-event-name"],
  [{ eventSource: null }, "no-event-name"],
])("%j is rejected as %s, in words", (fields, reason) => {
  const outcome = normalise(recordWith(fields));
  expect(outcome).toMatchObject({ rejected: { reason } });
  expect("rejected" in outcome && outcome.rejected.detail).toMatch(/^[A-Z].*\.$/);
});

test.each([[null], [[]], ["text"], [7]])("%j is no object", (value) => {
  expect(normalise(value as unknown as RawRecord)).toMatchObject({
    rejected: { reason: "not-an-object" },
  });
});

test.each([
  [{ eventCategory: "Data", managementEvent: true }, "Data"],
  [{ eventCategory: undefined, managementEvent: true }, "Management"],
  [{ eventCategory: undefined, managementEvent: false }, "Data"],
  [{ eventCategory: undefined, managementEvent: undefined }, null],
])("the category of %j is %j", (fields, category) => {
  expect(eventOf(fields).category).toBe(category);
});

test("a record of 1.0, without what came later, is still an event", () => {
  const later = [
    "requestID", "eventID", "readOnly", "eventType", "managementEvent", "recipientAccountId",
  ];
  const missing = Object.fromEntries([...later, "eventCategory"].map((name) => [name, undefined]));
  const event = eventOf({ ...missing, eventVersion: "1.0" });
  expect(event).toMatchObject({
    type: null, category: null, requestId: null, account: "111111111111",
  });
  expect(event.id).toMatch(/^derived:[0-9a-f]{24}$/);
  const reordered = Object.fromEntries(Object.entries(event.record).reverse());
  expect(normalise(reordered)).toMatchObject({ event: { id: event.id, key: event.key } });
  expect(eventOf({ ...missing, eventVersion: "1.0", awsRegion: "eu-west-1" }).id).not.toBe(
    event.id,
  );
});

test.each([
  [{}, true],
  [{ userAgent: "another", requestParameters: {} }, true],
  [{ recipientAccountId: "222222222222" }, false],
  [{ eventID: "e-3" }, false],
  [{ eventName: "GetUser" }, false],
  [{ eventSource: "sts.amazonaws.com" }, false],
  [{ requestID: "r-3" }, false],
  [{ eventTime: "2026-03-01T10:01:11Z" }, false],
  [{ userIdentity: { type: "AssumedRole", principalId: "AROAX:other" } }, false],
])("with %j instead, it is the same event: %s", (fields, isSame) => {
  expect(eventOf(fields).key === eventOf({}).key).toBe(isSame);
});

test("no field of the key can borrow from its neighbour", () => {
  const keys = [
    eventOf({ eventID: "e/1", recipientAccountId: "1" }),
    eventOf({ eventID: "e", recipientAccountId: "1/1" }),
    eventOf({ requestID: "r", eventName: "XY" }),
    eventOf({ requestID: "Yr", eventName: "X" }),
  ].map(({ key }) => key.slice(-16));
  expect(new Set(keys).size).toBe(4);
});

test("resources are read in all their spellings", () => {
  const resources = [
    { ARN: "arn:aws:s3:::b", accountId: "1", type: "AWS::S3::Bucket" },
    { ARNPrefix: "arn:aws:s3:::b/", type: "AWS::S3::Object" },
    { type: "AWS::S3::Object" },
    "arn:aws:s3:::x",
  ];
  expect(eventOf({ resources }).resources).toEqual([
    { arn: "arn:aws:s3:::b", account: "1", type: "AWS::S3::Bucket" },
    { arn: "arn:aws:s3:::b/", account: null, type: "AWS::S3::Object" },
  ]);
});

test.each([
  [
    { reason: "UPDATED_DATA", originalEventID: "e-1", updatedFields: "x" },
    { reason: "UPDATED_DATA", originalEventId: "e-1" },
  ],
  [
    { reason: "DELIVERY_DELAY", originalEventID: "e-1" },
    { reason: "DELIVERY_DELAY", originalEventId: null },
  ],
  [{ reason: "NEW_REASON" }, { reason: "unknown", originalEventId: null }],
  [null, null],
])("the addendum %j is %j", (addendum, expected) => {
  expect(eventOf({ addendum }).addendum).toEqual(expected);
});

test("a denied AssumeRole keeps its target, though its parameters are nulled", () => {
  const errorMessage =
    "User: arn:aws:sts::1:assumed-role/R/s is not authorized to perform: " +
    "sts:AssumeRole on resource: arn:aws:iam::2:role/Admin";
  const event = eventOf({
    eventSource: "sts.amazonaws.com",
    eventName: "AssumeRole",
    errorCode: "AccessDenied",
    errorMessage,
  });
  expect(event).toMatchObject({
    access: "credential",
    result: { outcome: "denied", denial: { resource: "arn:aws:iam::2:role/Admin" } },
  });
});

const types = ["AwsVpceEvent", "AwsVpceEvents", "AwsEventOfTomorrow"];

test.each(types)("the eventType %s is kept", (eventType) => {
  expect(eventOf({ eventType }).type).toBe(eventType);
});

test("hostile text is data like any other", () => {
  const name = "task\u0000</script>=cmd|' /C calc'!A0 __proto__";
  const identity = { type: "AssumedRole", arn: `arn:aws:sts::1:assumed-role/R/${name}` };
  expect(eventOf({ userIdentity: identity }).principal.role?.sessionName).toBe(name);
  const requestParameters: unknown = JSON.parse('{"__proto__":{"polluted":1}}');
  expect(eventOf({ requestParameters }).id).toBe("e-2");
  expect("polluted" in {}).toBe(false);
});
