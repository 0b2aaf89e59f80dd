import { describe, expect, it } from "vitest";
import type { CommittedDelivery, FreshEvent } from "../../src/telemetry/happenings.ts";
import { series, watched } from "./telemetry-bench.ts";

const now = Date.UTC(2026, 2, 1, 12);
const seconds = (count: number) => count * 1000;

function delivery(overrides: Partial<CommittedDelivery> = {}): CommittedDelivery {
  const { eventCount = 0, duplicateCount = 0, skippedCount = 0, rejectedCount = 0 } =
    overrides.counts ?? {};
  return {
    source: "trail",
    receivedAt: now,
    events: [],
    ...overrides,
    counts: {
      eventCount, duplicateCount, skippedCount, rejectedCount,
      bytes: 0, rejections: [], ...overrides.counts,
    },
  };
}

function event(secondsAgo: number, region = "eu-west-1", account: string | null = "111122223333") {
  return { at: now - seconds(secondsAgo), account, region } satisfies FreshEvent;
}

function rejection(reason: "not-json" | "bad-gzip") {
  return { reason, file: "f", index: 0, offset: 0, detail: "d" };
}

const counts = {
  eventCount: 5, duplicateCount: 3, skippedCount: 2, rejectedCount: 3, bytes: 900,
  others: { digest: 1 },
  rejections: [rejection("not-json"), rejection("bad-gzip"), rejection("not-json")],
};

describe("what was taken in", () => {
  it("is counted by outcome, reason and kind", async () => {
    const { telemetry, lines, scrape } = watched();
    telemetry.committed({ deliveries: [delivery({ counts })], committedAt: now, seconds: 0.04 });
    const text = await scrape();
    expect(series(text, "trailwarden_records_")).toEqual({
      'trailwarden_records_total{source="trail",outcome="new"}': 5,
      'trailwarden_records_total{source="trail",outcome="duplicate"}': 3,
      'trailwarden_records_total{source="trail",outcome="skipped"}': 2,
      'trailwarden_records_total{source="trail",outcome="rejected"}': 3,
      'trailwarden_records_rejected_total{source="trail",reason="not-json"}': 2,
      'trailwarden_records_rejected_total{source="trail",reason="bad-gzip"}': 1,
    });
    expect(series(text, "trailwarden_other_objects_total")).toEqual({
      'trailwarden_other_objects_total{source="trail",kind="digest"}': 1,
    });
    expect(series(text, "trailwarden_read_bytes_total")).toEqual({
      'trailwarden_read_bytes_total{source="trail"}': 900,
    });
    const reasons = ["not-json", "bad-gzip"];
    expect(lines).toEqual([expect.objectContaining({ level: "warn", rejectedCount: 3, reasons })]);
  });

  it("tells its commit once, however many deliveries were in it", async () => {
    const { telemetry, scrape } = watched();
    telemetry.committed({
      deliveries: [delivery(), delivery(), delivery()], committedAt: now, seconds: 0.04,
    });
    expect(series(await scrape(), "trailwarden_commit_seconds_")).toMatchObject({
      trailwarden_commit_seconds_sum: 0.04,
      trailwarden_commit_seconds_count: 1,
    });
  });

  it("shows how late it came, by event and by delivery", async () => {
    const { telemetry, scrape } = watched();
    telemetry.committed({
      deliveries: [
        delivery({ receivedAt: now - seconds(0.2), events: [event(3), event(40), event(400)] }),
      ],
      committedAt: now,
      seconds: 0.01,
    });
    const text = await scrape();
    expect(series(text, "trailwarden_event_lag_seconds")).toMatchObject({
      'trailwarden_event_lag_seconds_bucket{le="5",source="trail"}': 1,
      'trailwarden_event_lag_seconds_bucket{le="60",source="trail"}': 2,
      'trailwarden_event_lag_seconds_bucket{le="600",source="trail"}': 3,
      'trailwarden_event_lag_seconds_sum{source="trail"}': 443,
    });
    expect(series(text, "trailwarden_delivery_lag_seconds")).toMatchObject({
      'trailwarden_delivery_lag_seconds_bucket{le="0.25",source="trail"}': 1,
      'trailwarden_delivery_lag_seconds_sum{source="trail"}': 0.2,
    });
  });

  it("shows a clock that is slow, and no lag below nothing", async () => {
    const { telemetry, scrape } = watched();
    const events = [event(-4), event(-6), event(-600)];
    telemetry.committed({
      deliveries: [delivery({ events, receivedAt: now + 5 })], committedAt: now, seconds: 0.01,
    });
    const text = await scrape();
    expect(series(text, "trailwarden_events_ahead_total")).toEqual({
      'trailwarden_events_ahead_total{source="trail"}': 2,
    });
    expect(series(text, "trailwarden_event_lag_seconds_sum")).toEqual({});
    expect(series(text, "trailwarden_event_lag_seconds_count")).toEqual({
      'trailwarden_event_lag_seconds_count{source="trail"}': 3,
    });
  });

  it("of a backfill disturbs nothing but its own count", async () => {
    const { telemetry, scrape } = watched();
    const before = series(await scrape(), "trailwarden_");
    const events = [event(1e6)];
    telemetry.committed({
      deliveries: [delivery({ counts, events, isBackfill: true })], committedAt: now, seconds: 0.01,
    });
    const after = series(await scrape(), "trailwarden_");
    const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
    expect(changed.filter((name) => !name.startsWith("trailwarden_commit_seconds"))).toEqual([
      'trailwarden_records_backfilled_total{source="trail",outcome="new"}',
      'trailwarden_records_backfilled_total{source="trail",outcome="duplicate"}',
      'trailwarden_records_backfilled_total{source="trail",outcome="skipped"}',
      'trailwarden_records_backfilled_total{source="trail",outcome="rejected"}',
    ]);
  });
});

describe("the last event of an account and region", () => {
  const name = "trailwarden_last_event_timestamp_seconds";
  const of = (region: string) => `${name}{account="111122223333",region="${region}"}`;

  async function lastAfter(...deliveries: readonly (readonly FreshEvent[])[]) {
    const { telemetry, scrape } = watched();
    for (const events of deliveries) {
      telemetry.committed({ deliveries: [delivery({ events })], committedAt: now, seconds: 0.01 });
    }
    return series(await scrape(), name);
  }

  it.each<[string, readonly (readonly FreshEvent[])[], Record<string, number>]>([
    ["is the latest, in any order", [[event(9), event(2), event(5)]], {
      [of("eu-west-1")]: now / 1000 - 2,
    }],
    ["does not go back", [[event(2)], [event(500)]], { [of("eu-west-1")]: now / 1000 - 2 }],
    ["is told of each by itself", [[event(2), event(7, "us-east-1")]], {
      [of("eu-west-1")]: now / 1000 - 2,
      [of("us-east-1")]: now / 1000 - 7,
    }],
    ["is never later than now", [[event(-86_400)]], { [of("eu-west-1")]: now / 1000 }],
    ["is told of no account that is not known", [[event(2, "eu-west-1", null)]], {}],
  ])("%s", async (_what, deliveries, expected) => {
    expect(await lastAfter(...deliveries)).toEqual(expected);
  });

  it("is not told of more than a thousand", async () => {
    const events = Array.from({ length: 1500 }, (_, i) => event(1, `x-${i}`));
    expect(Object.keys(await lastAfter(events))).toHaveLength(1000);
  });
});
