import { describe, expect, test } from "vitest";
import type { RawRecord } from "../../src/records/record.ts";
import { serialise } from "../../src/simulation/serialise.ts";
import { simulate } from "../../src/simulation/simulate.ts";

const startAt = Date.UTC(2026, 8, 30);
const all = [...simulate({ seed: 7, startAt, days: 2 })].flatMap((file) => file.records);
const unique = [...new Map(all.map((record) => [record["eventID"], record])).values()];

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const source = /^(\d+(\.\d+){3}|2001:db8:[0-9a-f:]+|AWS Internal|.*\.amazonaws\.com)$/;

/** Top-level keys, in the order of real log files. */
const order = [
  "eventVersion",
  "userIdentity",
  "eventTime",
  "eventSource",
  "eventName",
  "awsRegion",
  "sourceIPAddress",
  "userAgent",
  "errorCode",
  "errorMessage",
  "requestParameters",
  "responseElements",
  "additionalEventData",
  "requestID",
  "eventID",
  "readOnly",
  "resources",
  "eventType",
  "managementEvent",
  "recipientAccountId",
  "sharedEventID",
  "vpcEndpointId",
  "vpcEndpointAccountId",
  "addendum",
  "eventCategory",
  "tlsDetails",
  "sessionCredentialFromConsole",
];

describe("every simulated record", () => {
  test("has AWS's fields, in AWS's order", () => {
    for (const record of unique) {
      const keys = Object.keys(record);
      expect(keys).toEqual(order.filter((key) => key in record));
      for (const key of ["eventVersion", "eventTime", "eventSource", "eventName", "userIdentity"]) {
        expect(record, text(record)).toHaveProperty(key);
      }
    }
  });

  test("has well-formed values", () => {
    for (const record of unique) {
      expect(record["eventVersion"]).toMatch(/^1\.(08|09|10|11)$/);
      expect(record["eventTime"]).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(record["eventSource"]).toMatch(/^[a-z0-9-]+\.amazonaws\.com$/);
      expect(record["eventID"]).toMatch(uuid);
      expect(record["recipientAccountId"]).toMatch(/^\d{12}$/);
      expect(record["readOnly"]).toBeTypeOf("boolean");
      expect(record["managementEvent"]).toBe(record["eventCategory"] === "Management");
      expect(record["sourceIPAddress"]).toMatch(source);
      expect(text(record)).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  test("has an identity of its type's shape", () => {
    for (const record of unique) {
      const identity = record["userIdentity"] as Readonly<Record<string, unknown>>;
      const type = identity["type"];
      expect(shapes, String(type)).toHaveProperty(String(type));
      expect(identity).toEqual(shapes[String(type)]);
    }
  });

  test("shows a denial in its service's words", () => {
    const denied = unique.filter((record) =>
      String(record["errorMessage"]).includes("not authorized"),
    );
    expect(denied.length).toBeGreaterThan(3);
    for (const record of denied) {
      const isEc2 = record["eventSource"] === "ec2.amazonaws.com";
      const code = isEc2 ? /^Client\.UnauthorizedOperation$/ : /^AccessDenied(Exception)?$/;
      expect(record["errorCode"]).toMatch(code);
      if (!isEc2) expect(record["requestParameters"]).toBeNull();
    }
  });
});

describe("issuance", () => {
  const issuances = unique.filter(({ eventName }) => String(eventName).startsWith("AssumeRole"));

  test("is read-only, carries an invented token and AWS's US text for the expiration", () => {
    expect(issuances.length).toBeGreaterThan(500);
    for (const record of issuances) {
      const { credentials, assumedRoleUser } = record["responseElements"] as Response;
      expect(record["readOnly"]).toBe(true);
      expect(credentials.accessKeyId).toMatch(/^ASIASIM[A-Z2-7]{13}$/);
      expect(credentials.sessionToken).toMatch(/^SIMULATED[A-Za-z0-9+/]{390}=$/);
      const usText = /^[A-Z][a-z]{2} \d{1,2}, 2026, \d{1,2}:\d\d:\d\d [AP]M$/;
      expect(credentials.expiration).toMatch(usText);
      expect(assumedRoleUser.assumedRoleId).toMatch(/^AROASIM[A-Z2-7]{14}:/);
    }
  });

  test("opens the sessions that use the key: same principal, created at that second", () => {
    const opened = new Map(
      issuances.map((record) => {
        const { credentials } = record["responseElements"] as Response;
        return [credentials.accessKeyId, record];
      }),
    );
    let joined = 0;
    for (const record of unique) {
      const identity = record["userIdentity"] as Identity;
      const issuance = opened.get(identity.accessKeyId ?? "");
      if (issuance === undefined) continue;
      joined++;
      const { assumedRoleUser } = issuance["responseElements"] as Response;
      expect(identity.principalId).toBe(assumedRoleUser.assumedRoleId);
      expect(identity.sessionContext?.attributes.creationDate).toBe(issuance["eventTime"]);
    }
    expect(joined).toBeGreaterThan(1000);
  });

  test("comes twice across accounts, the owner's copy poorer, with one shared id", () => {
    const copies = issuances.filter(
      (record) => (record["userIdentity"] as Identity).type === "AWSAccount",
    );
    expect(copies.length).toBeGreaterThan(20);
    for (const copy of copies) {
      const [own] = issuances.filter(
        (record) => record !== copy && record["sharedEventID"] === copy["sharedEventID"],
      );
      expect((own?.["userIdentity"] as Identity).type).toBe("AssumedRole");
      expect(own?.["responseElements"]).toEqual(copy["responseElements"]);
      expect(own?.["recipientAccountId"]).not.toBe(copy["recipientAccountId"]);
    }
  });

  test("no temporary key is used after it expired", () => {
    const ends = new Map<string, number>();
    for (const record of issuances) {
      const { credentials } = record["responseElements"] as Response;
      ends.set(credentials.accessKeyId, Date.parse(`${credentials.expiration} UTC`));
    }
    for (const record of unique) {
      const end = ends.get((record["userIdentity"] as Identity).accessKeyId ?? "");
      if (end === undefined) continue;
      expect(Date.parse(String(record["eventTime"]))).toBeLessThanOrEqual(end);
    }
  });
});

test("one MCP tool event and its downstream call have the request id in common", () => {
  const tools = unique.filter(({ eventType }) => eventType === "AwsMcpEvent");
  expect(tools.length).toBeGreaterThan(5);
  const byRequest = new Map(unique.map((record) => [record["requestID"], record]));
  for (const tool of tools) {
    const { downstreamRequests } = tool["additionalEventData"] as Downstream;
    const call = byRequest.get(downstreamRequests[0]?.requestId);
    expect(call?.["sourceIPAddress"]).toBe("aws-mcp.amazonaws.com");
    expect((tool["userIdentity"] as Identity).accessKeyId).toBeUndefined();
  }
});

test("files are written with CloudTrail's escapes, and read back the same", () => {
  const records = [{ userAgent: "a=b&c<d>e", sourceIPAddress: "x" }];
  expect(serialise(records)).toBe(
    String.raw`{"Records":[{"userAgent":"a\u003db\u0026c\u003cd\u003ee","sourceIPAddress":"x"}]}`,
  );
  expect(JSON.parse(serialise(all.slice(0, 500)))).toEqual({ Records: all.slice(0, 500) });
});

test("a record has the size that real ones have", () => {
  const mean = serialise(all).length / all.length;
  expect(mean).toBeGreaterThan(1200);
  expect(mean).toBeLessThan(1700);
});

const account = expect.stringMatching(/^\d{12}$/) as unknown;
const some = expect.anything() as unknown;
const shapes: Readonly<Record<string, unknown>> = {
  AssumedRole: expect.objectContaining({
    principalId: expect.stringMatching(/^AROASIM[A-Z2-7]{14}:[\w+=,.@-]{2,64}$/) as unknown,
    arn: expect.stringMatching(/^arn:aws:sts::\d{12}:assumed-role\/[^/]+\/[^/]+$/) as unknown,
    accountId: account,
    sessionContext: expect.objectContaining({
      sessionIssuer: expect.objectContaining({ type: "Role", accountId: account }) as unknown,
      attributes: {
        creationDate: some,
        mfaAuthenticated: expect.stringMatching(/^(true|false)$/) as unknown,
      },
    }) as unknown,
  }),
  AWSAccount: { type: "AWSAccount", principalId: some, accountId: account },
  AWSService: { type: "AWSService", invokedBy: some },
  IAMUser: expect.objectContaining({
    principalId: expect.stringMatching(/^AIDASIM/) as unknown,
    userName: some,
  }),
  SAMLUser: { type: "SAMLUser", principalId: some, userName: some, identityProvider: some },
  WebIdentityUser: {
    type: "WebIdentityUser",
    principalId: some,
    userName: some,
    identityProvider: some,
  },
  IdentityCenterUser: {
    type: "IdentityCenterUser",
    accountId: account,
    onBehalfOf: some,
    credentialId: some,
  },
  undefined: { accountId: account, invokedBy: some },
};

interface Response {
  readonly credentials: { accessKeyId: string; sessionToken: string; expiration: string };
  readonly assumedRoleUser: { assumedRoleId: string };
}

interface Identity {
  readonly type?: string;
  readonly principalId?: string;
  readonly accessKeyId?: string;
  readonly sessionContext?: { readonly attributes: { readonly creationDate: string } };
}

interface Downstream {
  readonly downstreamRequests: readonly { readonly requestId: string }[];
}

function text(record: RawRecord): string {
  return JSON.stringify(record);
}
