import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { FoundRecord } from "../../src/records/read.ts";
import { filesAhead } from "../../src/sources/files-ahead.ts";
import { findFiles } from "../../src/sources/files.ts";
import { limits, logFile, record } from "../records/reading-files.ts";

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "trailwarden-test-")); });
afterEach(() => { rmSync(folder, { recursive: true }); });

it.each([null, ["Object"]])(
  "what one file held stays as it was while the next ones are read, with markers %j",
  async (markers) => {
    const names = Array.from({ length: 9 }, (_, i) => `${i}-Object`);
    for (const name of names) {
      // Files of equal length: what is read into the same place would show.
      writeFileSync(join(folder, `${name}.json.gz`), gzipSync(logFile([record(name)])));
    }
    const found: FoundRecord[] = [];
    for await (const open of filesAhead(await findFiles([folder]), { limits, markers })) {
      for await (const { records } of await open()) found.push(...records);
    }
    expect(found.map(({ record: { eventName } }) => eventName)).toEqual(names);
    expect(found.map(({ json }) => String(json)))
      .toEqual(names.map((name) => JSON.stringify(record(name))));
  },
);

it("a file that is gone is told of when its turn comes, and the next is read", async () => {
  for (const name of ["a", "b", "c"]) writeFileSync(join(folder, `${name}.json`), logFile([]));
  const files = await findFiles([folder]);
  rmSync(join(folder, "b.json"));
  const seen: string[] = [];
  for await (const open of filesAhead(files, { limits, markers: null })) {
    seen.push(await open().then(() => "read", (error: unknown) => String(error)));
  }
  expect(seen).toEqual(["read", expect.stringContaining("there is no such file"), "read"]);
});
