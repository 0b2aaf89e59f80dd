import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { parse } from "yaml";
import { writeSimulation } from "../../src/commands/simulate.ts";
import { Config } from "../../src/config/schema.ts";
import { toldIn } from "../../src/tasks/told-line.ts";

const out = mkdtempSync(join(tmpdir(), "simulation-"));
afterAll(() => {
  rmSync(out, { recursive: true });
});
const options = { seed: 3, startAt: Date.UTC(2026, 2, 2), days: 1, scale: 0.3 };

test("a simulation is written as gzip files, config, tasks and truth beside them", async () => {
  const folder = join(out, "whole");
  const told: number[] = [];
  const summary = await writeSimulation({ ...options, out: folder }, ({ fileCount }) => {
    told.push(fileCount);
  });
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const logs = names.filter((name) => name.endsWith(".json.gz"));
  const ids = new Set<string>();
  let recordCount = 0;
  let inflatedBytes = 0;
  for (const name of logs) {
    const text = gunzipSync(readFileSync(join(folder, name)));
    inflatedBytes += text.length;
    const { Records } = JSON.parse(text.toString()) as { Records: { eventID: string }[] };
    recordCount += Records.length;
    for (const { eventID } of Records) ids.add(eventID);
  }
  const found = { fileCount: logs.length, recordCount, inflatedBytes, isCut: false };
  expect(summary).toMatchObject(found);
  expect(told[0]).toBe(100);
  const truth = JSON.parse(readFileSync(summary.groundTruthPath, "utf8")) as {
    incidents: { eventIds: string[] }[];
    taskIncidents: { eventIds: string[] }[];
    tasks: { id: string }[];
  };
  const { incidents, taskIncidents, tasks } = truth;
  expect([incidents.length, taskIncidents.length]).toEqual([30, 7]);
  expect(summary.incidentCount).toBe(37);
  const planted = [...incidents, ...taskIncidents].flatMap(({ eventIds }) => eventIds);
  expect(planted.filter((id) => !ids.has(id))).toEqual([]);
  const lines = readFileSync(summary.tasksPath, "utf8").trimEnd().split("\n").map(toldIn);
  expect(lines.filter(({ kind }) => kind === "untold")).toEqual([]);
  const starts = lines.flatMap((one) => one.kind === "start" ? [one.start.id] : []);
  expect(starts).toEqual(tasks.map(({ id }) => id));
  const config = Config.parse(parse(readFileSync(summary.configPath, "utf8")));
  expect(config.accounts[0]).toEqual({ id: "111122223333", name: "dev" });
});

test("a target of bytes ends it early", async () => {
  const folder = join(out, "cut");
  const summary = await writeSimulation({ ...options, out: folder, targetBytes: 200_000 });
  expect(summary.isCut).toBe(true);
  expect(summary.inflatedBytes).toBeGreaterThanOrEqual(200_000);
  expect(summary.inflatedBytes).toBeLessThan(400_000);
});
