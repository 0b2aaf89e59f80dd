import { describe, expect, test } from "vitest";
import type { FactValue } from "../../src/facts/fact.ts";
import { itemRule, loaded, matches, messages, ruleText, subject } from "./rule-builder.ts";

describe("a value of a rule", () => {
  test.each([
    // Text, numbers and truth, as CloudTrail mixes them.
    ["recipientAccountId: 123456789012", { recipientAccountId: "123456789012" }, true],
    ["recipientAccountId: 012345678901", { recipientAccountId: "012345678901" }, true],
    ["recipientAccountId|contains: 0123", { recipientAccountId: "012345678901" }, true],
    ["requestParameters.port: 22", { requestParameters: { port: 22 } }, true],
    ["requestParameters.port: 22", { requestParameters: { port: "22" } }, true],
    ["requestParameters.port: 22", { requestParameters: { port: "22x" } }, false],
    ["requestParameters.port: '22'", { requestParameters: { port: 22 } }, true],
    ["requestParameters.port: '2*'", { requestParameters: { port: 22 } }, true],
    ["requestParameters.port: 0", { requestParameters: { port: "" } }, false],
    ["requestParameters.port: 0", { requestParameters: { port: false } }, false],
    ["requestParameters.mask: 0x17", { requestParameters: { mask: "0x17" } }, true],
    ["requestParameters.mask: 0x17", { requestParameters: { mask: 23 } }, true],
    // Two numbers beyond 2^53 that are one as IEEE doubles.
    ["requestParameters.id: 9007199254740993",
      { requestParameters: { id: "9007199254740993" } }, true],
    ["requestParameters.id: 9007199254740993",
      { requestParameters: { id: "9007199254740992" } }, false],
    ["readOnly: true", { readOnly: true }, true],
    ["readOnly: true", { readOnly: "true" }, true],
    ["readOnly: 'True'", { readOnly: true }, true],
    ["readOnly: false", { readOnly: true }, false],
    ["readOnly: false", {}, false],
    // Nothing, in its three forms.
    ["errorCode: null", {}, true],
    ["errorCode: null", { errorCode: null }, true],
    ["errorCode: null", { errorCode: [] }, true],
    ["errorCode: null", { errorCode: "" }, false],
    ["errorCode:", {}, true],
    ["errorCode: ''", { errorCode: "" }, true],
    ["errorCode: ''", {}, false],
    ["errorCode: ''", { errorCode: null }, false],
    ["errorCode|neq: null", { errorCode: "AccessDenied" }, true],
    ["errorCode|neq: null", {}, false],
    ["errorCode: '*'", { errorCode: "" }, true],
    ["errorCode: '*'", {}, false],
    ["errorCode|exists: true", { errorCode: null }, true],
    ["resources|exists: true", { resources: [] }, true],
    ["resources.ARN|exists: true", { resources: [] }, false],
    // Nesting and arrays.
    ["userIdentity.type: Root", { userIdentity: { type: "root" } }, true],
    ["userIdentity.type: Root", { userIdentity: "Root" }, false],
    ["userIdentity.type: Root", { userIdentity: null }, false],
    ["resources.ARN|endswith: b", { resources: [{ ARN: "a" }, { ARN: "b" }] }, true],
    ["resources.ARN: [x, a]", { resources: [{ ARN: "a" }, { ARN: "b" }] }, true],
    ["resources.ARN|all: [a, b]", { resources: [{ ARN: "a" }, { ARN: "b" }] }, true],
    ["resources.ARN|neq: a", { resources: [{ ARN: "a" }, { ARN: "b" }] }, false],
    ["resources.ARN: null", { resources: [{ ARN: "a" }, {}] }, false],
    [
      "requestParameters.ipPermissions.items.ipRanges.items.cidrIp: 0.0.0.0/0",
      {
        requestParameters: {
          ipPermissions: { items: [{ ipRanges: { items: [{ cidrIp: "0.0.0.0/0" }] } }] },
        },
      },
      true,
    ],
    ["requestParameters.a: x", { requestParameters: { a: [[["x"]]] } }, true],
    // A literal key with a dot wins, wherever it stands.
    ["requestParameters.a.b: x", { requestParameters: { "a.b": "x", a: { b: "y" } } }, true],
    ["requestParameters.a.b: y", { requestParameters: { "a.b": "x", a: { b: "y" } } }, false],
    ["requestParameters.a.b: y", { "requestParameters.a.b": "y" }, true],
    // An object is its JSON text.
    [
      "requestParameters|contains: '\"effect\":\"allow\"'",
      { requestParameters: { Effect: "Allow" } },
      true,
    ],
    // A policy in a string says what it says, not how it is escaped.
    [
      "requestParameters|contains: '\"effect\":\"allow\"'",
      { requestParameters: { policyDocument: '{"Effect":"Allow"}' } },
      true,
    ],
    ["resources|contains: 'role/bot'", { resources: [{ ARN: "arn:aws:iam::1:role/bot" }] }, true],
    // A field's case counts.
    ["eventname: x", { eventName: "x" }, false],
  ])("%s in %j: %s", (item, record, expected) => {
    expect(matches(item, record)).toBe(expected);
  });

  test("of null in a list is read as or, with a warning", () => {
    const text = itemRule("errorCode: ['', null]");
    expect(messages(text)).toEqual([
      "warning 9:21 Sigma has no null in lists; here it is read as: or the field holds nothing.",
    ]);
    const found = [{}, { errorCode: "" }, { errorCode: "x" }].map(
      (record) => loaded(text).matches(subject(record)),
    );
    expect(found).toEqual([true, true, false]);
  });
});

describe("a record from outside cannot mislead a rule", () => {
  const hostile = JSON.parse(
    '{"__proto__":{"eventName":"x"},"constructor":{"name":"y"},' +
      '"requestParameters":{"hasOwnProperty":"z"}}',
  ) as unknown;

  test.each([
    ["eventName: x", false],
    ["constructor.name: y", true],
    ["__proto__.eventName: x", true],
    ["requestParameters.hasOwnProperty: z", true],
    ["requestParameters.toString|exists: true", false],
    ["requestParameters.__proto__|exists: true", false],
  ])("%s: %s", (item, expected) => {
    expect(matches(item, hostile)).toBe(expected);
  });

  test("nor exhaust the stack by nesting", () => {
    let deep: unknown = "x";
    for (let i = 0; i < 100_000; i += 1) deep = i % 2 === 0 ? [deep] : { a: deep };
    let lists: unknown = "x";
    for (let i = 0; i < 100_000; i += 1) lists = [lists];
    const record = { requestParameters: deep, resources: lists };
    expect(matches("requestParameters|contains: x", record)).toBe(false);
    expect(matches("resources: x", record)).toBe(false);
    expect(matches("resources.a: x", record)).toBe(false);
    expect(
      loaded(ruleText("  keywords: [x]\n  condition: keywords\n")).matches(subject(record)),
    ).toBe(true);
  });
});

describe("a fact", () => {
  test.each<[string, FactValue, boolean]>([
    ["role.mode: readonly", "readonly", true],
    ["role.mode: READONLY", "readonly", true],
    ["role.mode: readonly", null, false],
    ["role.mode|neq: readonly", null, true],
    ["role.mode: null", null, true],
    ["role.mode|exists: true", null, false],
    ["role.mode|exists: true", "x", true],
    ["session.user_agents: boto3", ["aws-cli", "boto3"], true],
    ["session.user_agents|all: [boto3, pacu]", ["aws-cli", "boto3"], false],
    ["session.user_agents: null", [], true],
    ["session.distinct_secret_count|gte: 20", 20, true],
    ["session.distinct_secret_count|gte: 20", null, false],
    ["event.is_sensitive_read: true", true, true],
    ["event.is_sensitive_read: false", null, false],
  ])("%s with %j: %s", (item, value, expected) => {
    const [name = ""] = item.split(/[|:]/);
    expect(loaded(itemRule(item)).matches(subject({}, { [name]: value }))).toBe(expected);
  });

  test("is never shadowed by a field of the same name", () => {
    expect(matches("role.mode: x", { role: { mode: "x" } })).toBe(false);
  });
});

describe("keywords", () => {
  const record = {
    eventName: "PutObject", requestParameters: {
      key: "OabVirtual", list: ["a -ExternalUrl b", 42],
    },
  };

  test.each([
    ["  keywords: [putobj]\n", true],
    ["  keywords: [nowhere, oabvirtual]\n", true],
    ["  keywords: putobject\n", true],
    ["  keywords: [eventName]\n", false],
    ["  keywords: [42]\n", true],
    ["  keywords: ['put*ect']\n", true],
    ["  keywords:\n    '|all': [OabVirtual, ' -ExternalUrl ']\n", true],
    ["  keywords:\n    '|all': [OabVirtual, nowhere]\n", false],
    ["  keywords:\n    '|re': '^Put[A-Z]'\n", true],
    ["  keywords:\n    '|cased': putobject\n", false],
    ["  keywords:\n    '|startswith': external\n", false],
    ["  keywords:\n    - nowhere\n    - eventName: PutObject\n", true],
  ])("%j: %s", (detection, expected) => {
    expect(
      loaded(ruleText(`${detection}  condition: keywords\n`)).matches(subject(record)),
    ).toBe(expected);
  });

  test.each([
    ["'|exists': true", "error 9:16 exists needs a field."],
    ["'|fieldref': eventName", "error 9:18 fieldref needs a field."],
    ["'|gt': 5", "error 9:12 gt needs a field."],
    ["'': null", "error 9:9 null is no keyword."],
  ])("%s is refused", (item, expected) => {
    expect(messages(itemRule(item))).toEqual([expected]);
  });
});
