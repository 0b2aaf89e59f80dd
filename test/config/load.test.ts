import { describe, expect, it } from "vitest";
import { readConfig } from "../../src/config/load.ts";

const aider = `agents:
  - name: aider
    roles: ["arn:aws:iam::*:role/agents/aider-*"]
`;

describe("readConfig", () => {
  it("takes an empty file as nothing declared", () => {
    const { config } = readConfig("trailwarden.yaml", "");
    expect(config?.agents).toEqual([]);
    expect(config?.retentionDays).toBe(90);
  });

  it("gives every list its default", () => {
    const { config } = readConfig("trailwarden.yaml", aider);
    expect(config?.agents[0]).toMatchObject({ name: "aider", mayAssume: [], forbiddenZones: [] });
  });

  it.each<[string, string, object]>([
    [
      "a misspelt key, with the nearest known one",
      aider + "    sesionNames: [aider-*]\n",
      {
        line: 4,
        key: "agents[0].sesionNames",
        message: 'There is no key "sesionNames" here. Did you mean sessionNames?',
      },
    ],
    [
      "a key nothing resembles, with the known ones",
      "frobnicate: 1\n",
      {
        line: 1,
        key: "frobnicate",
        message: expect.stringContaining("Known keys: agents, roles, zones") as unknown,
      },
    ],
    [
      "a mode outside the list, with the value found",
      'roles:\n  - arn: "*"\n    mode: readOnly\n',
      {
        line: 3,
        key: "roles[0].mode",
        message: expect.stringContaining('Found: "readOnly"') as unknown,
      },
    ],
    [
      "an account id that YAML read as a number",
      "accounts:\n  - id: 111111111111\n    name: dev\n",
      {
        line: 2,
        key: "accounts[0].id",
        message: expect.stringContaining("Found: 111111111111") as unknown,
      },
    ],
    [
      "a zone that is not declared",
      aider + "    forbiddenZones: [prd]\nzones:\n  - name: prod\n    accounts: ['222222222222']\n",
      {
        line: 4,
        key: "agents[0].forbiddenZones",
        message: expect.stringContaining('Did you mean "prod"?') as unknown,
      },
    ],
    [
      "an agent declared twice",
      aider + "  - name: aider\n    sessionNames: [x-*]\n",
      {
        line: 4,
        key: "agents[1].name",
        message: expect.stringContaining("declared twice") as unknown,
      },
    ],
    [
      "a placeholder without values",
      "placeholders:\n  Administrators: []\n",
      { line: 2, key: "placeholders.Administrators" },
    ],
    [
      "a placeholder named with its percent signs",
      "placeholders:\n  '%Administrators%': [alice]\n",
      { line: 2, message: expect.stringContaining("no percent signs") as unknown },
    ],
    [
      "an agent nothing can recognise",
      "agents:\n  - name: ghost\n",
      {
        line: 2,
        key: "agents[0]",
        message: expect.stringContaining("nothing to be recognised by") as unknown,
      },
    ],
    [
      "text that is no YAML",
      "agents: [\n",
      { key: "", message: expect.stringContaining("This is not valid YAML") as unknown },
    ],
  ])("reports %s", (_what, text, expected) => {
    const { config, problems } = readConfig("trailwarden.yaml", text);
    expect(config).toBeNull();
    expect(problems[0]).toMatchObject({ file: "trailwarden.yaml", ...expected });
  });

  it("reports all problems at once", () => {
    const { problems } = readConfig("c.yaml", "retentionDays: 0\nzones: 3\nx: 1\n");
    expect(problems.map(({ key }) => key).sort()).toEqual(["retentionDays", "x", "zones"]);
  });
});
