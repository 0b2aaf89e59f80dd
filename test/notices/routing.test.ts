import { expect, it } from "vitest";
import { Config } from "../../src/config/schema.ts";
import { levels } from "../../src/detections/detection.ts";
import type { Finding } from "../../src/findings/finding.ts";
import { isFor, type Only } from "../../src/notices/routing.ts";
import { everything, finding } from "./made.ts";

const aider = { agent: { name: "aider", basis: "role-arn" } };

it.each<[string, Partial<Only>, Partial<Finding>, boolean]>([
  ["everything, where nothing is asked", {}, { level: "informational" }, true],
  ["the level asked for", { minLevel: "high" }, {}, true],
  ["a worse one", { minLevel: "high" }, { level: "critical" }, true],
  ["a lower one", { minLevel: "high" }, { level: "medium" }, false],
  ["a rule by pattern", { rules: ["zombie-*", "rule-?"] }, {}, true],
  ["another rule", { rules: ["zombie-*"] }, {}, false],
  ["an agent", { agents: ["aid*"] }, aider, true],
  ["another agent", { agents: ["codex"] }, aider, false],
  ["no agent, where one is asked for", { agents: ["*"] }, {}, false],
  ["an account", { accounts: ["111122223333"] }, {}, true],
  ["another account", { accounts: ["333344445555"] }, {}, false],
  ["an unknown account", { accounts: ["111122223333"] }, { account: null }, false],
  ["all that is asked", { minLevel: "high", agents: ["aider"] }, aider, true],
  ["half of it", { minLevel: "critical", agents: ["aider"] }, aider, false],
])("tells whether a finding is for somebody: %s", (...row) => {
  const [, only, changes, expected] = row;
  expect(isFor(finding(changes), { ...everything, ...only })).toBe(expected);
});

it("knows every level there is, in the config too", () => {
  const sink = (minLevel: string) => ({ kind: "file", name: "f", path: "f", only: { minLevel } });
  for (const level of levels) {
    expect(Config.parse({ sinks: [sink(level)] }).sinks[0]?.only.minLevel).toBe(level);
  }
});
