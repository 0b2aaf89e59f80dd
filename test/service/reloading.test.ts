import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { rulesAt } from "../../src/app.ts";
import { configAt } from "../../src/config-file.ts";
import { reloaded, type InForce, type Reloaded } from "../../src/service/reloading.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "reloading-"));
  mkdirSync(join(folder, "rules"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const rule = (name: string, condition = "made") => `title: ${name}
name: ${name}
logsource: { product: aws, service: cloudtrail }
detection:
  made: { eventName: CreateUser }
  condition: ${condition}
`;

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

/** Config and rules as they stand at first, then those of a reload after `change`. */
async function afterReload(change: () => void): Promise<readonly [InForce, Reloaded]> {
  const from = { config: join(folder, "c.yaml"), onlyRules: join(folder, "rules") };
  const config = await configAt(from.config);
  const before = { config, rules: await rulesAt(from, config) };
  change();
  return [before, await reloaded(before, from)];
}

describe("reloading", () => {
  beforeEach(() => {
    write("c.yaml", "retentionDays: 30\nhttp:\n  port: 9000\n");
    write("rules/a.yml", rule("a"));
  });

  it("changes nothing where nothing changed", async () => {
    const [before, after] = await afterReload(() => undefined);
    expect(after).toMatchObject({ problems: [], changed: [], needRestart: [] });
    expect(after.next?.config).toEqual(before.config);
  });

  it("puts in force what can be, and says what waits for a restart", async () => {
    const [, after] = await afterReload(() => {
      write("c.yaml", "retentionDays: 7\nhttp:\n  port: 9001\n");
    });
    expect(after).toMatchObject({
      problems: [], changed: ["http.port", "retentionDays"], needRestart: ["http.port"],
    });
    expect(after.next?.config).toMatchObject({ retentionDays: 7, http: { port: 9000 } });
  });

  it("takes rules that are new", async () => {
    const [, after] = await afterReload(() => {
      write("rules/b.yml", rule("b"));
    });
    expect(after).toMatchObject({ changed: ["rules"], needRestart: [] });
    expect(after.next?.rules.detections.map(({ name }) => name)).toEqual(["a", "b"]);
  });

  it.each<[string, string, string, string]>([
    ["a config that is wrong", "c.yaml", "retentionDays: 0\n", "c.yaml:1:16: retentionDays: "],
    ["a config that is no YAML", "c.yaml", "a: [", "This is not valid YAML"],
    ["a rule that does not load", "rules/a.yml", rule("a", "nothing_like_it"), "a.yml:"],
  ])("refuses %s, with every problem", async (_what, ...[name, text, problem]) => {
    const [, after] = await afterReload(() => {
      write(name, text);
    });
    expect(after.next).toBeNull();
    expect(after.problems.join("\n")).toContain(problem);
  });

  it("refuses a config that is gone", async () => {
    const [, after] = await afterReload(() => {
      rmSync(join(folder, "c.yaml"));
    });
    expect(after.next).toBeNull();
    expect(after.problems[0]).toContain("Cannot read");
  });

  it("takes what is good beside a rule that did not load when it was started", async () => {
    write("rules/old.yml", rule("old", "nothing_like_it"));
    const [, after] = await afterReload(() => {
      write("rules/b.yml", rule("b"));
    });
    expect(after.problems).toEqual([]);
    expect(after.next?.rules.detections.map(({ name }) => name)).toEqual(["a", "b"]);
  });
});
