import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dashboardFiles } from "../../monitoring/dashboard-files.ts";
import { ruleFiles } from "../../monitoring/rule-files.ts";

const root = join(import.meta.dirname, "..", "..");
const files = new Map([...ruleFiles(), ...dashboardFiles()]);

describe("what is generated from monitoring/", () => {
  it.each([...files])("%s is as written", async (path, text) => {
    await expect(text).toMatchFileSnapshot(join(root, path));
  });

  it("is all there is beside it", () => {
    const folders = [...new Set([...files.keys()].map((path) => path.replace(/\/[^/]+$/, "")))];
    const written = folders.flatMap((folder) => readdirSync(join(root, folder))
      .filter((name) => /\.(?:yml|json)$/.test(name) && !name.includes("example"))
      .map((name) => `${folder}/${name}`));
    expect(written.sort()).toEqual([...files.keys()].sort());
  });
});
