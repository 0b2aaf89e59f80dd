import { once } from "node:events";
import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSimulation } from "../../src/commands/simulate.ts";
import { keyMade, record } from "../builders/record.ts";
import { ended, Workplace } from "./program.ts";

const place = new Workplace();
afterAll(() => {
  place.remove();
});

beforeAll(async () => {
  await writeSimulation({
    out: place.path("drill"), seed: "stop", startAt: Date.UTC(2026, 2, 1), days: 3,
  });
  const many = Array.from({ length: 20_000 }, (_, i) => record({ eventID: `many-${i}` }));
  place.trail("many.json.gz", many);
});

/** What a scan without --store keeps while it runs: nothing of it may stay. */
const leftOver = (): readonly string[] =>
  readdirSync(place.folder).filter((name) => name.startsWith("trailwarden-"));

describe("a reader that stops reading", () => {
  it.each<[string, readonly string[]]>([
    ["events", ["scan", "many.json.gz", "--events", "-f", "ndjson"]],
    ["facts", ["rules", "facts"]],
  ])("ends the printing of %s quietly", async (_what, args) => {
    const child = place.start(args);
    child.stdin?.end();
    if (child.stdout === null) throw new Error("There is no pipe.");
    await once(child.stdout, "data");
    child.stdout.destroy();
    const { code, stderr } = await ended(child);
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/EPIPE|bug/);
    expect(leftOver()).toEqual([]);
  });
});

describe("an interrupt", () => {
  it("ends a scan with 130; the store is whole, and the next scan completes it", async () => {
    const args = ["scan", "drill/AWSLogs", "--store", "stopped.db", "--fail-on", "never", "-q"];
    const child = place.start(args);
    child.stdin?.end();
    const end = ended(child);
    await storeGrown("stopped.db");
    child.kill("SIGINT");
    expect(await end).toMatchObject({ code: 130, signal: null, stdout: "", stderr: "" });
    const resumed = await place.run([...args, "-f", "ndjson"]);
    const whole = await place.run(
      ["scan", "drill/AWSLogs", "--store", "whole.db", "--fail-on", "never", "-q", "-f", "ndjson"],
    );
    expect(resumed.code).toBe(0);
    expect(whole.stdout).not.toBe("");
    expect(resumed.stdout).toBe(whole.stdout);
  });

  it("leaves no temporary file behind", async () => {
    const child = place.start(["scan", "drill/AWSLogs", "--fail-on", "never"]);
    child.stdin?.end();
    const end = ended(child);
    await until(() => leftOver().length > 0);
    child.kill("SIGTERM");
    expect((await end).code).toBe(143);
    expect(leftOver()).toEqual([]);
  });

  it("is not needed: a scan that ends leaves no temporary file either", async () => {
    place.trail("one.json", [keyMade()]);
    expect((await place.run(["scan", "one.json", "-q"])).code).toBe(1);
    expect(leftOver()).toEqual([]);
  });
});

const storeGrown = (name: string): Promise<void> =>
  until(() => readdirSync(place.folder).includes(`${name}-wal`));

/** Turns of the event loop until it holds; the test's time limit bounds it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => { setImmediate(resolve); });
}
