import {
  mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DirectorySource } from "../../src/sources/directory.ts";
import type { Handover } from "../../src/sources/source.ts";
import { record } from "../builders/record.ts";
import { idsIn, Notes, TurnedClock } from "./watching.ts";

const startedAt = Date.UTC(2026, 2, 1, 12);
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "followed-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const trail = (...ids: string[]): string =>
  JSON.stringify({ Records: ids.map((eventID) => record({ eventID })) });

/** A file whose content is of so many seconds after the start. */
function put(name: string, content: string | Buffer, seconds = 0): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  utimesSync(path, startedAt / 1000 + seconds, startedAt / 1000 + seconds);
}

type Steps = readonly ((handed: readonly Handover[]) => void)[];

/** Looks once more than there are steps; each step happens while the source waits. */
async function followed(steps: Steps, path = folder) {
  const notes = new Notes();
  const handed: Handover[] = [];
  const stop = new AbortController();
  const clock = new TurnedClock(startedAt, (count) => {
    steps[count - 1]?.(handed);
    if (count > steps.length) stop.abort();
  });
  const source = new DirectorySource(
    { kind: "directory", name: "drop", path, everySeconds: 2 }, notes, clock,
  );
  for await (const handover of source.handovers(stop.signal)) handed.push(handover);
  return { handed, notes };
}

const nothing = (): void => undefined;
const names = (handed: readonly Handover[]): readonly string[] =>
  handed.map(({ name }) => name.slice(folder.length + 1));

describe("a followed folder", () => {
  it("hands over each file once, when it stays as it is from look to look", async () => {
    put("a.json", trail("a1", "a2"));
    put("deep/er/b.json.gz", gzipSync(trail("b1")));
    const { handed, notes } = await followed([nothing, nothing, nothing]);
    expect(names(handed)).toEqual(["a.json", "deep/er/b.json.gz"]);
    expect(await Promise.all(handed.map(idsIn))).toEqual([["a1", "a2"], ["b1"]]);
    const [first] = handed;
    expect(first).toMatchObject({ receivedAt: startedAt, poison: null });
    expect(first?.parcels[0]?.delivery).toEqual({
      id: `file:${join(folder, "a.json")}#${trail("a1", "a2").length}-${startedAt}`,
      name: join(folder, "a.json"),
    });
    expect(notes.lines).toEqual([]);
  });

  it("leaves a file that still grows until it is quiet", async () => {
    put("grows.json", trail("g1"));
    const { handed } = await followed([
      () => { put("grows.json", trail("g1", "g2"), 2); },
      () => { put("grows.json", trail("g1", "g2", "g3"), 4); },
      nothing,
    ]);
    expect(await Promise.all(handed.map(idsIn))).toEqual([["g1", "g2", "g3"]]);
  });

  it("hands a file over again when it has changed since, as another delivery", async () => {
    put("log.ndjson", `${JSON.stringify(record({ eventID: "l1" }))}\n`);
    const { handed } = await followed([
      nothing,
      () => { put("log.ndjson", `${JSON.stringify(record({ eventID: "l2" }))}\n`, 4); },
      nothing,
    ]);
    expect(names(handed)).toEqual(["log.ndjson", "log.ndjson"]);
    expect(new Set(handed.map(({ parcels }) => parcels[0]?.delivery.id)).size).toBe(2);
  });

  it("waits for the end of a gzip file, but not for ever", async () => {
    const whole = gzipSync(trail("z1"));
    put("late.json.gz", whole.subarray(0, 40));
    put("never.json.gz", whole.subarray(0, 40), -3600);
    put("empty.json.gz", "");
    const looks = Array.from({ length: 20 }, () => nothing);
    const { handed } = await followed([nothing, nothing, () => { put("late.json.gz", whole, 6); },
      ...looks]);
    expect(names(handed)).toEqual(["never.json.gz", "late.json.gz"]);
    expect(await idsIn(handed[1] as Handover)).toEqual(["z1"]);
    const later = await followed([...looks, ...looks]);
    expect(names(later.handed)).toContain("empty.json.gz");
  });

  it("ignores what is hidden, and what other programs call unfinished", async () => {
    for (const name of [
      ".hidden.json", ".git/a.json", "x.json.gz.tmp", "x.json.part", "x.json~", ".x.json.gz.Ab12cd",
    ]) put(name, trail("no"));
    put("yes.json", trail("yes"));
    expect(names((await followed([nothing])).handed)).toEqual(["yes.json"]);
  });

  it("hands over again what was given back for later, but not what is damaged", async () => {
    put("later.json", trail("x"));
    put("bad.json", trail("y"));
    const { handed } = await followed([
      nothing,
      (handovers) => {
        for (const handover of handovers) {
          void handover.giveBack(handover.name.endsWith("bad.json") ? "poison" : "later");
        }
      },
      nothing,
    ]);
    expect(names(handed)).toEqual(["bad.json", "later.json", "later.json"]);
  });

  it("survives that the folder is missing for a while, and says so once", async () => {
    put("a.json", trail("a"));
    const elsewhere = `${folder}-elsewhere`;
    const { handed, notes } = await followed([
      nothing,
      () => { renameSync(folder, elsewhere); },
      nothing,
      () => { renameSync(elsewhere, folder); },
      () => { put("b.json", trail("b")); },
      nothing,
    ]);
    expect(names(handed)).toEqual(["a.json", "b.json"]);
    expect(notes.lines).toEqual([
      `drop failed (again): Cannot read ${folder}: there is no such file or folder. ` +
        "Check the path.",
      "drop recovered",
    ]);
  });

  it("does not let one broken link hide the rest", async () => {
    symlinkSync(join(folder, "nowhere.json"), join(folder, "link.json"));
    put("a.json", trail("a"));
    expect(names((await followed([nothing])).handed)).toEqual(["a.json"]);
  });

  it("follows a single file too", async () => {
    put("only.json", trail("o"));
    const { handed } = await followed([nothing, nothing], join(folder, "only.json"));
    expect(names(handed)).toEqual(["only.json"]);
  });
});
