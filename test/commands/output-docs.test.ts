import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { levels } from "../../src/detections/detection.ts";
import { entityTypes } from "../../src/detections/detection.ts";
import { accessClasses } from "../../src/events/event.ts";
import { modes } from "../../src/sessions/attribution.ts";
import { keyMade } from "../builders/record.ts";
import { lines, Workplace } from "./program.ts";

const place = new Workplace();
afterAll(() => {
  place.remove();
});

const text = readFileSync(
  join(import.meta.dirname, "..", "..", "docs", "output.md"),
  "utf8",
);
const [, finding = "", event = ""] = text.split(/^## /m);

/** The keys that a section's table tells, in order. */
function keysIn(section: string): readonly string[] {
  return [...section.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, key = ""]) => key));
}

/** What a key's row says it may be, or holds. */
function wordsOf(section: string, key: string): readonly string[] {
  const row = section.split("\n").find((line) => line.startsWith(`| \`${key}\``)) ?? "";
  return [...row.matchAll(/`([\w-]+)`/g)].map(([, word = ""]) => word).slice(1);
}

describe("docs/output.md", () => {
  it("tells every key of a finding, in order, and the columns of CSV", async () => {
    place.trail("one.json", [keyMade()]);
    const { stdout } = await place.run(["scan", "one.json", "-f", "ndjson"]);
    expect(keysIn(finding)).toEqual(Object.keys(lines(stdout)[0] as object));
    const csv = await place.run(["scan", "one.json", "-f", "csv"]);
    for (const column of csv.stdout.split("\r\n")[0]?.split(",") ?? []) {
      expect(finding).toContain(`\`${column}\``);
    }
  });

  it("tells every key of an event, in order, and those within", async () => {
    const denied = { errorCode: "AccessDenied", errorMessage: "Access Denied" };
    place.trail("two.json", [keyMade(denied)]);
    const { stdout } = await place.run(["scan", "two.json", "--events", "-f", "ndjson"]);
    const printed = lines(stdout)[0] as Record<string, unknown>;
    expect(keysIn(event)).toEqual(Object.keys(printed));
    for (const [key, value] of Object.entries(printed)) {
      if (typeof value !== "object" || value === null) continue;
      const told = wordsOf(event, key);
      expect({ key, missing: Object.keys(value).filter((inner) => !told.includes(inner)) })
        .toEqual({ key, missing: [] });
    }
    const csv = await place.run(["scan", "two.json", "--events", "-f", "csv"]);
    for (const column of csv.stdout.split("\r\n")[0]?.split(",") ?? []) {
      expect(event).toContain(`\`${column}\``);
    }
  });

  it("tells every value of the closed sets", () => {
    expect(wordsOf(finding, "level")).toEqual(levels);
    expect(wordsOf(event, "access")).toEqual(accessClasses);
    expect(wordsOf(finding, "entity")).toEqual(["type", ...entityTypes, "id"]);
    expect(wordsOf(finding, "role")).toEqual(["arn", "mode", ...modes]);
  });
});
