import { readFileSync } from "node:fs";
import { afterAll, expect, it } from "vitest";
import type { TaskTruth } from "../../src/simulation/told.ts";
import type { LifetimeReportView } from "../../src/tasks/lifetime-contract.ts";
import { Workplace } from "./program.ts";

const place = new Workplace();
afterAll(() => {
  place.remove();
});

it("the seconds reported of each simulated task are those that are true", async () => {
  await place.run([
    "simulate", "--out", "sim", "--seed", "lifetimes", "--start", "2026-03-02", "--days", "2",
    "--scale", "0.4", "--agent-share", "0.5",
  ]);
  const { tasks } = JSON.parse(
    readFileSync(place.path("sim/ground-truth.json"), "utf8"),
  ) as { readonly tasks: readonly TaskTruth[] };
  const config = ["--config", "sim/trailwarden.yaml", "--store", "sim.db"];
  const scan = await place.run([
    "scan", "sim/AWSLogs", "--tasks", "sim/tasks.ndjson", "--fail-on", "never", "-q", ...config,
  ]);
  expect(scan.code).toBe(0);
  const { stdout } = await place.run([
    "report", "lifetimes", "--by", "task", "--limit", "100000", "--format", "json", ...config,
  ]);
  const { items } = JSON.parse(stdout) as LifetimeReportView;
  const reported = items
    .filter(({ task }) => task?.basis === "told")
    .map(({ key, credentialCount, issuedSeconds, usedSeconds, zombieSeconds }) =>
      ({ key, credentialCount, issuedSeconds, usedSeconds, zombieSeconds }));
  const expected = tasks.filter(({ credentials }) => credentials.length > 0)
    .map(({ id, credentials }) => {
      const sum = (part: "issuedSeconds" | "neededSeconds" | "zombieSeconds") =>
        credentials.reduce((seconds, credential) => seconds + credential[part], 0);
      return {
        key: id, credentialCount: credentials.length, issuedSeconds: sum("issuedSeconds"),
        usedSeconds: sum("neededSeconds"), zombieSeconds: sum("zombieSeconds"),
      };
    });
  const byKey = (a: { key: string | null }, b: { key: string | null }) =>
    ((a.key ?? "") < (b.key ?? "") ? -1 : 1);
  expect(expected.length).toBeGreaterThan(50);
  expect(reported.sort(byKey)).toEqual(expected.sort(byKey));
});
