import { describe, expect, it } from "vitest";
import { settings } from "../../src/config/changes.ts";
import { judgingConfig } from "../../src/config/judging-config.ts";
import { Config } from "../../src/config/schema.ts";

const plain = Config.parse({});

describe("judgingConfig", () => {
  it.each<[string, unknown]>([
    ["agents", [{ name: "aider", roles: ["*"] }]],
    ["roles", [{ arn: "*", mode: "readonly" }]],
    ["zones", [{ name: "prod" }]],
    ["networks", [{ name: "office" }]],
    ["accounts", [{ id: "111122223333", name: "dev" }]],
    ["placeholders", { Admins: ["alice"] }],
    ["arrival", { lagObjectiveSeconds: 3600 }],
    ["response", { policyName: "Ours" }],
    ["response", { responderRoles: ["arn:aws:iam::111122223333:role/ours"] }],
    ["aws", { assumeRole: { roleArn: "arn:aws:iam::111122223333:role/ours" } }],
  ])("differs where %s differ", (key, value) => {
    const changed = Config.parse({ [key]: value });
    expect(judgingConfig(changed)).not.toEqual(judgingConfig(plain));
  });

  it.each<[string, unknown]>([
    ["aws", { region: "eu-west-1" }],
    ["sources", [{ kind: "directory", name: "drop", path: "drop" }]],
    ["sinks", [{ kind: "file", name: "out", path: "out.ndjson" }]],
    ["http", { port: 9000 }],
    ["service", { logLevel: "debug" }],
    ["run", { offline: "queue" }],
    ["response", { enabled: true }],
    ["audit", { unusedDays: 9 }],
    ["retentionDays", 7],
    ["read", { depthMax: 32 }],
  ])("is the same where %s differs", (key, value) => {
    const changed = Config.parse({ [key]: value });
    expect(changed).not.toEqual(plain);
    expect(JSON.stringify(judgingConfig(changed))).toBe(JSON.stringify(judgingConfig(plain)));
  });

  it("has a case above for every key of the config", () => {
    const judged = Object.keys(judgingConfig(plain));
    const others = [
      "aws", "sources", "sinks", "http", "service", "run", "response", "audit", "retentionDays",
      "read",
    ];
    const keys = new Set(settings.map((setting) => setting.split(".")[0]));
    expect([...new Set([...judged, ...others])].sort()).toEqual([...keys].sort());
  });
});
