import { describe, expect, it } from "vitest";
import type { Level } from "../../src/detections/detection.ts";
import { accessClasses } from "../../src/events/event.ts";
import type { FindingChange } from "../../src/findings/store.ts";
import type { Judged, Tally } from "../../src/telemetry/happenings.ts";
import { changesCounted, eventResults } from "../../src/telemetry/labels.ts";
import { series, watched } from "./telemetry-bench.ts";

function change(what: FindingChange["what"], level: Level = "high"): FindingChange {
  return {
    what,
    finding: {
      id: "0123456789abcdef", status: "open", verdict: null, note: null,
      fingerprint: "0123456789abcdef0123", rule: "zombie-use", title: "T", level,
      confidence: "high", because: "task\u202e-1 went on.", entity: { type: "session", id: "s" },
      agent: { name: "aider", basis: "role" },
      role: { arn: "arn:aws:iam::111122223333:role/agents/aider", mode: "readonly" },
      session: { id: "s", arn: null, name: "ticket\u001b[31m\n{}" }, credential: null,
      account: "111122223333", firstEventAt: 1, lastEventAt: 2, eventCount: 3, evidence: [],
      values: { secret: "hunter2" }, decidedAt: 1, decidedBy: "e", tags: [],
    },
  };
}

function judged(overrides: Partial<Judged> = {}): Judged {
  return {
    tallies: [], changes: [], receivedAt: 1000, judgedAt: 1700, seconds: 0.02, ...overrides,
  };
}

function tally(overrides: Partial<Tally> = {}): Tally {
  return {
    agent: "aider", role: "agents-aider", access: "write", result: "denied", count: 2, ...overrides,
  };
}

const rule = {
  name: "zombie-use", level: "high", levelWhen: { "event.result": { denied: "medium" } },
  raises: true,
} as const;

describe("events that were judged", () => {
  it.each<[string, Partial<Tally>, string]>([
    ["of an agent", {}, 'agent="aider",role="agents-aider"'],
    ["of an agent without a role", { role: null }, 'agent="aider",role="none"'],
    ["of nobody: whose role is not told", { agent: null }, 'agent="none",role="none"'],
  ])("are counted: %s", async (_what, overrides, who) => {
    const { telemetry, scrape } = watched();
    telemetry.judged(judged({ tallies: [tally(overrides), tally(overrides)] }));
    expect(series(await scrape(), "trailwarden_events_")).toEqual({
      [`trailwarden_events_total{${who},access="write",result="denied"}`]: 4,
    });
  });

  it("of a backfill are counted apart", async () => {
    const { telemetry, scrape } = watched();
    telemetry.judged(judged({ tallies: [tally()], isBackfill: true }));
    expect(series(await scrape(), "trailwarden_events_")).toEqual({
      'trailwarden_events_backfilled_total{access="write",result="denied"}': 2,
    });
  });

  it("keep their number, within bounds, when roles and agents are without end", async () => {
    const { telemetry, scrape } = watched({ agents: ["declared"] });
    const tallies = Array.from({ length: 2000 }, (_, i) =>
      tally({ agent: `agent-${i % 300}`, role: `role-${i}`, count: 1 }));
    telemetry.judged(judged({ tallies: [...tallies, tally({ agent: "declared" })] }));
    const text = await scrape();
    const events = series(text, "trailwarden_events_total");
    expect(Object.keys(events).length).toBeLessThanOrEqual(351);
    expect(Object.values(events).reduce((sum, count) => sum + count, 0)).toBe(2002);
    expect(Object.keys(events).filter((name) => name.includes('agent="declared"'))).toHaveLength(1);
    expect(series(text, "trailwarden_label_overflow_total")).toMatchObject({
      'trailwarden_label_overflow_total{label="agent"}': expect.any(Number) as number,
      'trailwarden_label_overflow_total{label="agent_role"}': expect.any(Number) as number,
    });
  });

  it("of 200 roles in all they do make less than 2 MB", async () => {
    const { telemetry, scrape } = watched();
    const tallies = Array.from({ length: 200 }, (_, i) =>
      accessClasses.flatMap((access) =>
        eventResults.map((result) =>
          tally({ agent: `agent-${i % 50}`, role: `${"r".repeat(60)}${i}`, access, result }))));
    telemetry.judged(judged({ tallies: tallies.flat() }));
    expect((await scrape()).length).toBeLessThan(2_000_000);
  });
});

describe("findings that changed", () => {
  const changesTotal = "trailwarden_finding_changes_total";

  it("start at 0, at every level that their rule can give", async () => {
    const { scrape } = watched({ rules: [rule, { ...rule, name: "silent", raises: false }] });
    const changes = series(await scrape(), "trailwarden_finding_changes_total", true);
    expect(Object.keys(changes)).toEqual(
      ["high", "medium"].flatMap((level) =>
        ["opened", "worse", "reopened", "withdrawn"].map((what) =>
          `${changesTotal}{rule="zombie-use",level="${level}",change="${what}"}`)),
    );
  });

  it.each(changesCounted)("are counted: %s", async (what) => {
    const { telemetry, scrape } = watched();
    telemetry.judged(judged({ changes: [change(what)] }));
    expect(series(await scrape(), "trailwarden_finding_changes_")).toEqual({
      [`trailwarden_finding_changes_total{change="${what}",rule="zombie-use",level="high"}`]: 1,
    });
  });

  it("are not counted when only more events joined", async () => {
    const { telemetry, lines, scrape } = watched({ level: "info" });
    telemetry.judged(judged({ changes: [change("grown")] }));
    expect(series(await scrape(), "trailwarden_finding_changes_")).toEqual({});
    expect(lines).toEqual([]);
  });

  it("are told with whose they are, harmless on a terminal, without the record's values", () => {
    const { telemetry, lines } = watched();
    telemetry.judged(judged({ changes: [change("opened")] }));
    expect(lines).toEqual([{
      level: "info",
      time: expect.any(String) as string,
      msg: "A finding was opened.",
      finding: {
        id: "0123456789abcdef", rule: "zombie-use", level: "high", confidence: "high",
        agent: "aider", role: "arn:aws:iam::111122223333:role/agents/aider",
        session: "ticket·[31m·{}", account: "111122223333", because: "task·-1 went on.",
      },
    }]);
  });

  it("never show their session in a metric", async () => {
    const { telemetry, scrape } = watched();
    telemetry.judged(judged({ changes: [change("opened")], tallies: [tally()] }));
    expect(await scrape()).not.toContain("ticket");
  });

  it("show how long it took until they were there; only those that opened", async () => {
    const { telemetry, scrape } = watched();
    telemetry.judged(judged({ changes: [change("opened"), change("worse"), change("withdrawn")] }));
    telemetry.judged(judged({ changes: [change("opened")], receivedAt: null }));
    expect(series(await scrape(), "trailwarden_detection_seconds")).toMatchObject({
      'trailwarden_detection_seconds_bucket{le="1"}': 1,
      trailwarden_detection_seconds_sum: 0.7,
      trailwarden_detection_seconds_count: 1,
    });
  });

  it("of a backfill are counted apart, told quietly, and not measured", async () => {
    const { telemetry, lines, scrape } = watched({ level: "info", rules: [rule] });
    telemetry.judged(judged({ changes: [change("opened")], isBackfill: true }));
    const text = await scrape();
    expect(series(text, "trailwarden_finding_changes_")).toEqual({
      'trailwarden_finding_changes_backfilled_total{level="high",change="opened"}': 1,
    });
    expect(series(text, "trailwarden_detection_seconds")).toEqual({});
    expect(lines).toEqual([]);
  });

  it("start at 0 by rules that came with a reload", async () => {
    const { telemetry, scrape } = watched();
    telemetry.configReloaded({ changed: ["rules"], needRestart: [], rules: [rule] });
    const text = await scrape();
    expect(Object.keys(series(text, "trailwarden_finding_changes_total", true))).toHaveLength(8);
  });
});
