import { describe, expect, it } from "vitest";
import { valueAt, listAt, textAt } from "../../src/facts/fields.ts";
import type { FactValue } from "../../src/facts/fact.ts";
import { trailEvent, type EventOverrides } from "../builders/event.ts";
import { factOf } from "../builders/fact-context.ts";

function fact(name: string, event: EventOverrides): FactValue {
  return factOf(`event.${name}`, { event: trailEvent(event) });
}

const mcp = { step: "call" as const };

describe("event.is_write", () => {
  it.each<[string, EventOverrides, boolean]>([
    ["a write", { access: "write" }, true],
    ["rights", { access: "permissions" }, true],
    ["tags", { access: "tagging" }, true],
    ["a write that was denied is an attempt", { access: "write", result: { outcome: "denied" } },
      true],
    ["a dry run changes nothing", { access: "write", result: { outcome: "dry-run" } }, false],
    ["a session of another role ends", { access: "credential", operation: "sts:AssumeRole" },
      false],
    ["a key stays", { access: "credential", operation: "iam:CreateAccessKey" }, true],
    ["reading", { access: "read" }, false],
    ["running code is a class of its own", { access: "execution" }, false],
    ["nobody knows", { access: "unknown" }, false],
  ])("%s", (_, event, expected) => {
    expect(fact("is_write", event)).toBe(expected);
  });
});

describe("who made the call", () => {
  const server = "aws-mcp.amazonaws.com";
  it.each<[string, EventOverrides, { service: boolean; mcp: boolean; mark: string | null }]>([
    ["the principal", {}, { service: false, mcp: false, mark: null }],
    ["a service for it", { principal: { invokedBy: "athena.amazonaws.com" } },
      { service: true, mcp: false, mark: null }],
    ["the AWS MCP server for it", { principal: { invokedBy: server }, mcp },
      { service: false, mcp: true, mark: "aws-mcp" }],
    ["a coding agent through that server",
      { principal: { invokedBy: server }, mcp, userAgent: { agent: "claude-code" } },
      { service: false, mcp: true, mark: "claude-code" }],
    ["an MCP server that people run", { userAgent: { family: "awslabs-mcp" } },
      { service: false, mcp: false, mark: "awslabs-mcp" }],
    ["Terraform, which people run by hand", { userAgent: { family: "terraform" } },
      { service: false, mcp: false, mark: null }],
  ])("%s", (_, event, { service, mcp: viaMcp, mark }) => {
    expect(fact("by_service", event)).toBe(service);
    expect(fact("via_mcp", event)).toBe(viaMcp);
    expect(fact("agent_fingerprint", event)).toBe(mark);
  });
});

describe("fields of untrusted JSON", () => {
  it("are found by path, among own properties alone", () => {
    const root = { a: { b: "c", list: [1], items: { items: [{ x: 1 }] } }, empty: "" };
    expect(valueAt(root, "a.b")).toBe("c");
    expect(valueAt(root, "a.toString")).toBeUndefined();
    expect(valueAt(root, "__proto__.toString")).toBeUndefined();
    expect(valueAt(null, "a")).toBeUndefined();
    expect(textAt(root, "empty")).toBeNull();
    expect(textAt(root, "a.list")).toBeNull();
    expect(listAt(root, "a.list")).toEqual([1]);
    expect(listAt(root, "a.items")).toEqual([{ x: 1 }]);
    expect(listAt(root, "a.b")).toEqual([]);
  });
});
