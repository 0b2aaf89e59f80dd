import { describe, expect, it } from "vitest";
import { agentsIn, discoveriesOf } from "../../src/audit/discovery.ts";
import type { Role } from "../../src/audit/identities.ts";
import { Config } from "../../src/config/schema.ts";
import { account, observed, role, trust, user } from "./subjects.ts";

const config = Config.parse({
  agents: [{ name: "aider", roles: ["arn:aws:iam::*:role/agents/aider-*"] }],
});
const plain = { name: "web", path: "/", arn: `arn:aws:iam::${account}:role/web` };
const github = `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`;

describe("an identity is taken for an agent's", () => {
  it.each<[string, Partial<Role>, readonly string[]]>([
    ["by the config", {
      ...plain, name: "aider-x", arn: `arn:aws:iam::${account}:role/agents/aider-x`,
    }, ["declared aider", "name aider"]],
    ["by a tag", { ...plain, tags: [{ key: "AIAgent", value: "x" }] }, ["tag AIAgent=x"]],
    ["by a tag of ours", { ...plain, tags: [{ key: "trailwarden:agent", value: "x" }] },
      ["tag trailwarden:agent=x"]],
    ["by who runs it", { ...plain, trust: trust({ Service: "bedrock-agentcore.amazonaws.com" }) },
      ["trust bedrock-agentcore.amazonaws.com"]],
    ["by a pipeline", { ...plain, trust: trust({ Federated: github }, {
      Action: "sts:AssumeRoleWithWebIdentity",
    }) }, ["trust token.actions.githubusercontent.com"]],
    ["by its name", { ...plain, name: "MyAgentRole" }, ["name agent"]],
    ["by an agent's name", { ...plain, name: "ClaudeCode" }, ["name claude-code"]],
    ["by its path", { ...plain, path: "/agents/" }, ["name agent"]],
    ["not for gathering logs", { ...plain, name: "CloudWatchAgentServerRole" }, []],
    ["not within another word", { ...plain, name: "reagent" }, []],
    ["not where a tag only mentions one", { ...plain, tags: [{ key: "agency", value: "x" }] }, []],
    ["not where AWS works by itself", { name: "agents", path: "/aws-service-role/x/" }, []],
  ])("%s", (_what, changes, expected) => {
    const found = discoveriesOf(role(changes), null, config);
    expect(found.map(({ by, what }) => `${by} ${what}`)).toEqual(expected);
  });

  it("by what was seen with it, users too", () => {
    const found = discoveriesOf(user({ name: "bot", path: "/" }), observed({ agents: ["codex"] }), {
      agents: [],
    });
    expect(found).toEqual([{ by: "seen", what: "codex" }]);
    expect(agentsIn([...found, { by: "name", what: "agent" }])).toEqual(["codex"]);
  });
});
