import { describe, expect, it } from "vitest";
import { binOf } from "../../src/baselines/histogram.ts";
import { StoreFault } from "../../src/storage/fault.ts";
import { noNumbers } from "../../src/telemetry/baseline-metrics.ts";
import type { Standing } from "../../src/telemetry/happenings.ts";
import { nothingStands, series, watched } from "./telemetry-bench.ts";

describe("what stands", () => {
  const standing: Standing = {
    audit: null,
    liveSessions: [
      { agent: "aider", status: "declared", count: 2 },
      { agent: null, status: "none", count: 5 },
    ],
    liveCredentials: [{ agent: "aider", count: 3 }],
    openFindings: [{ rule: "zombie-use", level: "high", count: 4 }],
    credentialSeconds: [
      {
        agent: "aider", roleArn: "arn:aws:iam::111122223333:role/agents/aider-ro", zombieCount: 1,
        issuedSeconds: 900, usedSeconds: 120, zombieSeconds: 480, savedSeconds: 300,
      },
      {
        agent: "aider", roleArn: null, zombieCount: 2, issuedSeconds: 60, usedSeconds: 60,
        zombieSeconds: 0, savedSeconds: 0,
      },
    ],
    baselines: {
      mature: 3, learning: 2, truncated: 1,
      // In two accounts.
      roles: [0, 1].map((i) => ({
        agent: "aider", role: "aider-ro",
        normal: { ...noNumbers, calls: [[binOf(2 + 6 * i), 1]] },
        lately: { ...noNumbers, writes: [[binOf(i), 1]] },
        standings: { learning: 0, usual: 7, odd: i, unusual: 0 },
      })),
    },
    storeBytes: 4096,
    outbox: [{ receiver: "findings", count: 6 }],
  };
  const [calls, writes] = ["calls", "writes"].map((measure) =>
    `agent="aider",role="aider-ro",measure="${measure}"`);
  const shown = {
    'trailwarden_live_sessions{agent="aider",attribution="declared"}': 2,
    'trailwarden_live_sessions{agent="none",attribution="none"}': 5,
    'trailwarden_live_credentials{agent="aider"}': 3,
    'trailwarden_open_findings{rule="zombie-use",level="high"}': 4,
    'trailwarden_zombie_credentials{agent="aider"}': 3,
    'trailwarden_credential_seconds{agent="aider",role="aider-ro",part="issued"}': 900,
    'trailwarden_credential_seconds{agent="aider",role="aider-ro",part="used"}': 120,
    'trailwarden_credential_seconds{agent="aider",role="aider-ro",part="zombie"}': 480,
    'trailwarden_credential_seconds{agent="aider",role="aider-ro",part="saved"}': 300,
    'trailwarden_credential_seconds{agent="aider",role="none",part="issued"}': 60,
    'trailwarden_credential_seconds{agent="aider",role="none",part="used"}': 60,
    'trailwarden_credential_seconds{agent="aider",role="none",part="zombie"}': 0,
    'trailwarden_credential_seconds{agent="aider",role="none",part="saved"}': 0,
    'trailwarden_baselines{maturity="mature"}': 3,
    'trailwarden_baselines{maturity="learning"}': 2,
    trailwarden_baselines_truncated: 1,
    [`trailwarden_baseline_measure{${calls},quantile="0.05"}`]: 2,
    [`trailwarden_baseline_measure{${calls},quantile="0.5"}`]: 2,
    [`trailwarden_baseline_measure{${calls},quantile="0.95"}`]: 8,
    [`trailwarden_session_measure{${writes},quantile="0.5"}`]: 0,
    [`trailwarden_session_measure{${writes},quantile="0.95"}`]: 1,
    'trailwarden_baseline_sessions{agent="aider",role="aider-ro",standing="learning"}': 0,
    'trailwarden_baseline_sessions{agent="aider",role="aider-ro",standing="usual"}': 14,
    'trailwarden_baseline_sessions{agent="aider",role="aider-ro",standing="odd"}': 1,
    'trailwarden_baseline_sessions{agent="aider",role="aider-ro",standing="unusual"}': 0,
    trailwarden_store_bytes: 4096,
    'trailwarden_outbox_messages{receiver="findings"}': 6,
  };
  const names =
    /^trailwarden_(?:live|open|zombie|credential|baseline|session|store_bytes|outbox_messages)/;
  const of = (text: string) => Object.fromEntries(
    Object.entries(series(text, "trailwarden_", true)).filter(([name]) => names.test(name)),
  );

  it("is read at each scrape", async () => {
    const { scrape } = watched();
    expect(of(await scrape(standing))).toEqual(shown);
    expect(of(await scrape(nothingStands))).toEqual({
      'trailwarden_baselines{maturity="mature"}': 0,
      'trailwarden_baselines{maturity="learning"}': 0,
      trailwarden_baselines_truncated: 0,
      trailwarden_store_bytes: 0,
    });
  });

  it("adds up under one name what is beyond a label's bound", async () => {
    const { scrape } = watched();
    const liveCredentials = Array.from({ length: 150 }, (_, i) => ({ agent: `a${i}`, count: 1 }));
    const text = await scrape({ ...nothingStands, liveCredentials });
    expect(of(text)['trailwarden_live_credentials{agent="other"}']).toBe(50);
  });

  it("is left out while the store cannot say it, and the rest is told", async () => {
    const { telemetry, scrape } = watched();
    await scrape(standing);
    const text = await telemetry.scrape(() =>
      Promise.reject(new StoreFault("store-locked", "trail.db")));
    expect(of(text)).toEqual({});
    expect(series(text, "trailwarden_standing_failures_total")).toEqual({
      trailwarden_standing_failures_total: 1,
    });
    expect(text).toContain("process_cpu_seconds_total");
    expect(of(await scrape(standing))).toEqual(shown);
  });

  it("fails the scrape when it is a bug of ours", async () => {
    const { telemetry } = watched();
    const bug = new Error("Broken.");
    await expect(telemetry.scrape(() => Promise.reject(bug))).rejects.toBe(bug);
  });
});
