import { describe, expect, test } from "vitest";
import { loadRules } from "../../src/detections/load-rules.ts";
import { indexDetections } from "../../src/detections/rule-index.ts";
import { facts, loaded, ruleText } from "./rule-builder.ts";

function bounds(detection: string): readonly [readonly string[] | null, readonly string[] | null] {
  const { sources, names } = loaded(ruleText(detection));
  return [sources, names];
}

describe("a rule is bounded", () => {
  test.each([
    [
      "  s: { eventSource: IAM.amazonaws.com, eventName: [A, b] }\n  condition: s\n",
      ["iam.amazonaws.com"],
      ["a", "b"],
    ],
    ["  s: { eventName: [a, b] }\n  t: { eventName: [b, c] }\n  condition: s and t\n", null, ["b"]],
    ["  s: { eventName: a }\n  t: { eventName: b }\n  condition: s or t\n", null, ["a", "b"]],
    ["  s: { eventName: a }\n  t: { awsRegion: b }\n  condition: s or t\n", null, null],
    ["  s: { eventName: a }\n  t: { awsRegion: b }\n  condition: s and not t\n", null, ["a"]],
    ["  s: { eventName: a }\n  condition: not s\n", null, null],
    ["  s: { eventName: a }\n  t: { eventName: b }\n  condition: s and not t\n", null, ["a"]],
    ["  s1: { eventName: a }\n  s2: { eventName: b }\n  condition: 1 of s*\n", null, ["a", "b"]],
    [
      "  s1: { eventName: a }\n  s2: { eventName: b }\n  s3: { eventName: c }\n  condition: 2 " +
        "of s*\n",
      null,
      ["a", "b", "c"],
    ],
    ["  s: [{ eventName: a }, { eventName: b }]\n  condition: s\n", null, ["a", "b"]],
    ["  s: [{ eventName: a }, b]\n  condition: s\n", null, null],
    ["  s: { eventName|startswith: a }\n  condition: s\n", null, null],
    ["  s: { eventName: 'a*' }\n  condition: s\n", null, null],
    ["  s: { eventName|neq: a }\n  condition: s\n", null, null],
    ["  s: { eventName: [a, null] }\n  condition: s\n", null, null],
    ["  s: { eventName: [a, 5] }\n  condition: s\n", null, null],
    ["  s: { requestParameters.eventName: a }\n  condition: s\n", null, null],
    ["  s: { eventName: a }\n  t: { eventName: b }\n  condition: s and t\n", null, []],
  ])("%j", (detection, sources, names) => {
    expect(bounds(detection)).toEqual([sources, names]);
  });
});

describe("the index", () => {
  const rule = (id: number, detection: string): { name: string; text: string } => ({
    name: `${id}.yml`,
    text: ruleText(detection).replace("11111111", String(id).repeat(8)),
  });
  const { detections } = loadRules(
    [
      rule(1, "  s: { userIdentity.type: Root }\n  condition: s\n"),
      rule(2, "  s: { eventSource: iam.amazonaws.com, eventName: CreateUser }\n  condition: s\n"),
      rule(3, "  s: { eventSource: iam.amazonaws.com }\n  condition: s\n"),
      rule(4, "  s: { eventName: [CreateUser, DeleteUser] }\n  condition: s\n"),
    ],
    { facts },
  );
  const candidates = indexDetections(detections);

  test.each([
    ["iam.amazonaws.com", "CreateUser", ["1", "2", "3", "4"]],
    ["IAM.amazonaws.com", "createuser", ["1", "2", "3", "4"]],
    ["iam.amazonaws.com", "DeleteUser", ["1", "3", "4"]],
    ["s3.amazonaws.com", "CreateUser", ["1", "4"]],
    ["s3.amazonaws.com", "GetObject", ["1"]],
    ["__proto__", "constructor", ["1"]],
  ])("for %s %s holds %j, also when asked again", (source, name, expected) => {
    const asked = [candidates(source, name), candidates(source, name)];
    expect(asked.map((found) => found.map(({ file }) => file.charAt(0)))).toEqual(
      [expected, expected],
    );
  });

  test("remembers no more calls than it should, and still answers", () => {
    for (let i = 0; i < 25_000; i += 1) candidates("s3.amazonaws.com", `Made${i}`);
    expect(candidates("s3.amazonaws.com", "Made24999").length).toBe(1);
  });
});
