import { describe, expect, it } from "vitest";
import { Config, emptyConfig } from "../../src/config/schema.ts";
import { attribute, type AttributionFacts } from "../../src/sessions/attribute.ts";
import type { Attribution } from "../../src/sessions/attribution.ts";

const roleArn = "arn:aws:iam::111111111111:role/agents/aider-ro";

function facts(overrides: Partial<AttributionFacts> = {}): AttributionFacts {
  return {
    kind: "role-session",
    roleArn,
    sessionName: "task-4711",
    sourceIdentity: null,
    tags: {},
    userAgents: [],
    fingerprints: [],
    issuers: [],
    ...overrides,
  };
}

type AgentInput = Record<string, unknown>;
/** Agents of the config, and what of the session is not as usual. */
type Declared = readonly [AgentInput[], Partial<AttributionFacts>?];
const declare = (...agents: AgentInput[]): Config =>
  Config.parse({ agents: agents.map((agent, i) => ({ name: `a${i}`, ...agent })) });

/** `declared aider high role-arn=<pattern> …`, or `none`. */
function brief({ agent, status, basis, confidence }: Attribution): string {
  if (agent === null) return status;
  const reasons = basis.map(({ by, matched }) => `${by}=${matched}`);
  return [status, agent, confidence, ...reasons].join(" ");
}

const pattern = "arn:aws:iam::*:role/agents/aider-*";
const byRole = { roles: [pattern] };
const once = [0, 0, 1] as const;

describe("a declared agent is recognised", () => {
  it.each<[string, Declared, string]>([
    ["by its role", [[byRole]], `declared a0 high role-arn=${pattern}`],
    [
      "by its role without a path",
      [[{ roles: ["arn:aws:iam::*:role/aider-*"] }]],
      "declared a0 high role-arn=arn:aws:iam::*:role/aider-*",
    ],
    [
      "not by a pattern for names when only a path fits it",
      [[byRole], { roleArn: "arn:aws:iam::111111111111:role/agents/aider-x/other" }],
      "none",
    ],
    [
      "by any role under a path",
      [
        [{ roles: ["arn:aws:iam::*:role/agents/*"] }],
        { roleArn: "arn:aws:iam::111111111111:role/agents/sub/x" },
      ],
      "declared a0 high role-arn=arn:aws:iam::*:role/agents/*",
    ],
    [
      "by its role though the name breaks its convention",
      [[{ ...byRole, sessionNames: ["aider-*"] }]],
      `declared a0 high role-arn=${pattern}`,
    ],
    [
      "by role, source identity and tags, each a reason",
      [
        [{ ...byRole, sourceIdentities: ["task-*"], sessionTags: { team: "b*" } }],
        { sourceIdentity: "task-1", tags: { team: "blue" } },
      ],
      `declared a0 high role-arn=${pattern} source-identity=task-* session-tag=team=b*`,
    ],
    [
      "not by its name under another role",
      [[{ roles: ["arn:x"], sessionNames: ["task-*"] }]],
      "none",
    ],
    [
      "by name alone, with less confidence",
      [[{ sessionNames: ["task-*"] }]],
      "declared a0 medium session-name=task-*",
    ],
    [
      "without a role only when all it declares holds",
      [[{ sessionNames: ["task-*"], sourceIdentities: ["x"] }]],
      "none",
    ],
    [
      "not by tags when one is missing",
      [[{ sessionTags: { team: "blue", env: "*" } }], { tags: { team: "blue" } }],
      "none",
    ],
    [
      "by its user agent, weakly",
      [
        [{ roles: ["arn:x"], userAgents: ["claude-code"] }],
        { userAgents: ["aws-cli", "claude-code"] },
      ],
      "declared a0 medium user-agent=claude-code",
    ],
    [
      "by who it is before what another's client says",
      [
        [{ userAgents: ["aws-cli*", "claude*"] }, byRole],
        { userAgents: ["aws-cli/2", "claude-code"] },
      ],
      `declared a1 high role-arn=${pattern}`,
    ],
    [
      "by more reasons before fewer",
      [[byRole, { ...byRole, sessionNames: ["task-*"] }]],
      `declared a1 high role-arn=${pattern} session-name=task-*`,
    ],
    [
      "by the more specific pattern",
      [[{ roles: ["arn:aws:iam::*:role/agents/*"] }, byRole]],
      `declared a1 high role-arn=${pattern}`,
    ],
    [
      "in the config's order among equals",
      [[byRole, byRole]],
      `declared a0 high role-arn=${pattern}`,
    ],
    ["never behind a service", [[{ sessionNames: ["*"] }], { kind: "service" }], "none"],
    [
      "never in a service-linked role",
      [
        [{ sessionNames: ["*"] }],
        { roleArn: "arn:aws:iam::1:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX" },
      ],
      "none",
    ],
  ])("%s", (_what, [agents, overrides], expected) => {
    expect(brief(attribute(facts(overrides ?? {}), declare(...agents)))).toBe(expected);
  });

  it("by the session that assumed this one", () => {
    const issuer = { ...facts(), roleArn, issuers: undefined };
    const child = facts({ roleArn: "arn:aws:iam::1:role/other", issuers: [issuer] });
    expect(brief(attribute(child, declare(byRole)))).toBe(`declared a0 medium chain=${roleArn}`);
  });

  it.each([
    [["aider-*"], false],
    [["aider-*", "task-*"], true],
    [[], null],
  ])("and its session name is held against %j: %s", (sessionNames, expected) => {
    const config = declare({ ...byRole, sessionNames });
    expect(attribute(facts(), config).sessionNameMatches).toBe(expected);
  });

  it("and keeps the fingerprint its calls show", () => {
    const { agent, fingerprint, agentKind } = attribute(
      facts({ fingerprints: [["claude-code m/AN", once]] }),
      declare(byRole),
    );
    expect([agent, fingerprint, agentKind]).toEqual(["a0", "claude-code", "ai"]);
  });
});

describe("an undeclared agent is discovered", () => {
  it.each<[string, Partial<AttributionFacts>, string]>([
    [
      "by the code of the AWS CLI",
      { fingerprints: [["claude-code m/AN", once]] },
      "discovered claude-code medium user-agent=m/AN",
    ],
    [
      "by AWS's MCP mark, named by its client",
      { fingerprints: [["aws-mcp mcp", once], ["codex user-agent", once]] },
      "discovered codex high user-agent=user-agent mcp=mcp",
    ],
    [
      "by AWS's MCP mark alone",
      { fingerprints: [["aws-mcp mcp", once]] },
      "discovered aws-mcp high mcp=mcp",
    ],
    [
      "as the coding agent rather than the runner it started",
      { fingerprints: [["terraform user-agent", [0, 9, 9]], ["cursor m/AW", [5, 5, 1]]] },
      "discovered cursor medium user-agent=m/AW",
    ],
    [
      "as the first of two",
      { fingerprints: [["codex m/AP", [5, 5, 1]], ["cursor m/AW", [4, 9, 2]]] },
      "discovered cursor medium user-agent=m/AW",
    ],
    [
      "by its session name",
      { sessionName: "aider-1767225600" },
      "discovered aider low session-name=aider-<epoch>",
    ],
    [
      "by GitHub's session name",
      { sessionName: "GitHubActions" },
      "discovered github-actions low session-name=GitHubActions",
    ],
    [
      "by its runner",
      { fingerprints: [["terraform user-agent", once]] },
      "discovered terraform medium user-agent=user-agent",
    ],
    ["not in boto's default name", { sessionName: "botocore-session-1767225600" }, "none"],
    ["not in a service's name", { sessionName: "CLOUDWATCH_LOGS_DELIVERY_SESSION" }, "none"],
    [
      "not in a human's plain session",
      { roleArn: "arn:aws:iam::1:role/AWSReservedSSO_Dev_0123456789abcdef" },
      "none",
    ],
  ])("%s", (_what, overrides, expected) => {
    expect(brief(attribute(facts(overrides), emptyConfig))).toBe(expected);
  });

  it("by what its issuer showed when it asked for the credential", () => {
    const issuer = { ...facts({ fingerprints: [["claude-code m/AN", once]] }), issuers: undefined };
    expect(brief(attribute(facts({ issuers: [issuer] }), emptyConfig))).toBe(
      "discovered claude-code low chain=claude-code m/AN",
    );
  });

  it("as a runner, not as an AI", () => {
    const runner = attribute(facts({ fingerprints: [["ansible user-agent", once]] }), emptyConfig);
    expect([runner.agentKind, runner.fingerprint]).toEqual(["automation", "ansible"]);
  });
});
