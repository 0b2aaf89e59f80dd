import { describe, expect, it } from "vitest";
import { burstOf, secretsRead } from "../../src/sessions/secrets.ts";
import type { Spans } from "../../src/sessions/spans.ts";
import { at, trailEvent, type EventOverrides } from "../builders/event.ts";

function read(
  operation: string,
  requestParameters: unknown,
  overrides: EventOverrides = {},
): readonly string[] {
  const service = operation.slice(0, operation.indexOf(":"));
  const event = { operation, service, isSensitiveRead: true, record: { requestParameters } };
  return secretsRead(trailEvent({ ...event, ...overrides }));
}

describe("the secrets a call read", () => {
  const secret = "secretsmanager:GetSecretValue";
  it.each<[string, unknown, readonly string[]]>([
    [secret, { secretId: "db" }, ["db"]],
    [secret, { secretId: "arn:aws:secretsmanager:eu-west-1:1:secret:db-AbCdEf" }, ["db"]],
    ["secretsmanager:BatchGetSecretValue", { secretIdList: ["a", "b"] }, ["a", "b"]],
    ["secretsmanager:BatchGetSecretValue", { filters: [{ key: "all" }] }, []],
    ["ssm:GetParameter", { name: "/a/b" }, ["a/b"]],
    ["ssm:GetParameter", { name: "arn:aws:ssm:eu-west-1:1:parameter/a/b" }, ["a/b"]],
    ["ssm:GetParameters", { names: ["/a", "b", 3] }, ["a", "b"]],
    ["ssm:GetParametersByPath", { path: "/a" }, ["a"]],
    ["ssm:DescribeParameters", { names: ["/a"] }, []],
    [secret, null, []],
  ])("%s %j", (operation, request, expected) => {
    expect(read(operation, request)).toEqual(expected);
  });

  it("are none where it was denied, or read plain configuration", () => {
    const request = { name: "/a" };
    expect(read("ssm:GetParameter", request, { result: { outcome: "denied" } })).toEqual([]);
    expect(read("ssm:GetParameter", request, { isSensitiveRead: false })).toEqual([]);
  });
});

describe("the burst of a session's secrets", () => {
  /** Each secret's first and last read, in seconds. */
  const spans = (...reads: readonly (readonly [number, number])[]): Spans => ({
    entries: reads.map(([first, last], i) => [`s${i}`, [at(first), at(last), 2]]),
    overflow: false,
  });
  it.each<[string, Spans, number]>([
    ["nothing read", spans(), 0],
    ["one", spans([0, 90_000]), 1],
    ["three within ten minutes", spans([0, 0], [300, 300], [600, 600]), 3],
    ["a second more is too long", spans([0, 0], [300, 300], [601, 601]), 2],
    ["first reads count, whatever their order, last reads do not",
      spans([7200, 86_000], [0, 86_000], [3600, 86_000]), 1],
    ["the fullest ten minutes", spans([0, 0], [1000, 1000], [1001, 1001], [1599, 1599]), 3],
  ])("%s", (_, reads, expected) => {
    expect(burstOf(reads)).toBe(expected);
  });
});
