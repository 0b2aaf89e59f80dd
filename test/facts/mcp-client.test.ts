import { describe, expect, it } from "vitest";
import type { FactValue } from "../../src/facts/fact.ts";
import type { ToolCall } from "../../src/sessions/state.ts";
import { at, trailEvent, type EventOverrides } from "../builders/event.ts";
import { factOf } from "../builders/fact-context.ts";

const behind: ToolCall = {
  eventId: "e-tool", at: at(59), tool: "aws___call_aws",
  userAgent: "claude-code/2.1.202 (cli)", network: "203.0.113.0/24", networkKind: "ipv4",
};
const toolEvent: EventOverrides = {
  mcp: { step: "tool", tool: "aws___run_script", downstreamRequestIds: [] },
  userAgent: { text: "codex/1.0" },
  network: { name: "198.51.100.0/24" },
};

describe("the client behind the AWS MCP server", () => {
  it.each<[string, EventOverrides, ToolCall | null, readonly FactValue[]]>([
    ["is told of a call it made, whose record shows the server's",
      { mcp: { step: "call" } }, behind,
      ["aws___call_aws", "claude-code/2.1.202 (cli)", "203.0.113.0/24"]],
    ["is told of the tool call itself", toolEvent, null,
      ["aws___run_script", "codex/1.0", "198.51.100.0/24"]],
    ["is not known where the tool call was not seen", { mcp: { step: "call" } }, null,
      [null, null, null]],
    ["is not known where it told no user agent", { mcp: { step: "call" } },
      { ...behind, userAgent: null }, ["aws___call_aws", null, "203.0.113.0/24"]],
    ["is nobody for a call made directly", {}, null, [null, null, null]],
  ])("%s", (...[, event, toolCall, expected]) => {
    const values = ["mcp_tool", "mcp_client", "mcp_client_network"].map((name) =>
      factOf(`event.${name}`, { event: trailEvent(event), toolCall }));
    expect(values).toEqual(expected);
  });
});
