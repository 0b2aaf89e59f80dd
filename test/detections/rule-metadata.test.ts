import { describe, expect, test } from "vitest";
import { itemRule, loadTexts, loaded, messages, wholeRule } from "./rule-builder.ts";

const complete = `title: Write under a read-only role
id: 6F0C1111-2222-4333-8444-555555555555
name: write-under-readonly-role
status: stable
description: Why it matters.
references: [https://example.org/a]
author: somebody
date: 2026-03-01
logsource: { product: aws, service: cloudtrail }
detection:
  write: { role.mode: readonly, event.access: [write, tagging] }
  probe: { errorCode: Client.DryRunOperation }
  condition: write and not probe
level: critical
tags: [attack.t1078.004]
falsepositives: A person asked for it.
custom: anything
trailwarden:
  entity: role
  because: "{event.operation} under {role.mode}, key {userIdentity.accessKeyId}."
  level_when:
    event.access: { tagging: medium }
    event.is_sensitive_read: { true: high }
  blind_spots: [Data events]
`;

describe("a rule", () => {
  test("is loaded wholeRule, without a word", () => {
    const { problems, detections } = loadTexts(complete);
    expect(problems).toEqual([]);
    const { matches, mayMatch, gates, plan, ...told } = detections[0] ?? loaded(wholeRule);
    expect(typeof matches).toBe("function");
    expect(gates).toEqual([]);
    expect(mayMatch({ source: "s3.amazonaws.com", name: "A", operation: "s3:A" })).toBe(true);
    expect(plan.op).toBe("and");
    expect(told).toEqual({
      id: "6f0c1111-2222-4333-8444-555555555555",
      name: "write-under-readonly-role",
      title: "Write under a read-only role",
      status: "stable",
      description: "Why it matters.",
      level: "critical",
      tags: ["attack.t1078.004"],
      falsepositives: ["A person asked for it."],
      references: ["https://example.org/a"],
      file: "0.yml",
      line: 1,
      entity: "role",
      because: "{event.operation} under {role.mode}, key {userIdentity.accessKeyId}.",
      levelWhen: {
        "event.access": { tagging: "medium" }, "event.is_sensitive_read": { true: "high" },
      },
      blindSpots: ["Data events"],
      usedFacts: ["event.access", "event.is_sensitive_read", "role.mode"],
      usedFields: ["errorCode"],
      isBudgeted: false,
      log: "cloudtrail",
      sources: null,
      names: null,
      raises: true,
    });
  });

  test("of others is about the session, and named by its id", () => {
    const { name, id, entity, because } = loaded(wholeRule);
    expect({ name, id, entity, because }).toEqual({
      name: "11111111-2222-4333-8444-555555555555",
      id: "11111111-2222-4333-8444-555555555555",
      entity: "session",
      because: null,
    });
  });

  test.each([
    ["title: A rule", "", "error 2:1 The title is missing."],
    ["title: A rule", "title: [a]", "error 1:8 title must be text."],
    [
      "id: 11111111-2222-4333-8444-555555555555",
      "id: 42",
      "error 2:5 The id must be a UUID; the value is 42.",
    ],
    [
      "level: low",
      "level: hihg",
      "error 6:8 The level must be one of informational, low, medium, high, critical; the " +
        "value is hihg. Did you mean high?",
    ],
    ["level: low", "x: y", "warning 1:1 The level is missing: medium is taken."],
    [
      "level: low",
      "level: low\nstatus: stabel",
      "error 7:9 The status must be one of stable, test, experimental, deprecated, " +
        "unsupported; the value is stabel. Did you mean stable?",
    ],
    [
      "level: low",
      "level: low\nstatus: deprecated",
      "warning 7:9 The rule is deprecated: another one replaces it.",
    ],
    [
      "level: low",
      "level: low\ndate: 2026/01-31",
      "warning 7:7 date must be written like 2026-01-31; the value is 2026/01-31.",
    ],
    [
      "level: low",
      "level: low\ntags: [T1078]",
      "warning 7:8 A tag is written like attack.t1078.004; the value is T1078.",
    ],
    [
      "level: low",
      "level: low\nreferences: {a: b}",
      "warning 7:13 references must be a list of texts. Put a text with a colon in quotes.",
    ],
    [
      "level: low",
      "level: low\nlevel: high",
      "error 7:1 The key level stands twice in one map. Give it a list of values, or begin a",
    ],
    ["title: A rule", "title: 'A rule", "error"],
    [
      "product: aws",
      "product: windows",
      "warning 4:3 Not for CloudTrail (windows / cloudtrail): left out.",
    ],
    [
      "service: cloudtrail",
      "service: cloudtrails",
      "warning 4:3 Not for CloudTrail (aws / cloudtrails): left out. Did you mean cloudtrail?",
    ],
    ["service: cloudtrail", "category: x", "warning 4:3 Not for CloudTrail (aws / x): left out."],
    [
      "product: aws\n  service: cloudtrail",
      "definition: x",
      "warning 4:3 Not for CloudTrail (no product, no service): left out.",
    ],
    [
      "level: low",
      "level: low\nstatus: unsupported",
      "warning 7:9 The rule is marked unsupported: left out.",
    ],
    [
      "detection:",
      "detections:",
      "error 7:1 The detection is missing: a map of selections and a condition. Did you mean " +
        "detection by detections?",
    ],
    [
      "logsource:",
      "logs:",
      "error 1:1 The logsource is missing. Write product: aws and service: cloudtrail.",
    ],
    [
      "condition: selection",
      "condition: selection\n  timeframe: 5m",
      "warning 10:3 timeframe has no effect in Sigma 2.",
    ],
  ])("with %j turned into %j: %s", (from, to, expected) => {
    const found = messages(wholeRule.replace(from, to));
    expect(found.join("\n")).toContain(expected);
    expect(found.length).toBe(expected === "error" ? found.length : 1);
  });

  test.each([
    [
      "eventname: x",
      "warning 9:5 CloudTrail never sends eventname in a record. Did you mean eventName? " +
        "eventname is always absent.",
    ],
    [
      "resources.arn: x",
      "warning 9:5 CloudTrail never sends arn under resources. Did you mean ARN? resources.arn " +
        "is always absent.",
    ],
    [
      "userIdentity.sessionContext.mfa: x",
      "warning 9:5 CloudTrail never sends mfa under userIdentity.sessionContext. " +
        "userIdentity.sessionContext.mfa is always absent.",
    ],
    [
      "Image|endswith: x",
      "warning 9:5 CloudTrail never sends Image in a record. Image is always absent.",
    ],
    ["requestParameters.anything.at.all: x", ""],
    ["userIdentity.sessionContext.sessionIssuer.userName: x", ""],
    [
      "eventName|base64offset: abc",
      "warning 9:29 base64offset without contains matches whole values only.",
    ],
  ])("that looks at %s loads with: %s", (item, expected) => {
    expect(messages(itemRule(item)).join("\n")).toBe(expected);
  });

  test.each([
    ["a date as Sigma 1 wrote it", "level: low", "level: low\ndate: 2022/10/09"],
    ["a category of CloudTrail's events", "service: cloudtrail",
      "service: cloudtrail\n  category: management"],
  ])("with %s loads without a word", (_, from, to) => {
    expect(messages(wholeRule.replace(from, to))).toEqual([]);
    expect(loaded(wholeRule.replace(from, to)).title).toBe("A rule");
  });

  test("with lines that YAML joins to one value is warned of", () => {
    expect(messages(itemRule("eventName:\n      StopLogging\n      DeleteTrail"))).toEqual([
      "warning 10:7 The lines are joined to one value: StopLogging DeleteTrail. Begin each line " +
        "with a dash if a list is meant, or put the value in quotes.",
    ]);
  });

  test("with a windows line end and a byte order mark is read", () => {
    expect(messages(`\ufeff${wholeRule.replaceAll("\n", "\r\n")}`)).toEqual([]);
  });
});
