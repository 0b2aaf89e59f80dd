import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { facts } from "../../src/facts/catalogue.ts";
import { Workplace } from "./program.ts";
import { iamUserRule, rootRule } from "./small-rules.ts";

const place = new Workplace();
afterAll(() => {
  place.remove();
});

const repository = join(import.meta.dirname, "..", "..");

describe("rules list", () => {
  it("shows our own rules, and with a path those there", async () => {
    const own = await place.run(["rules", "list"]);
    expect(own.code).toBe(0);
    expect(own.stdout).toMatch(/^RULE\s+LEVEL\s+ABOUT\s+TITLE\n/);
    expect(own.stdout).toMatch(/^write-under-readonly-role\s+critical\s+session\s+\S/m);
    expect(own.stdout).toMatch(/^kill-chain\s+critical\s+/m);
    place.write("rules/a.yml", iamUserRule);
    place.write("rules/b.yml", rootRule);
    const { stdout } = await place.run(["rules", "list", "rules", "--format", "json"]);
    expect(JSON.parse(stdout)).toMatchObject([
      { name: "0d9f5b3e-6c1d-4a57-9a0a-5f6f3c2b1a01", level: "low", file: "rules/a.yml" },
      { name: "root-activity", title: "Root is at work", level: "high" },
    ]);
  });
});

describe("rules check", () => {
  it("counts what loads", async () => {
    place.write("good/b.yml", rootRule);
    const outcome = await place.run(["rules", "check", "good"]);
    expect(outcome).toMatchObject({ code: 0, stdout: "1 rule loaded, 0 errors, 0 warnings.\n" });
  });

  it("says what does not, and loads the rest", async () => {
    place.write("mixed/a.yml", rootRule);
    place.write("mixed/b.yml", iamUserRule.replace("condition: selection", "condition: nothing"));
    const outcome = await place.run(["rules", "check", "mixed"]);
    expect(outcome).toMatchObject({ code: 2, stdout: "1 rule loaded, 1 error, 0 warnings.\n" });
    expect(outcome.stderr).toMatch(/^mixed\/b\.yml:\d+:\d+: error: /);
  });
});

describe("placeholders", () => {
  const expanding = rootRule.replace("not service", "not service and not known")
    .replace(/^detection:\n/m, "$&  known:\n    userIdentity.arn|expand: '%known%'\n");

  it("have no values of their own", async () => {
    place.write("expanding/a.yml", expanding);
    const outcome = await place.run(["rules", "check", "expanding"]);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain("The placeholder %known% has no values.");
    expect(outcome.stderr).toContain("placeholders: { known: [...] }");
  });

  it("take them from the config", async () => {
    place.write("expanding/a.yml", expanding);
    place.write("known.yaml", "placeholders: { known: ['arn:aws:iam::*:root'] }\n");
    for (const verb of ["check", "list"]) {
      const outcome = await place.run(["rules", verb, "expanding", "--config", "known.yaml"]);
      expect(outcome).toMatchObject({ code: 0, stderr: "" });
    }
  });
});

describe("rules facts", () => {
  it("lists every fact with its type or unit and meaning, or those of a prefix", async () => {
    const all = await place.run(["rules", "facts", "--format", "json"]);
    const names = (JSON.parse(all.stdout) as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(facts.map(({ name }) => name));
    const some = await place.run(["rules", "facts", "credential."]);
    expect(some.stdout).toMatch(/^FACT\s+TYPE\s+MEANING\n(credential\.\S+ .+\n)+$/);
  });
});

describe("rules new", () => {
  it("writes a rule whose cases hold", async () => {
    const made = await place.run(["rules", "new", "too-many-denials", "--dir", "my-rules"]);
    expect(made).toMatchObject({
      code: 0, stderr: "",
      stdout: "Wrote my-rules/too-many-denials.yml and my-rules/too-many-denials.cases.json.\n" +
        "Next: trailwarden rules test my-rules\n",
    });
    const tested = await place.run(["rules", "test", "my-rules"]);
    expect(tested.stderr).toBe("");
    expect(tested.stdout).toMatch(/^\d+ rules loaded, .*\n\d+ cases of 1 rule: 0 failed\.\n$/);
    expect(tested.code).toBe(0);
    const alone = await place.run(["rules", "test", "my-rules/too-many-denials.yml"]);
    expect(alone).toMatchObject({ code: 0, stdout: tested.stdout });
  });

  it("does not overwrite", async () => {
    await place.run(["rules", "new", "twice", "--dir", "other"]);
    const before = readFileSync(place.path("other/twice.yml"), "utf8");
    const again = await place.run(["rules", "new", "twice", "--dir", "other"]);
    expect(again).toMatchObject({
      code: 2, stderr: "other/twice.yml is there already. Choose another name.\n",
    });
    expect(readFileSync(place.path("other/twice.yml"), "utf8")).toBe(before);
  });
});

describe("rules test", () => {
  it("exits with 1 and says what differs when a case does not hold", async () => {
    await place.run(["rules", "new", "wrong", "--dir", "wrong"]);
    const path = place.path("wrong/wrong.cases.json");
    const cases = JSON.parse(readFileSync(path, "utf8")) as { fires: unknown; quiet: unknown };
    writeFileSync(path, JSON.stringify({ ...cases, fires: cases.quiet, quiet: cases.fires }));
    const outcome = await place.run(["rules", "test", "wrong"]);
    expect(outcome.code).not.toBe(0);
    expect(outcome.stdout + outcome.stderr).toContain("wrong");
  });

  it("takes one of our own rules by its path in a checkout", async () => {
    const rule = join(repository, "rules", "detections", "attack-tool-user-agent.yml");
    const outcome = await place.run(["rules", "test", rule]);
    expect(outcome.stderr).toBe("");
    expect(outcome.stdout).toMatch(/\n\d+ cases of 1 rule: 0 failed\.\n$/);
    expect(outcome.code).toBe(0);
  });
});
