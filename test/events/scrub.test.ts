import fc from "fast-check";
import { expect, test } from "vitest";
import { scrub } from "../../src/events/scrub.ts";
import type { RawRecord } from "../../src/records/record.ts";
import { normalise, taskRecord } from "./record-builder.ts";

const token = "FwoGZXIvYXdzEXAMPLETOKEN";
const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";

test("a record without secrets comes back as the same object", () => {
  expect(scrub(taskRecord)).toBe(taskRecord);
});

test("an issued session token goes; all else stays, and the original is untouched", () => {
  const credentials = {
    accessKeyId: "ASIAX", sessionToken: token, expiration: "Mar 1, 2026, 10:15:00 AM",
  };
  const record = { ...taskRecord, responseElements: { credentials, packedPolicySize: 6 } };
  expect(scrub(record)).toEqual({
    ...taskRecord,
    responseElements: {
      credentials: { ...credentials, sessionToken: "[scrubbed]" }, packedPolicySize: 6,
    },
  });
  expect(record.responseElements.credentials.sessionToken).toBe(token);
});

test.each([
  [{ responseElements: { credentialSet: [{ credentials: { sessionToken: token } }] } }],
  [{ responseElements: { credentials: { SecretAccessKey: token, SessionToken: token } } }],
  [{ responseElements: { serviceSpecificCredential: { servicePassword: token } } }],
  [{ responseElements: { session_token: token, "refresh-token": token, accessToken: token } }],
  [{ responseElements: { sessionToken: { nested: [token] } } }],
  [{ responseElements: { sessionToken: [token] } }],
  [
    {
      requestParameters: {
        webIdentityToken: token, sAMLAssertion: token, masterUserPassword: token,
      },
    },
  ],
  [{ requestParameters: { "X-Amz-Security-Token": token } }],
  [{ requestParameters: { body: JSON.stringify({ a: [{ password: token }] }) } }],
  [{ requestParameters: { body: `{"sessionToken": "${token}", "cut off` } }],
  [{ additionalEventData: { idToken: token } }],
  [{ serviceEventDetails: { clientSecret: token } }],
  [{ userIdentity: { sessionContext: { sessionToken: token } } }],
  [{ unknownFieldOfTomorrow: { deep: { PASSWORD: token } } }],
])("no secret survives in %j", (fields) => {
  expect(JSON.stringify(scrub({ ...taskRecord, ...fields }))).not.toContain(token);
});

test("a signed web token goes under any name, also in a list and in JSON text", () => {
  const record = { requestParameters: { token: jwt, list: [jwt], text: `{"x":"${jwt}"}` } };
  expect(scrub(record)).toEqual({
    requestParameters: { token: "[scrubbed]", list: ["[scrubbed]"], text: '{"x":"[scrubbed]"}' },
  });
});

test.each([
  [
    {
      requestParameters: {
        nextToken: "abc", clientToken: "abc", secretId: "prod/db", tokenCode: "1",
      },
    },
  ],
  [
    {
      requestParameters: {
        password: "HIDDEN_DUE_TO_SECURITY_REASONS", userData: "<sensitiveDataRemoved>",
      },
    },
  ],
  [{ requestParameters: { password: "***", sessionToken: null, requirePassword: true } }],
  [
    {
      requestParameters: {
        policy: '{"Statement":[{"Action":"secretsmanager:*"}]}', text: "{ no JSON: token",
      },
    },
  ],
  [{ requestParameters: { name: "eyJ", other: "eyJust.a.name" } }],
])("what is no secret stays: %j", (record) => {
  expect(scrub(record)).toBe(record);
});

test("a key named __proto__ stays a key", () => {
  const record = JSON.parse('{"__proto__":{"password":"p","x":1},"eventID":"e"}') as RawRecord;
  const clean = scrub(record);
  expect(Object.getPrototypeOf(clean)).toBe(Object.prototype);
  expect(JSON.stringify(clean)).toBe('{"__proto__":{"password":"[scrubbed]","x":1},"eventID":"e"}');
});

test("nesting without end neither overflows the stack nor leaks", () => {
  let nested: unknown = { sessionToken: token };
  for (let depth = 0; depth < 20_000; depth++) nested = depth % 2 === 0 ? [nested] : {
    inner: nested,
  };
  const clean = scrub({ responseElements: nested });
  const withoutId = { ...taskRecord, eventID: undefined, responseElements: nested };
  expect(() => normalise(withoutId)).not.toThrow();
  expect(JSON.stringify(clean)).not.toContain(token);
});

const secretKey = fc.constantFrom(
  "sessionToken", "SecretAccessKey", "access_token", "Password", "idToken",
);
const tree = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: "medium" },
    fc.string(),
    fc.integer(),
    fc.constant(null),
    fc.array(tie("node"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("node"), { maxKeys: 4 }),
    fc.record({ x: tie("node"), text: tie("node").map((value) => JSON.stringify(value)) }),
    secretKey.map((key) => ({ [key]: token })),
  ),
})).node;

test("no token under a secret name survives, and scrubbing twice changes nothing", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), tree), (record) => {
      const clean = scrub(record);
      expect(JSON.stringify(clean)).not.toContain(token);
      expect(scrub(clean)).toEqual(clean);
    }),
    { numRuns: 400 },
  );
});
