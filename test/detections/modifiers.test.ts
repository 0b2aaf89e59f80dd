import { describe, expect, test } from "vitest";
import { itemRule, matches, messages } from "./rule-builder.ts";

const record = {
  eventName: "DeleteTrail",
  eventTime: "2026-03-01T22:05:09Z",
  sourceIPAddress: "10.1.2.3",
  userAgent: "aws-cli/2.31 md/prompt -Param",
  errorMessage: "",
  errorCode: null,
  readOnly: false,
  requestParameters: {
    name: "DELETETRAIL-7",
    count: 12,
    durationSeconds: "3600",
    text: "cm9sZSBhcm46YXdzOmlhbSBib3Q=",
    lines: "first\nsecond",
    wide: "c\0m\0d\0",
    list: ["alpha", "beta", 7],
  },
  tlsDetails: { clientProvidedHostHeader: "cloudtrail.eu-west-1.amazonaws.com" },
};

describe("a modifier holds a value against a field", () => {
  test.each([
    ["eventName: deletetrail", true],
    ["eventName|contains: ETETR", true],
    ["eventName|contains: stop", false],
    ["eventName|startswith: delete", true],
    ["eventName|startswith: trail", false],
    ["eventName|endswith: TRAIL", true],
    ["eventName|endswith: delete", false],
    ["eventName|contains: 'd*tr?il'", true],
    ["eventName|cased: deletetrail", false],
    ["eventName|cased: DeleteTrail", true],
    ["eventName|cased|startswith: Delete", true],
    ["eventName|startswith|cased: delete", false],
    ["eventName|neq: DeleteTrail", false],
    ["eventName|neq: StopLogging", true],
    ["eventName|neq: [StopLogging, DeleteTrail]", false],
    ["requestParameters.absent|neq: x", true],
    ["requestParameters.count|neq: 13", true],
    ["eventName|contains|neq: trail", false],
    ["requestParameters.list|all: [alpha, beta]", true],
    ["requestParameters.list|all: [alpha, gamma]", false],
    ["eventName|contains|all: [delete, trail]", true],
    ["eventName|contains|all: [delete, bucket]", false],
    ["eventName|exists: true", true],
    ["eventName|exists: false", false],
    ["errorCode|exists: true", true],
    ["errorMessage|exists: true", true],
    ["requestParameters.absent|exists: false", true],
    ["eventName|re: ^Delete(Trail|Bucket)$", true],
    ["eventName|re: ^delete", false],
    ["eventName|re|i: ^delete", true],
    ["eventName|re: eteT", true],
    ["requestParameters.lines|re: ^second", false],
    ["requestParameters.lines|re|m: ^second", true],
    ["requestParameters.lines|re: first.second", false],
    ["requestParameters.lines|re|s: first.second", true],
    ["requestParameters.lines|re|i|m|s: FIRST.second$", true],
    ["sourceIPAddress|cidr: 10.0.0.0/8", true],
    ["sourceIPAddress|cidr: [192.168.0.0/16, 10.1.2.3]", true],
    ["sourceIPAddress|cidr: 10.1.2.0/31", false],
    ["sourceIPAddress|cidr: 0.0.0.0/0", true],
    ["sourceIPAddress|cidr: 2001:db8::/32", false],
    ["eventName|cidr: 10.0.0.0/8", false],
    ["requestParameters.count|gt: 11", true],
    ["requestParameters.count|gt: 12", false],
    ["requestParameters.count|gte: 12", true],
    ["requestParameters.count|lt: 12", false],
    ["requestParameters.count|lte: 12.5", true],
    ["requestParameters.durationSeconds|gt: 3599", true],
    ["eventName|gt: 0", false],
    ["requestParameters.absent|lt: 5", false],
    ["eventTime|minute: 5", true],
    ["eventTime|hour: 22", true],
    ["eventTime|hour|gte: 20", true],
    ["eventTime|hour: [8, 9]", false],
    ["eventTime|day: 1", true],
    ["eventTime|week: 9", true],
    ["eventTime|month: 3", true],
    ["eventTime|year: 2026", true],
    ["eventName|year: 2026", false],
    ["requestParameters.text|base64offset|contains: arn:aws:iam", true],
    ["requestParameters.text|base64offset|contains: arn:aws:s3", false],
    ["requestParameters.text|base64: 'role arn:aws:iam bot'", true],
    ["requestParameters.wide|wide: cmd", true],
    ["requestParameters.wide|utf16le: cmd", true],
    ["requestParameters.wide|utf16be: cmd", false],
    ["userAgent|windash|contains: ' /param'", true],
    ["userAgent|contains|windash: ' –param'", true],
    ["userAgent|windash|contains: ' /other'", false],
    ["eventName|fieldref: requestParameters.name", false],
    ["requestParameters.name|fieldref|startswith: eventName", true],
    ["requestParameters.name|fieldref|endswith: eventName", false],
    ["requestParameters.name|fieldref|contains: eventName", true],
    ["requestParameters.name|fieldref|startswith|cased: eventName", false],
    ["requestParameters.name|fieldref|neq: eventName", true],
    ["requestParameters.name|fieldref: requestParameters.absent", false],
  ])("%s: %s", (item, expected) => {
    expect(matches(item, record)).toBe(expected);
  });

  // Written out from the definition: `cmd` in UTF-16, then base64 of those bytes.
  test.each([
    ["utf16le|base64: cmd", "YwBtAGQA"],
    ["wide|base64: cmd", "YwBtAGQA"],
    ["utf16be|base64: cmd", "AGMAbQBk"],
    ["utf16|base64: cmd", "//5jAG0AZAA="],
    ["base64: äöü", "w6TDtsO8"],
    ["wide|base64: ä", "5AA="],
  ])("%s is %s", (item, encoded) => {
    expect(matches(`userAgent|${item}`, { userAgent: encoded })).toBe(true);
    expect(matches(`userAgent|${item}`, { userAgent: `${encoded}x` })).toBe(false);
  });

  test.each([0, 1, 2, 3])("base64offset finds a text at offset %i", (offset) => {
    const userAgent = Buffer.from(`${"-".repeat(offset)}/bin/bash!`).toString("base64");
    expect(matches("userAgent|base64offset|contains: /bin/bash", { userAgent })).toBe(true);
  });

  test.each([
    ["2027-01-01T00:00:00Z", 53],
    ["2026-12-28T23:59:59Z", 53],
    ["2025-12-29T00:00:00Z", 1],
    ["20260301T220509Z", 9],
    ["2026-03-01T23:30:00-02:00", 10],
    ["2026-03-01 22:05:09", 9],
  ])("the week of %s is %i", (eventTime, week) => {
    expect(matches(`eventTime|week: ${week}`, { eventTime })).toBe(true);
  });

  test.each([
    ["10.1.2.3", "10.1.2.3/32", true],
    ["10.1.2.03", "10.0.0.0/8", false],
    ["10.1.2.3.4", "10.0.0.0/8", false],
    ["255.255.255.255", "255.255.255.254/31", true],
    ["2001:db8:1::1", "2001:db8::/32", true],
    ["2001:db9::1", "2001:db8::/32", false],
    ["AWS Internal", "0.0.0.0/0", false],
    ["::ffff:10.1.2.3", "10.0.0.0/8", false],
  ])("the address %s is in %s: %s", (sourceIPAddress, cidr, expected) => {
    expect(matches(`sourceIPAddress|cidr: '${cidr}'`, { sourceIPAddress })).toBe(expected);
  });
});

describe("many networks", () => {
  const cidrs = Array.from({ length: 200 }, (_, i) => `10.${i}.0.0/16, '2001:db8:${i}::/48'`);
  test.each([
    ["10.199.3.4", true],
    ["10.200.3.4", false],
    ["2001:db8:199:1::1", true],
    ["2001:DB8:200::1", false],
    ["not an address", false],
  ])("are each found: %s %s", (sourceIPAddress, expected) => {
    const item = `sourceIPAddress|cidr: [${cidrs.join(", ")}]`;
    expect(matches(item, { sourceIPAddress })).toBe(expected);
  });
});

describe("expand", () => {
  const placeholders = { admins: ["adm_*", "root"], nets: ["10.0.0.0/8"], none: [] };
  const item = (value: string): string => `userIdentity.userName|expand: '${value}'`;
  const record = (userName: string): unknown => ({ userIdentity: { userName } });

  test.each([
    ["%admins%", "adm_eve", true],
    ["%admins%", "root", true],
    ["%admins%", "eve", false],
    ["x-%admins%", "x-root", true],
    [String.raw`\%plain%admins%`, "%plainroot", true],
    [String.raw`\%plain%admins%`, "plainroot", false],
  ])("%s matches %s: %s", (value, name, expected) => {
    expect(matches(item(value), record(name), placeholders)).toBe(expected);
  });

  test("fills networks and regular expressions as well", () => {
    const network = "sourceIPAddress|cidr|expand: '%nets%'";
    expect(matches(network, { sourceIPAddress: "10.9.9.9" }, placeholders)).toBe(true);
    const regex = "userIdentity.userName|re|expand: '^%admins%$'";
    expect(matches(regex, record("adm_x"), placeholders)).toBe(true);
    expect(matches(regex, record("xadm_x"), placeholders)).toBe(false);
  });

  test("takes values without a placeholder beside one that has it", () => {
    const list = "userIdentity.userName|expand: ['%admins%', eve]";
    expect(matches(list, record("eve"), placeholders)).toBe(true);
    expect(matches(list, record("adm_x"), placeholders)).toBe(true);
    expect(matches(list, record("bob"), placeholders)).toBe(false);
  });

  test("refuses a value that stands for more texts than can be looked for", () => {
    const many = { flags: Array.from({ length: 5 }, (_, i) => `-a${i} -b -c -d -e -f`) };
    expect(messages(itemRule("userAgent|expand|windash: '%flags%'"), many)).toEqual([
      "error 9:31 The value stands for more than 20000 texts.",
    ]);
  });

  test("without the modifier, percent signs are plain", () => {
    expect(matches("userIdentity.userName: '%admins%'", record("%admins%"))).toBe(true);
  });

  test.each([
    ["%unknown%", "The placeholder %unknown% has no values. Configured: %admins%, %nets%, %none%."],
    ["%admin%", "Did you mean admins? Give it some in the config: placeholders: { admin: [...] }."],
    ["%none%", "The placeholder %none% has no values."],
    ["%constructor%", "The placeholder %constructor% has no values."],
    ["plain", "expand needs a placeholder such as %Administrators% in a value."],
  ])("%s is refused", (value, message) => {
    expect(messages(itemRule(item(value)), placeholders).join()).toContain(message);
  });
});
