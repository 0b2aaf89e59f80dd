import { mkdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { record } from "../builders/record.ts";
import { Workplace } from "./program.ts";
import { rootRecord, rootRule } from "./small-rules.ts";

const place = new Workplace();
afterAll(() => {
  place.remove();
});

beforeAll(() => {
  place.trail("trail.json", [record()]);
  place.write("good/root.yml", rootRule);
  mkdirSync(place.path("void"));
  place.write("no-yaml/rule.yml", "title: x\ndetection: [\n");
  place.write("bad-field/rule.yml", rootRule.replace("Identity.type:", "Identity.type|conains:"));
  place.write("bad-fact/rule.yml", rootRule.replace("userIdentity.type: Root", "agent.nmae: x"));
  place.write("bad-condition/rule.yml", rootRule.replace("selection and not service", "selction"));
  place.write("no-yaml.yaml", "agents: [\n");
  place.write("bad-key.yaml", "agents:\n  - name: a\n    rols: []\n");
  place.write("bad-value.yaml", "roles:\n  - arn: x\n    mode: read\n");
  const agent = "agents:\n  - name: a\n";
  place.write("bad-zone.yaml", `${agent}    roles: [x]\n    forbiddenZones: [prod]\n`);
  place.write("by-tag.yaml", `${agent}    userAgents: ['*']\n`);
  place.write("text.db", "This is no database, and longer than sixteen bytes.");
});

describe("what is wrong with the command line, the config or a rule exits with 2", () => {
  it.each<[string, readonly string[], RegExp]>([
    ["a path that is not there", ["scan", "nowhere"],
      /^Cannot read nowhere: there is no such file or folder\. Check the path\.\n$/],
    ["no path", ["scan"], /missing required argument 'paths'/],
    ["an unknown option", ["scan", "trail.json", "--fromat", "csv"], /Did you mean --format\?/],
    ["an unknown verb", ["scn", "trail.json"], /Did you mean scan\?/],
    ["an unknown inner verb", ["rules", "lst"], /Did you mean list\?/],
    ["an unknown format", ["scan", "trail.json", "-f", "xml"],
      /Allowed choices are table, json, ndjson, csv, sarif, ocsf\./],
    ["an unknown level", ["scan", "trail.json", "--fail-on", "bad"],
      /Allowed choices are informational, low, medium, high, critical, never\./],
    ["a folder of rules without rules", ["scan", "trail.json", "--rules", "void"],
      /^There are no rules under void: .*rules new/],
    ["rules that are not there", ["scan", "trail.json", "--only-rules", "nowhere"],
      /^Cannot read nowhere: there is no such file or folder/],
    ["a rule that is no YAML", ["scan", "trail.json", "--rules", "no-yaml"],
      /^no-yaml\/rule\.yml:\d+:\d+: error: .+\nNothing was read\. Mend these rules, .*rules check/],
    ["a rule with an unknown modifier", ["scan", "trail.json", "--only-rules", "bad-field"],
      /^bad-field\/rule\.yml:10:\d+: error: .*conains.*contains/],
    ["a rule with an unknown fact", ["scan", "trail.json", "--only-rules", "bad-fact"],
      /^bad-fact\/rule\.yml:10:\d+: error: .*agent\.nmae.*agent\.name/],
    ["a rule whose condition names nothing", ["rules", "check", "bad-condition"],
      /^bad-condition\/rule\.yml:\d+:\d+: error: .*selction/],
    ["a config that is not there", ["scan", "trail.json", "-c", "no.yaml"],
      /^Cannot read no\.yaml: there is no such file or folder\. .*config example > no\.yaml\n$/],
    ["a config that is a folder", ["scan", "trail.json", "-c", "void"],
      /^Cannot read void: it is a folder\./],
    ["a config that is no YAML", ["scan", "trail.json", "-c", "no-yaml.yaml"],
      /^no-yaml\.yaml:\d+:\d+: This is not valid YAML: /],
    ["an unknown key", ["scan", "trail.json", "-c", "bad-key.yaml"],
      /^bad-key\.yaml:3:\d+: agents\[0\]\.rols: There is no key "rols" here\. Did you mean roles/],
    ["a value that does not fit", ["config", "check", "bad-value.yaml"],
      /^bad-value\.yaml:3:11: roles\[0\]\.mode: .*readonly.* Found: "read"\.\n$/],
    ["a name that points nowhere", ["config", "check", "bad-zone.yaml"],
      /^bad-zone\.yaml:4:\d+: agents\[0\]\.forbiddenZones: .*"prod"/],
    ["a store that is none", ["scan", "trail.json", "--store", "text.db"],
      /^Cannot use the store text\.db: the file is damaged, or no trailwarden store\./],
    ["a store in no folder", ["scan", "trail.json", "--store", "no/such/trail.db"],
      /^Cannot use the store no\/such\/trail\.db: it cannot be opened/],
    ["a store that is not there", ["findings", "--store", "none.db"],
      /^There is no store at none\.db\. Make one with: .*scan <paths\.\.\.> --store none\.db\n$/],
    ["--agents-only where nothing marks an agent", ["scan", "trail.json", "--agents-only", "-c",
      "by-tag.yaml"], /^Cannot tell agents' records apart: .* scan without --agents-only/],
    ["a prefix that no fact has", ["rules", "facts", "credentail."], /Did you mean credential\.\?/],
    ["a rule name with capitals", ["rules", "new", "My_Rule"],
      /^Cannot name a rule "My_Rule": use lower-case words joined by hyphens/],
    ["rules without cases", ["rules", "test", "good"], /^There are no cases under good: /],
    ["days that are no number", ["simulate", "--out", "sim", "--days", "x"],
      /^--days is x: expected a number above 0\.\n$/],
  ])("%s", async (_what, args, expected) => {
    const outcome = await place.run(args);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toMatch(expected);
    expect(outcome.stderr).not.toContain("    at ");
  });
});

describe("the config", () => {
  it("is found at --config, else in TRAILWARDEN_CONFIG, else here", async () => {
    const other = new Workplace();
    other.trail("trail.json", [record()]);
    other.write("one.yaml", "agents: [{ name: one, roles: ['*ro-inventory'] }]");
    other.write("two.yaml", "agents: [{ name: two, roles: ['*ro-inventory'] }]");
    other.write("trailwarden.yaml", "agents: [{ name: here, roles: ['*ro-inventory'] }]");
    const agent = async (args: readonly string[], env: Record<string, string>) => {
      const scan = ["scan", "trail.json", "--events", "-q", "-f", "ndjson", ...args];
      const { stdout } = await other.run(scan, { env });
      return (JSON.parse(stdout) as { agent: { name: string } }).agent.name;
    };
    expect(await agent(["-c", "one.yaml"], { TRAILWARDEN_CONFIG: "two.yaml" })).toBe("one");
    expect(await agent([], { TRAILWARDEN_CONFIG: "two.yaml" })).toBe("two");
    expect(await agent([], {})).toBe("here");
    other.remove();
  });

  it("is checked with config check, which says what it declares", async () => {
    place.write("good.yaml", "agents:\n  - name: a\n    roles: [x]\nroles: []\n");
    const outcome = await place.run(["config", "check", "good.yaml"]);
    expect(outcome).toMatchObject({
      code: 0, stderr: "",
      stdout:
        "good.yaml is good: 1 agent, 0 role patterns, 0 zones, 0 network groups, " +
        "0 sources, 0 sinks.\n",
    });
  });

  it("printed by config example is good", async () => {
    const { code, stdout } = await place.run(["config", "example"]);
    expect(code).toBe(0);
    place.write("example.yaml", stdout);
    const checked = await place.run(["config", "check", "example.yaml"]);
    expect(checked).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("a folder of rules of which one is broken", () => {
  it("is told of, judged without it, and exits with 2 even when nothing is found", async () => {
    place.write("mixed/bad.yml", rootRule.replace("selection and not service", "selction"));
    place.write("mixed/good.yml", rootRule);
    const clean = await place.run(["scan", "trail.json", "--only-rules", "mixed"]);
    expect(clean).toMatchObject({ code: 2, stdout: "No findings.\n" });
    expect(clean.stderr).toMatch(/^mixed\/bad\.yml:\d+:\d+: error: .*selction/);
    expect(clean.stderr).toContain("Judged without 1 broken rule; see above.");
    const root = place.trail("root.json", [rootRecord()]);
    const found = await place.run(["scan", root, "--only-rules", "mixed"]);
    expect(found.code).toBe(1);
    expect(found.stdout).toContain("root-activity");
  });
});
