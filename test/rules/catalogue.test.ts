import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ownRulesFolder, rulesAt } from "../../src/app.ts";
import { parseCases } from "../../src/detections/cases.ts";
import { iamAccessLevels } from "../../src/events/access-levels.ts";
import { createNormaliser, type Normalise } from "../../src/events/normalise.ts";
import type { RuleBook } from "../../src/findings/rule-book.ts";
import { judgeCases } from "../../src/judge-records.ts";

const files = readdirSync(ownRulesFolder);
const names = files.filter((file) => file.endsWith(".yml")).map((file) => file.slice(0, -4));

let book: RuleBook;
let normalise: Normalise;

beforeAll(async () => {
  book = await rulesAt({ onlyRules: ownRulesFolder });
  normalise = createNormaliser(iamAccessLevels());
});

function rule(name: string) {
  return [...book.detections, ...book.correlations].find((candidate) => candidate.name === name);
}

describe("the catalogue of rules", () => {
  it("holds what the first release promises", () => {
    expect(names).toEqual(
      expect.arrayContaining([
        "write-under-readonly-role",
        "role-chaining",
        "self-escalation",
        "passes-role",
        "trust-policy-change",
        "creates-lasting-credentials",
        "long-lived-key-used-by-agent",
        "second-network-in-session",
        "issuer-network-differs",
        "user-agent-changed-in-session",
        "credential-source-flipped",
        "attack-tool-user-agent",
        "agent-under-human-identity",
        "undeclared-agent",
        "session-name-breaks-convention",
        "lifetime-above-policy",
        "issued-never-used",
        "escape-to-compute",
        "enters-forbidden-zone",
        "shares-data-out",
        "sensitive-read",
        "secrets-sweep",
        "logging-tamper",
        "permission-probe",
        "kill-chain",
        "use-after-revocation",
        "revocation-tamper",
      ]),
    );
  });

  it("loads without an error or a warning", () => {
    expect(book.problems).toEqual([]);
  });

  it("has no cases without a rule", () => {
    const cases = files
      .filter((file) => file.endsWith(".cases.json"))
      .map((file) => file.slice(0, -11));
    expect(cases.filter((name) => !names.includes(name))).toEqual([]);
  });

  describe.each(names)("%s", (name) => {
    it("is named as its file, says why it fires, what it misses, and one tactic", () => {
      const found = rule(name);
      expect(found).toBeDefined();
      expect(found?.because).toBeTruthy();
      expect(found?.description).toBeTruthy();
      expect(found?.falsepositives.length).toBeGreaterThan(0);
      const tactics = found?.tags.filter((tag) => /^attack\.[a-z-]+$/.test(tag));
      expect(tactics).toHaveLength(1);
    });

    it("fires in its firing cases and stays quiet in its quiet ones", async () => {
      const text = readFileSync(join(ownRulesFolder, `${name}.cases.json`), "utf8");
      const { cases, problems } = parseCases(text, `${name}.cases.json`);
      expect(problems).toEqual([]);
      if (cases === null) throw new Error(`${name} has no cases.`);
      expect(cases.rule).toBe(name);
      const outcomes = await judgeCases(cases, { rules: book, normalise });
      const failed = outcomes.filter(({ passed }) => !passed);
      expect(failed.map((one) => [one.kind, one.name, ...one.diff])).toEqual([]);
      expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(["fires", "quiet"]));
    });
  });
});
