import { expect, test } from "vitest";
import { Config } from "../../src/config/schema.ts";
import { profiles } from "../../src/simulation/agents/profiles.ts";
import { scripts, taskScripts } from "../../src/simulation/incidents/catalogue.ts";
import { matchingConfig } from "../../src/simulation/matching-config.ts";

test("the matching config is valid, and declares every simulated agent", () => {
  const config = Config.parse(matchingConfig());
  const names = config.agents.map(({ name }) => name);
  expect(names).toEqual([...profiles.map(({ name }) => name), "mcp-assistant"]);
  const networks = new Set(config.networks.map(({ name }) => name));
  for (const agent of config.agents) {
    expect(agent.networks.filter((name) => !networks.has(name))).toEqual([]);
  }
});

test("the networks that incidents come from are not declared", () => {
  const text = JSON.stringify(matchingConfig());
  expect(text).not.toContain("203.0.113.");
  expect(text).not.toContain("198.51.100.");
});

test("only Terraform may assume further roles, and both of its roles are declared", () => {
  const { agents, roles } = Config.parse(matchingConfig());
  const chaining = agents.filter(({ mayAssume }) => mayAssume.length > 0);
  expect(chaining.map(({ name, mayAssume }) => [name, mayAssume])).toEqual([
    [
      "terraform",
      [
        "arn:aws:iam::222233334444:role/agents/terraform-deploy",
        "arn:aws:iam::333344445555:role/agents/terraform-deploy",
      ],
    ],
  ]);
  const declared = new Set(roles.map(({ arn }) => arn));
  expect(agents.flatMap((agent) => agent.roles).filter((arn) => !declared.has(arn))).toEqual([]);
});

test("incident ids are unique", () => {
  const all = [...scripts, ...taskScripts];
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
});
