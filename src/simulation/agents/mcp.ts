import type { Logged } from "../call.ts";
import { makeCall, writeRecord } from "../call.ts";
import type { Issued } from "../caller.ts";
import { roleCaller, roleIdentity } from "../caller.ts";
import { hour, minute, second } from "../instant.ts";
import type { OperationName } from "../operations/catalogue.ts";
import { operations } from "../operations/catalogue.ts";
import type { Random } from "../random.ts";
import { fixed } from "../user-agents.ts";
import type { World } from "../world.ts";
import { accessKeyId, accounts, officeIpv6Address } from "../world.ts";
import { habits } from "./habits.ts";

export const mcpPermissionSet =
  "aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_AgentMcp_5ad0c0ffee5ad0c0";

const service = "aws-mcp.amazonaws.com";

/**
 * A sign-in that the AWS MCP Server works under: the person's role session, and the key it was
 * handed.
 */
export interface McpSession {
  readonly world: World;
  readonly random: Random;
  readonly issued: Issued;
  readonly signInSessionArn: string;
  readonly address: string;
}

export function signInForMcp(world: World, random: Random, at: number): McpSession {
  const createdAt = at - (at % second);
  const issued: Issued = {
    role: world.role(accounts.dev, mcpPermissionSet),
    sessionName: `${random.pick(["ana", "bo", "chidi"])}@example.com`,
    accessKeyId: accessKeyId("ASIA", random),
    createdAt,
    expiresAt: createdAt + hour,
    sourceIdentity: null,
  };
  const signInSessionArn = `arn:aws:signin:us-east-1:${accounts.dev}:session/${random.uuid()}`;
  return { world, random, issued, signInSessionArn, address: officeIpv6Address(random) };
}

/**
 * An assistant's morning through the AWS MCP Server: the grant, then tool calls, each with its API
 * call.
 */
export function mcpTask(world: World, random: Random, startAt: number): Logged[] {
  const session = signInForMcp(world, random, startAt);
  const count = random.between(6, 24);
  const events = [grant(session, startAt + 16 * second)];
  let at = startAt + minute;
  for (let i = 0; i < count; i++) {
    events.push(...toolCall(session, { at, operation: habits.debugging.draw(random) }));
    at += random.exponential(50 * second);
  }
  return events;
}

/** The OAuth grant: by the person, from the client's own runtime, before any tool is called. */
export function grant(session: McpSession, at: number): Logged {
  const { random, issued, signInSessionArn, address } = session;
  const client = fixed("Bun/1.4.0");
  const caller = roleCaller(issued, { address, client, stamps: { accessKeyId: null } });
  const client_id = `arn:aws:signin:us-east-1::external-client/dcr/${random.uuid()}`;
  return writeRecord(caller, {
    ...bare(at, random),
    source: "signin.amazonaws.com",
    name: "CreateOAuth2Token",
    userAgent: "Bun/1.4.0",
    effect: { request: { resource: "https://aws-mcp.us-east-1.api.aws/mcp", client_id } },
    additional: { signInSessionArn, grant_type: "authorization_code", success: "true" },
    readOnly: true,
  });
}

/** The tool event and the API call it led to; the request id ties them. */
export function toolCall(session: McpSession, wanted: Wanted): Logged[] {
  const { world, random, issued, signInSessionArn, address } = session;
  const operation = operations[wanted.operation];
  const requestId = random.uuid();
  const region = operation.home ?? "eu-west-1";
  const downstream = { apiName: operation.action, requestId, awsRegion: region };
  const userAgent = "claude-code/2.1.284 (cli)";
  const stamps = { accessKeyId: null, signInSessionArn };
  const person = roleCaller(issued, { address, client: fixed(userAgent), stamps });
  const params = { name: "aws___call_aws" };
  const id = random.between(2, 90);
  const tool = writeRecord(person, {
    ...bare(wanted.at, random),
    source: service,
    name: "CallReadWriteTool",
    userAgent,
    effect: { request: { jsonrpc: "2.0", method: "tools/call", id, params } },
    additional: { downstreamRequests: [downstream] },
    readOnly: false,
    type: "AwsMcpEvent",
  });
  const server = {
    ...roleCaller(issued, { address: service, client: fixed(service) }),
    identity: roleIdentity(issued, { signInSessionArn, invokedBy: service }),
  };
  const at = wanted.at + second;
  return [tool, makeCall(server, { world, operation, region, at, random, requestId })];
}

export interface Wanted {
  readonly at: number;
  readonly operation: OperationName;
}

function bare(at: number, random: Random) {
  return {
    at: at - (at % second),
    region: "us-east-1",
    error: null,
    requestId: random.uuid(),
    eventId: random.uuid(),
    isData: false,
    sharedId: null,
  };
}
