import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from "vitest";
import { Config } from "../../src/config/schema.ts";
import { iamAccessLevels } from "../../src/events/access-levels.ts";
import { createNormaliser } from "../../src/events/normalise.ts";
import { auditOnSchedule, type Audited } from "../../src/service/auditing.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import type { Store } from "../../src/storage/store.ts";
import { populate } from "../audit/asked-account.ts";
import { madeRun } from "../audit/made-run.ts";
import type { IamAccount } from "../servers/iam/account.ts";
import { IamPlace, policy, startedAt } from "../servers/iam/iam-place.ts";
import { TurnedClock } from "../sources/watching.ts";
import { series, watched } from "../telemetry/telemetry-bench.ts";

const place = new IamPlace();
const environment = { ...process.env };
beforeAll(async () => {
  await place.open();
  process.env["AWS_ACCESS_KEY_ID"] = "AKIAOURSELVES0000001";
  process.env["AWS_SECRET_ACCESS_KEY"] = "secret";
});
afterAll(async () => {
  process.env = environment;
  await place.close();
});

let store: Store;
let iam: IamAccount;
beforeEach(async () => {
  store = await openSqliteStore({ path: ":memory:" });
  iam = place.fresh();
  populate(iam);
});
afterEach(() => store.close());

const normalise = createNormaliser(iamAccessLevels());
const dayMs = 86_400_000;
const midnight = Math.floor(startedAt / dayMs) * dayMs;

interface Ran {
  readonly lines: readonly string[];
  readonly reports: readonly Audited[];
  readonly metrics: Record<string, number>;
  /** When each run began, in hours since midnight. */
  readonly hours: readonly number[];
}

/** Goes on for so long, by a clock that nobody waits for. */
async function run(audit: object, hours: number, from = midnight): Promise<Ran> {
  const { telemetry, lines, scrape } = watched();
  const stop = new AbortController();
  const clock = new TurnedClock(from, () => {
    if (clock.now() >= from + hours * 3_600_000) stop.abort();
  });
  const reports: Audited[] = [];
  await auditOnSchedule({
    store, normalise, clock, telemetry: telemetry.audit,
    config: () => Config.parse({ aws: place.aws, audit }),
    watcher: { storeFailed: () => undefined, storeRecovered: () => undefined },
    leaveReports: (audited) => {
      reports.push(audited);
      return Promise.resolve();
    },
  }, stop.signal);
  const runs = await store.auditRuns({ limit: 99, after: null });
  return {
    reports,
    lines: lines.map(({ msg }) => String(msg)),
    metrics: series(await scrape(), "trailwarden_audit_runs_total"),
    hours: runs.map((one) => Math.floor((one.startedAt - midnight) / 3_600_000)).reverse(),
  };
}
const account = () => ({ id: iam.state.id });
const passing = { PolicyName: "pass", PolicyDocument: policy({ Action: "*", Resource: "*" }) };

describe("scheduled audits", () => {
  it("run when the schedule says so, by the clock of its time zone", async () => {
    expect((await run({}, 26)).hours).toEqual([]);
    expect((await run({ schedule: "0 6,18 * * *" }, 26)).hours).toEqual([6, 18]);
    // What was due at 21 is made up for at midnight.
    const tokyo = { schedule: "0 6 * * *", timeZone: "Asia/Tokyo" };
    expect((await run(tokyo, 26, midnight + dayMs)).hours).toEqual([6, 18, 24, 24 + 21]);
  });

  it("make up for what was missed, once", async () => {
    const missed = madeRun({ run: { ...madeRun().run, startedAt: midnight - 5 * dayMs } });
    await store.keepAudit(missed);
    expect((await run({ schedule: "0 6 * * *" }, 5)).hours.slice(1)).toEqual([0]);
  });

  it("run in one process of several", async () => {
    const lease = { key: "audit", holder: "another", now: midnight };
    await store.takeLease({ ...lease, until: midnight + 8 * 3_600_000 });
    expect((await run({ schedule: "0 6 * * *" }, 10)).hours).toEqual([8]);
  });

  it("say what is new, and tell receivers of what is high; and that it was mended", async () => {
    iam.act("PutRolePolicy", { RoleName: "idle", ...passing });
    const audit = { schedule: "0 6 * * *", accounts: [account()] };
    const first = await run(audit, 7);
    expect(first.lines).toContain("An audit ended.");
    expect(first.reports[0]?.report.comparedWith).toBeNull();
    const told = await store.outbox("any", 99);
    const words = told.map(({ data }) => JSON.parse(data) as {
      readonly status: string; readonly finding: { readonly rule: string };
    });
    expect(words.map(({ finding }) => finding.rule)).toContain("pass-role-anything");
    expect(words.map(({ finding }) => finding.rule)).not.toContain("role-unused");

    iam.act("DeleteRolePolicy", { RoleName: "idle", PolicyName: "pass" });
    const second = await run(audit, 31, midnight + 8 * 3_600_000);
    expect(second.metrics).toEqual({ 'trailwarden_audit_runs_total{outcome="succeeded"}': 1 });
    const { report } = second.reports[0] ?? {};
    expect(report?.fixed.map(({ check }) => check)).toContain("pass-role-anything");
    expect(report?.judgements.some(({ change }) => change === "new")).toBe(false);
    const verdicts: (string | null)[] = [];
    for await (const page of store.findings()) {
      verdicts.push(...page.filter(({ rule }) => rule === "pass-role-anything")
        .map(({ verdict }) => verdict));
    }
    expect(verdicts).toEqual(["withdrawn"]);
  });

  it("ask AWS for nothing where no accounts are configured", async () => {
    const asked = iam.calls.length;
    expect((await run({ schedule: "0 6 * * *" }, 7)).hours).toEqual([6]);
    expect(iam.calls).toHaveLength(asked);
  });

  it("go on where something may not be asked, and say so", async () => {
    iam.denied.add("iam:ListAccessKeys");
    const { metrics } = await run({ schedule: "0 6 * * *", accounts: [account()] }, 7);
    expect(metrics).toEqual({ 'trailwarden_audit_runs_total{outcome="partial"}': 1 });
    const [last] = await store.auditRuns({ limit: 1, after: null });
    expect(last?.unread).toMatchObject([{ action: "iam:ListAccessKeys", reason: "denied" }]);
  });
});
