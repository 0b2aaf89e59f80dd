import type { McpMark } from "./event.ts";
import { fieldsOf, listOf, textOf, type Fields } from "./field.ts";
import type { Principal } from "./principal.ts";
import { mcpServer } from "./user-agent.ts";

/** A tool call names a few downstream requests; more are not joined. */
const downstreamMax = 100;

/**
 * How a record relates to the AWS-managed MCP server; null when it does not.
 *
 * Three records tell one story: the OAuth grant (`signin CreateOAuth2Token` for
 * `https://aws-mcp.<region>.api.aws/mcp`), the tool call (`AwsMcpEvent`, with the client's own
 * address and user agent), and the API calls it made, whose user agent, address and `invokedBy` are
 * all the server's. The tool call lists the request ids of the last.
 */
export function readMcpMark(record: Fields, principal: Principal): McpMark | null {
  const isTool = record.eventType === "AwsMcpEvent" || record.eventSource === mcpServer;
  if (isTool) return toolCall(record);
  if (record.eventName === "CreateOAuth2Token") return grant(record, principal);
  const isCall =
    principal.invokedBy === mcpServer ||
    record.userAgent === mcpServer ||
    record.sourceIPAddress === mcpServer;
  return isCall ? { step: "call" } : null;
}

function toolCall(record: Fields): McpMark {
  const parameters = fieldsOf(record.requestParameters);
  const tool = textOf(fieldsOf(parameters.params).name) ?? textOf(parameters["params.name"]);
  const requests = listOf(fieldsOf(record.additionalEventData).downstreamRequests);
  return {
    step: "tool",
    tool: tool ?? textOf(record.eventName) ?? "",
    downstreamRequestIds: requests
      .slice(0, downstreamMax)
      .flatMap((request) => textOf(fieldsOf(request).requestId) ?? []),
  };
}

function grant(record: Fields, principal: Principal): McpMark | null {
  const resource = textOf(fieldsOf(record.requestParameters).resource);
  if (resource === null || !mcpResource.test(resource)) return null;
  const told = textOf(fieldsOf(record.additionalEventData).signInSessionArn);
  return { step: "grant", signInSessionArn: told ?? principal.signInSessionArn };
}

const mcpResource = /^https:\/\/aws-mcp\.[a-z0-9-]+\.api\.aws\//;
