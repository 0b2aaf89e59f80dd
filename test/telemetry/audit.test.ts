import { expect, it } from "vitest";
import { madeRun } from "../audit/made-run.ts";
import { nothingStands, series, watched } from "./telemetry-bench.ts";

it("shows the last audit at each scrape, and nothing of one that is not known", async () => {
  const { scrape, telemetry } = watched();
  const { run } = madeRun();
  const text = await scrape({ ...nothingStands, audit: { id: 1, ...run } });
  expect(series(text, "trailwarden_audit_")).toEqual({
    'trailwarden_audit_open{check="key-old",level="medium"}': 1,
    'trailwarden_audit_verdicts{check="key-old",verdict="pass"}': 3,
    'trailwarden_audit_verdicts{check="key-old",verdict="fail"}': 2,
    'trailwarden_audit_verdicts{check="key-old",verdict="unknown"}': 1,
    'trailwarden_audit_changes{change="new"}': 1,
    'trailwarden_audit_changes{change="accepted"}': 1,
    'trailwarden_audit_identities{kind="role",mode="readonly"}': 4,
    trailwarden_audit_last_success_timestamp_seconds: run.startedAt / 1000 + 2.5,
    trailwarden_audit_run_seconds: 2.5,
  });
  expect(series(await scrape(), "trailwarden_audit_", true)).toEqual({
    'trailwarden_audit_runs_total{outcome="succeeded"}': 0,
    'trailwarden_audit_runs_total{outcome="partial"}': 0,
    'trailwarden_audit_runs_total{outcome="failed"}': 0,
  });
  telemetry.audit.failed("The disk is full.");
  expect(series(await scrape(), "trailwarden_audit_")).toEqual({
    'trailwarden_audit_runs_total{outcome="failed"}': 1,
  });
});
