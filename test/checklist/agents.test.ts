import { describe, expect, it } from "vitest";
import { instantAt, record, roleIdentity } from "../builders/record.ts";
import { seen } from "./whole-program.ts";

describe("the coding agent that AWS CLI writes into its user agent", () => {
  it.each<[string, string]>([
    ["AN", "claude-code"], ["AO", "gemini-cli"], ["AP", "codex"], ["AQ", "kiro"],
    ["AR", "opencode"], ["AS", "antigravity"], ["AT", "amp"], ["AU", "pi"],
    ["AV", "copilot-cli"], ["AW", "cursor"],
  ])("as m/%s is %s, wherever among the codes", async (code, agent) => {
    for (const codes of [`${code},b,g`, `E,${code},n,Z`, `b,${code}`]) {
      const userAgent = `aws-cli/2.36.7 ua/2.1 os/linux#6.8 lang/python#3.14.4 m/${codes}`;
      const { event } = await seen([[record({ eventID: "use", userAgent })]]);
      expect(event("use").userAgent["agent"]).toBe(agent);
      expect(event("use").agent).toMatchObject({ name: agent, basis: "user-agent" });
    }
  });

  it("is found in brackets, as S3 writes user agents", async () => {
    const userAgent = "[aws-cli/2.36.7 ua/2.1 os/linux#6.8 lang/python#3.14.4 m/AN]";
    const { event } = await seen([[record({ eventID: "use", userAgent })]]);
    expect(event("use").userAgent).toMatchObject({ family: "aws-cli", agent: "claude-code" });
  });
});

describe("the AWS MCP server's trio of grant, tool event and downstream call", () => {
  const signInSessionArn =
    "arn:aws:signin:us-east-1:111111111111:session/00000000-0000-4000-8000-000000000001";
  const identity = (accessKeyId: string | null) => roleIdentity({
    role: "AWSReservedSSO_Admin_0123456789abcdef", session: "ann@example.com",
    roleId: "AROASSO0000000000001", accessKeyId, context: { signInSessionArn },
  });
  const grant = record({
    eventID: "grant", eventSource: "signin.amazonaws.com", eventName: "CreateOAuth2Token",
    userAgent: "Bun/1.3.0", eventTime: instantAt(0), userIdentity: identity(null),
    requestParameters: {
      client_id: "arn:aws:signin:::external-client/dcr/0",
      resource: "https://aws-mcp.us-east-1.api.aws/mcp",
    },
    additionalEventData: { signInSessionArn, grant_type: "authorization_code", success: "true" },
  });
  const tool = record({
    eventID: "tool", eventSource: "aws-mcp.amazonaws.com", eventName: "CallReadWriteTool",
    eventType: "AwsMcpEvent", userAgent: "claude-code/2.1.202 (cli)", readOnly: false,
    eventTime: instantAt(30), userIdentity: identity(null), requestID: "r-tool",
    requestParameters: { method: "tools/call", params: { name: "aws___call_aws" } },
    additionalEventData: {
      downstreamRequests: [
        { apiName: "s3:DeleteBucket", requestId: "r-9", awsRegion: "us-east-1" },
      ],
    },
  });
  const downstream = record({
    eventID: "downstream", eventSource: "s3.amazonaws.com", eventName: "DeleteBucket",
    requestID: "r-9", readOnly: false, eventTime: instantAt(31),
    sourceIPAddress: "aws-mcp.amazonaws.com", userAgent: "aws-mcp.amazonaws.com",
    userIdentity: { ...identity("ASIAMCP0000000000001"), invokedBy: "aws-mcp.amazonaws.com" },
  });

  it("is one session of the agent that the tool event names", async () => {
    for (const files of [[[grant, tool, downstream]], [[downstream], [tool], [grant]]]) {
      const { event, sessions } = await seen(files);
      const ids = ["tool", "downstream"].map((id) => event(id).session?.["id"]);
      expect(new Set(ids)).toEqual(new Set([`sis:${signInSessionArn}`]));
      expect(event("downstream").agent?.name).toBe("claude-code");
      expect(event("downstream").agent?.basis).toContain("mcp");
      const session = sessions.find(({ anchor }) => anchor === "sign-in-session");
      expect(session?.eventCount).toBe(files.flat().length);
    }
  });

  it("is not dropped for its invokedBy, service address and service user agent", async () => {
    const { events, flagged } = await seen([[grant, tool, downstream]], { agentsOnly: true });
    expect(events.map(({ eventId }) => eventId)).toContain("downstream");
    expect(flagged("mcp-write-without-approval")).toEqual(["downstream"]);
  });

  it("has a tool event that is no write itself: what it did is in the calls it made", async () => {
    const { event } = await seen([[tool]]);
    expect(event("tool")).toMatchObject({ access: "unknown", credential: null });
  });
});
