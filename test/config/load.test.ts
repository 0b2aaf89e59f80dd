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
      "a kind of source that there is not, with those there are",
      "sources:\n  - kind: kinesis\n    name: a\n",
      {
        line: 2,
        key: "sources[0].kind",
        message: 'This has to be one of: sqs, lookup-events, directory. Found: "kinesis".',
      },
    ],
    [
      "a misspelt key of one kind of source, with the nearest that this kind knows",
      "sources:\n  - kind: sqs\n    name: a\n    queueUrl: https://q\n    visibilitySecond: 60\n",
      {
        line: 5,
        key: "sources[0].visibilitySecond",
        message: 'There is no key "visibilitySecond" here. Did you mean visibilitySeconds?',
      },
    ],
    [
      "a key that only another kind of source knows",
      "sources:\n  - kind: directory\n    name: a\n    path: x\n    queueUrl: https://q\n",
      {
        line: 5,
        message:
          'There is no key "queueUrl" here. Known keys: kind, name, path, everySeconds.',
      },
    ],
    ["a key that is missing", "roles:\n  - arn: x\n", {
      line: 2,
      key: "roles[0].mode",
      message: "This has to be one of: readonly, readwrite, deploy, break-glass. Found: nothing.",
    }],
    ["a text where a list should be", "agents: aider\n", {
      message: 'This has to be a list. Found: "aider".',
    }],
    ["an empty text", "roles:\n  - arn: ''\n    mode: deploy\n", {
      message: 'This has to be a text that is not empty. Found: "".',
    }],
    ["a broken number", "retentionDays: 1.5\n", {
      message: "This has to be a whole number. Found: 1.5.",
    }],
    ["a number beyond its bound", "retentionDays: 5000\n", {
      message: "This has to be at most 3650. Found: 5000.",
    }],
    ["a network that is none", "networks:\n  - name: a\n    cidrs: [10.0.0.1]\n", {
      message: 'This has to be a network, such as 203.0.113.0/24. Found: "10.0.0.1".',
    }],
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
