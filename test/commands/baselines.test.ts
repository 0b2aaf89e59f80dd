import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inventory, pastMonth } from "../builders/past-month.ts";
import { lines, Workplace } from "./program.ts";

const place = new Workplace();
afterAll(() => {
  place.remove();
});

beforeAll(async () => {
  place.write("trailwarden.yaml", JSON.stringify(inventory));
  place.trail("month.json", pastMonth());
  await place.run(["scan", "month.json", "--store", "t.db", "-q"]);
  // Its session alone: the past is to come from elsewhere.
  place.trail("far.json", pastMonth().slice(-3));
  await place.run(["scan", "far.json", "--store", "new.db", "-q"]);
});

interface Found {
  readonly rule: string;
  readonly confidence: string;
  readonly session: { readonly name: string } | null;
}

const baselines = (...args: readonly string[]) =>
  place.run(["baselines", ...args, ...(args.includes("--store") ? [] : ["--store", "t.db"])]);
const rulesOf = async (store: string) => {
  const { stdout } = await place.run(["findings", "--store", store, "-f", "ndjson"]);
  const found = lines(stdout) as Found[];
  return found.filter(({ session }) => session?.name === "far").map(({ rule }) => rule).sort();
};

describe("baselines", () => {
  it("lists whose past is known, and what is missing", async () => {
    const { stdout, code } = await baselines();
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^111111111111\/ro-inventory +inventory +84 +28 +2026-02-01 +mature +no$/m);
    expect(stdout).toMatch(
      /^111111111111\/ro-new +inventory +0 +0 +- +learning, lacks 20 sessions, 7 days +no$/m);
    const early = await baselines("--as-of", "2026-02-09", "-f", "ndjson");
    expect(lines(early.stdout)[0]).toMatchObject({
      sessions: 24, days: 8, maturity: "learning", missing: { sessions: 0, days: 0, scored: 17 },
    });
    expect(await baselines("--agent", "other")).toMatchObject({ stdout: "No baselines.\n" });
  });

  it("show says what is normal, how sessions stood, and what is not learned", async () => {
    const { stdout } = await baselines("show", "ro-inventory");
    for (const line of [
      "111111111111/ro-inventory (inventory, declared) as of 2026-03-01",
      "  84 sessions on 28 days since 2026-02-01: mature.",
      "  Unusual are sessions of which the past has at most 4.8% as strange: 1 false alert a week.",
      "  region      1         eu-west-1 100%",
      "  calls                                       2       2    2",
      "  Mon   ··········███···········",
    ]) expect(stdout.split("\n")).toContain(line);
    expect(stdout).toMatch(/^ {2}2026-03-01 +unusual +0\.\d+ +\d+\.?\d* +\S+:far@\S+$/m);
    expect(stdout).toMatch(/^ {2}2026-03-01 +\S+:far@\S+ .*write-under-readonly-role critical /m);
    const byArn = await baselines("show", "arn:aws:iam::111111111111:role/agents/ro-inventory",
      "-f", "json");
    expect(JSON.parse(byArn.stdout)).toMatchObject([{ numbers: { calls: { high: 2 } } }]);
  });

  it("dry-run says what is told of roles that still learn", async () => {
    const { stdout } = await baselines("dry-run");
    expect(stdout).toMatch(/^111111111111\/ro-new \(inventory\) lacks 20 sessions, 7 days; 1 of 1/);
    expect(stdout).toMatch(/^ {2}first-seen-region +medium +1 +84 sessions in 28 days never left/m);
    expect(stdout).not.toContain("ro-inventory");
  });

  it("go from one store to another, and judge there", async () => {
    expect(await rulesOf("new.db")).not.toContain("first-seen-region");
    const { stdout } = await baselines("export", "ro-inventory");
    expect(lines(stdout)).toMatchObject([{ version: 1, subject: { agent: "inventory" } }]);
    place.write("past.ndjson", stdout);
    const told = await baselines("import", "past.ndjson", "--store", "new.db");
    expect(told).toMatchObject({ code: 0, stderr: "" });
    expect(told.stdout).toBe("111111111111/ro-inventory inventory: 28 days, 28 changed.\n");
    await place.run(["scan", "far.json", "--store", "new.db", "-q"]);
    expect(await rulesOf("new.db")).toEqual(await rulesOf("t.db"));
    expect(await rulesOf("new.db")).toContain("first-seen-region");
  });

  it("begin anew from a day on, and sessions since then are judged so", async () => {
    const reset = ["reset", "ro-inventory", "--reason", "Other tools.", "--store", "new.db"];
    expect(await baselines(...reset, "--from", "2026-03-01")).toMatchObject({
      code: 0, stdout: "111111111111/ro-inventory inventory is reset.\n",
    });
    const { stdout } = await baselines("show", "ro-inventory", "--store", "new.db");
    expect(stdout).toContain("  Reset: days before 2026-03-01 do not count.\n");
    await place.run(["scan", "far.json", "--store", "new.db", "-q"]);
    const found = await place.run(["findings", "--store", "new.db", "-f", "ndjson"]);
    const region = (lines(found.stdout) as Found[])
      .filter(({ rule }) => rule === "first-seen-region");
    expect(region.map(({ confidence, session }) => `${session?.name} ${confidence}`).sort())
      .toEqual(["far low", "new low"]);
  });

  it.each<[string, readonly string[], string]>([
    ["a role that is not there", ["show", "ro-other"], "There is no baseline of ro-other."],
    ["no role", ["show"], "Whose baseline? Give a role, or --agent."],
    ["a day that is none", ["--as-of", "May"], "--as-of is May: expected a day"],
    ["a file that is not there", ["import", "none.ndjson"], "Cannot read none.ndjson"],
    ["what is no JSON", ["import", "trailwarden.txt"], "trailwarden.txt:2: This is no JSON"],
    ["what no export wrote", ["import", "odd.ndjson"],
      "odd.ndjson:1: days.2026-02-01.sessions: This has to be at least 0. Found: -1."],
  ])("refuses %s", async (_what, args, message) => {
    place.write("trailwarden.txt", "\n{");
    const past = readFileSync(place.path("past.ndjson"), "utf8");
    place.write("odd.ndjson", past.replace('"sessions":3', '"sessions":-1'));
    const { code, stderr } = await baselines(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe("rules backtest", () => {
  const backTest = (...args: readonly string[]) =>
    place.run(["rules", "backtest", ...args, "--store", "t.db"]);

  it("says per day, rule and agent what would have been found", async () => {
    const span = ["--from", "2026-02-27", "--to", "2026-03-02"];
    const rule = place.write("rule/first-seen-region.yml", readFileSync(
      new URL("../../rules/detections/first-seen-region.yml", import.meta.url)));
    const { code, stdout } = await backTest(rule, ...span);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^first-seen-region +high +inventory +ro-inventory +1 +··█·$/m);
    expect(stdout).toMatch(/^2026-03-01 +0 +1 +1 +0 +0 +2$/m);
    expect(stdout).toMatch(/^first-seen-region +high +84 sessions in 28 days never left/m);
    const json = JSON.parse((await backTest("rule", ...span, "-f", "json")).stdout) as object;
    expect(json).toMatchObject({
      from: "2026-02-27T00:00:00.000Z",
      days: [{ count: 0 }, { count: 0 }, { date: "2026-03-01", count: 2 }, { count: 0 }],
      rules: [{ level: "high", perDay: [0, 0, 1, 0] }, { level: "medium" }],
      findings: [{ confidence: "high" }, { confidence: "low" }],
    });
    const quiet = await backTest("rule", "--from", "2026-02-01", "--to", "2026-02-27");
    expect(quiet.stdout).toBe("Nothing in 81 session groups.\n");
  });

  it("refuses rules that do not load", async () => {
    place.write("broken/rule.yml", "title: nothing\n");
    expect(await backTest("broken", "--from", "2026-03-01")).toMatchObject({ code: 2, stdout: "" });
  });
});
