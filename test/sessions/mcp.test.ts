import { describe, expect, it } from "vitest";
import { sessionFor, toolCallOf } from "../../src/sessions/find.ts";
import { groupKey } from "../../src/sessions/group.ts";
import { issuanceOf } from "../../src/sessions/issued.ts";
import { at, rolePrincipal, trailEvent } from "../builders/event.ts";
import { derive, only } from "./derived.ts";

describe("the AWS MCP server", () => {
  const human = rolePrincipal({
    name: "AWSReservedSSO_Dev_0123456789abcdef",
    session: "bob@example.com",
    createdAt: at(0),
    accessKeyId: null,
  });
  const arn = "arn:aws:signin:us-east-1:111111111111:session/1";
  const console_ = trailEvent({
    id: "console",
    at: at(10),
    principal: { ...human, accessKeyId: "ASIAWEB", fromConsole: true },
  });
  const grant = trailEvent({
    id: "grant",
    key: "grant",
    at: at(20),
    source: "signin.amazonaws.com",
    name: "CreateOAuth2Token",
    principal: human,
    userAgent: { text: "Bun/1.2.0", family: "http-client" },
    mcp: { step: "grant", signInSessionArn: arn },
    record: { additionalEventData: { signInSessionArn: arn } },
  });
  const tool = trailEvent({
    id: "tool",
    at: at(30),
    type: "AwsMcpEvent",
    principal: human,
    network: { name: "203.0.113.0/24" },
    userAgent: { text: "claude-code/2.1.202 (cli)", family: "claude-code", agent: "claude-code" },
    mcp: { step: "tool", tool: "aws___call_aws", downstreamRequestIds: ["r-9"] },
  });
  const call = trailEvent({
    id: "call",
    at: at(31),
    requestId: "r-9",
    principal: { ...human, invokedBy: "aws-mcp.amazonaws.com", signInSessionArn: arn },
    network: { kind: "service", name: "aws-mcp.amazonaws.com" },
    userAgent: { text: "aws-mcp.amazonaws.com", family: "aws-mcp" },
    mcp: { step: "call" },
  });
  const minted = issuanceOf(grant);

  it.each([
    ["in order", [console_, grant, tool, call]],
    ["backwards", [call, tool, grant, console_]],
  ])("keeps the agent's calls apart from the human's console, %s", (_what, events) => {
    const { group, sessions } = derive(events, minted === null ? [] : [minted]);
    expect(sessions.map(({ id, anchor, eventCount }) => [id, anchor, eventCount])).toEqual([
      [groupKey(console_), "console", 1],
      [`sis:${arn}`, "sign-in-session", 3],
    ]);
    const places = [console_, grant, tool, call].map(
      (event) => sessionFor(group, sessions, event)?.session.anchor,
    );
    expect(places).toEqual([
      "console",
      "sign-in-session",
      "sign-in-session",
      "sign-in-session",
    ]);
    const agents = sessions.map(({ attribution }) => [attribution.agent, attribution.confidence]);
    expect(agents).toEqual([[null, "low"], ["claude-code", "high"]]);
    expect(sessions[1]?.joinedBy).toBe("sign-in-session");
  });

  it("is joined to its client by the request id, as tool calls show no sign-in session", () => {
    const other = trailEvent({
      ...call,
      id: "other",
      requestId: "r-10",
      principal: { ...human, invokedBy: "aws-mcp.amazonaws.com", signInSessionArn: "arn:x:2" },
    });
    const { group, sessions } = derive([call, other, tool]);
    expect(sessionFor(group, sessions, tool)?.session.id).toBe(`sis:${arn}`);
    expect(toolCallOf(group, call)).toEqual({
      eventId: "tool",
      at: at(30),
      tool: "aws___call_aws",
      userAgent: "claude-code/2.1.202 (cli)",
      network: "203.0.113.0/24",
      networkKind: "ipv4",
    });
    expect(toolCallOf(group, other)).toBeNull();
  });

  it("takes all of a key's calls into the sign-in session that some of them show", () => {
    const keyed = { ...human, accessKeyId: "ASIALOGIN", credentialKind: "temporary" as const };
    const events = [
      trailEvent({ id: "1", principal: keyed }),
      trailEvent({ id: "2", principal: { ...keyed, signInSessionArn: arn } }),
    ];
    expect(only(derive(events)).id).toBe(`sis:${arn}`);
    expect(only(derive(events)).eventCount).toBe(2);
  });
});
