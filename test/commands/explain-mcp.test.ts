import { afterAll, expect, it } from "vitest";
import { record, roleIdentity } from "../builders/record.ts";
import { Workplace } from "./program.ts";

const place = new Workplace();
afterAll(() => {
  place.remove();
});

const server = "aws-mcp.amazonaws.com";
const tool = record({
  eventID: "tool", eventSource: server, eventName: "CallReadWriteTool", eventType: "AwsMcpEvent",
  userIdentity: roleIdentity({ accessKeyId: null }), userAgent: "claude-code/2.1.202 (cli)",
  sourceIPAddress: "203.0.113.7",
  requestParameters: { method: "tools/call", params: { name: "aws___call_aws" } },
  additionalEventData: { downstreamRequests: [{ apiName: "s3:DeleteBucket", requestId: "r-9" }] },
});
const call = record({
  eventID: "call", eventSource: "s3.amazonaws.com", eventName: "DeleteBucket", requestID: "r-9",
  userIdentity: { ...roleIdentity(), invokedBy: server }, sourceIPAddress: server,
  userAgent: server, readOnly: false,
});

it("explain names the MCP client behind a call, whichever record came first", async () => {
  for (const records of [[tool, call], [call, tool]]) {
    place.trail("mcp.json", records);
    const { stdout } = await place.run(["explain", "call", "mcp.json"]);
    expect(stdout).toMatch(/^ {2}MCP tool call +aws___call_aws by claude-code\/2\.1\.202 /m);
    expect(stdout).toContain(" from 203.0.113.0/24 (tool)\n");
    expect(stdout).toMatch(/^ {2}event\.mcp_client +"claude-code\/2\.1\.202 \(cli\)"$/m);
    expect(stdout).toMatch(/^ {2}event\.mcp_client_network +"203\.0\.113\.0\/24"$/m);
  }
});
