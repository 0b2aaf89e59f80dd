import { expect, test } from "vitest";
import { eventOf } from "./record-builder.ts";

const session = "arn:aws:signin:us-east-1:1:session/00000000-0000-4000-8000-000000000001";

test("the three records of a call through AWS's MCP server are told apart", () => {
  const grant = {
    eventSource: "signin.amazonaws.com",
    eventName: "CreateOAuth2Token",
    requestParameters: { client_id: "c", resource: "https://aws-mcp.us-east-1.api.aws/mcp" },
    additionalEventData: { signInSessionArn: session, success: "true" },
  };
  expect(eventOf(grant).mcp).toEqual({ step: "grant", signInSessionArn: session });
  expect(eventOf({ ...grant, requestParameters: { client_id: "c" } }).mcp).toBeNull();
  const tool = {
    eventSource: "aws-mcp.amazonaws.com",
    eventType: "AwsMcpEvent",
    eventName: "CallReadWriteTool",
    requestParameters: { method: "tools/call", params: { name: "aws___call_aws" } },
    additionalEventData: {
      downstreamRequests: [{ apiName: "s3:DeleteBucket", requestId: "r-9" }, null],
    },
  };
  expect(eventOf(tool).mcp).toEqual({
    step: "tool", tool: "aws___call_aws", downstreamRequestIds: ["r-9"],
  });
  const flat = { ...tool, requestParameters: { "params.name": "aws___call_aws" } };
  expect(eventOf(flat).mcp).toMatchObject({ tool: "aws___call_aws" });
  const server = "aws-mcp.amazonaws.com";
  const made = eventOf({
    userIdentity: {
      type: "IAMUser", invokedBy: server, sessionContext: { signInSessionArn: session },
    },
    sourceIPAddress: server,
    userAgent: server,
  });
  expect(made).toMatchObject({
    mcp: { step: "call" },
    principal: { invokedBy: server, signInSessionArn: session },
    network: { kind: "service", name: server },
    userAgent: { family: "aws-mcp" },
  });
});
