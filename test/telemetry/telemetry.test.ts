import { describe, expect, it } from "vitest";
import { AwsFault } from "../../src/aws/fault.ts";
import { StoreFault } from "../../src/storage/fault.ts";
import type { Telemetry } from "../../src/telemetry/telemetry.ts";
import { series, watched } from "./telemetry-bench.ts";

const queue = { action: "sqs:ReceiveMessage", resource: "arn:aws:sqs:eu-west-1:111122223333:q" };
const throttled = new AwsFault("throttled", queue, null);
const full = new StoreFault("store-full", "trail.db");

type Happening = (telemetry: Telemetry) => void;

/** What happened; the line it writes; the series that are then no longer 0. */
const happenings: readonly (readonly [string, Happening, {
  readonly line: object | null;
  readonly counted: Readonly<Record<string, number>>;
}])[] = [
  ["a delivery came", (t) => { t.received("trail"); }, {
    line: { level: "debug", msg: "A delivery came.", source: "trail" },
    counted: { 'trailwarden_deliveries_received_total{source="trail"}': 1 },
  }],
  ["a delivery was known", (t) => { t.ended("trail", "known", { name: "m 1", poison: null }); }, {
    line: { level: "debug", source: "trail", outcome: "known", delivery: "m 1" },
    counted: { 'trailwarden_deliveries_total{source="trail",outcome="known"}': 1 },
  }],
  ["a delivery was poison", (t) => {
    t.ended("trail", "poison", {
      name: "m\u001b[2J", poison: { reason: "not-json", detail: "It is no JSON.\nReally." },
    });
  }, {
    line: {
      level: "warn", msg: "A delivery is poison.", source: "trail", outcome: "poison",
      delivery: "m·[2J", reason: "not-json", detail: "It is no JSON.·Really.",
    },
    counted: {
      'trailwarden_deliveries_total{source="trail",outcome="poison"}': 1,
      'trailwarden_deliveries_poison_total{source="trail",reason="not-json"}': 1,
    },
  }],
  ["a source failed", (t) => { t.failed("trail", throttled, 1500); }, {
    line: {
      level: "warn", msg: "A source failed.", source: "trail", code: "throttled",
      subject: queue.resource, detail: throttled.message, retrySeconds: 1.5,
    },
    counted: { 'trailwarden_source_failures_total{source="trail",code="throttled"}': 1 },
  }],
  ["an object cannot be had", (t) => { t.failed("trail", throttled, null); }, {
    line: { level: "warn", msg: "Something from a source cannot be had.", code: "throttled" },
    counted: {
      'trailwarden_source_failures_total{source="trail",code="throttled"}': 1,
      'trailwarden_source_up{source="trail"}': 1,
    },
  }],
  ["a queue has messages", (t) => { t.depth("trail", "dead-letter", 3); }, {
    line: { level: "debug", queue: "dead-letter", messageCount: 3 },
    counted: { 'trailwarden_queue_messages{source="trail",queue="dead-letter"}': 3 },
  }],
  ["an object was fetched", (t) => { t.fetched("trail", 512); }, {
    line: { level: "debug", source: "trail", bytes: 512 },
    counted: {
      'trailwarden_fetches_total{source="trail"}': 1,
      'trailwarden_fetched_bytes_total{source="trail"}': 512,
    },
  }],
  ["records are in hand", (t) => { t.inHand(77); }, {
    line: null,
    counted: { trailwarden_in_hand_bytes: 77, trailwarden_in_hand_limit_bytes: 1000 },
  }],
  ["the store failed", (t) => { t.storeFailed(full); }, {
    line: { level: "error", msg: "The store failed.", code: "store-full", subject: "trail.db" },
    counted: { 'trailwarden_store_failures_total{code="store-full"}': 1 },
  }],
  ["old records were forgotten", (t) => { t.retention(9); }, {
    line: { level: "info", removedCount: 9 },
    counted: { trailwarden_retention_removed_total: 9 },
  }],
  ["a receiver was told", (t) => { t.receivers.outboxTold("findings", 4); }, {
    line: { level: "debug", receiver: "findings", count: 4 },
    counted: {
      'trailwarden_outbox_told_total{receiver="findings"}': 4,
    },
  }],
  ["a receiver could not be told", ({ receivers }) => {
    receivers.outboxFailed("findings", new Error("gone"), false);
  }, {
    line: { level: "warn", receiver: "findings", detail: "gone" },
    counted: { 'trailwarden_outbox_failures_total{receiver="findings"}': 1 },
  }],
  ["somebody was notified", ({ receivers }) => { receivers.notified("findings", "worse"); }, {
    line: { level: "debug", receiver: "findings", change: "worse" },
    counted: { 'trailwarden_notifications_total{receiver="findings",change="worse"}': 1 },
  }],
  ["a request was answered", (t) => {
    t.requestEnded({ route: "/v1/sessions/:id", method: "GET", status: 200, seconds: 0.02 });
  }, {
    line: { level: "debug", route: "/v1/sessions/:id", method: "GET", status: 200 },
    counted: {
      'trailwarden_http_requests_total{route="/v1/sessions/:id",method="GET",status="200"}': 1,
      'trailwarden_http_request_seconds_sum{route="/v1/sessions/:id"}': 0.02,
    },
  }],
  ["nothing answers such a request", (t) => {
    t.requestEnded({ route: null, method: "BREW", status: 503, seconds: 0.02 });
  }, {
    line: { level: "warn", route: null, method: "other", status: 503 },
    counted: {
      'trailwarden_http_requests_total{route="none",method="other",status="503"}': 1,
      'trailwarden_http_request_seconds_sum{route="none"}': 0.02,
    },
  }],
  ["the config was read again", (t) => {
    t.configReloaded({ changed: ["agents"], needRestart: [], rules: [] });
  }, {
    line: { level: "info", changed: ["agents"] },
    counted: {
      'trailwarden_config_reloads_total{outcome="applied"}': 1,
      trailwarden_config_last_reload_successful: 1,
    },
  }],
  ["a part of the config waits for a restart", (t) => {
    t.configReloaded({ changed: ["agents", "aws"], needRestart: ["aws"], rules: [] });
  }, {
    line: { level: "warn", changed: ["agents", "aws"], needRestart: ["aws"] },
    counted: { 'trailwarden_config_reloads_total{outcome="applied"}': 1 },
  }],
  ["a request met a bug", (t) => { t.requestFailed(new Error("Oh\u001b."), "/v1/agents"); }, {
    line: {
      level: "error", msg: "A request met a bug.", route: "/v1/agents", detail: "Oh·.",
      stack: expect.stringContaining("telemetry.test.ts") as string,
    },
    counted: {},
  }],
  ["a request failed with the store", (t) => { t.requestFailed(full, "/v1/agents"); }, {
    line: { level: "warn", route: "/v1/agents", detail: full.message },
    counted: {},
  }],
  ["the config was refused", (t) => { t.configRefused(["c.yaml:1:1: No."]); }, {
    line: { level: "error", problems: ["c.yaml:1:1: No."] },
    counted: { 'trailwarden_config_reloads_total{outcome="refused"}': 1 },
  }],
  ["it started", (t) => { t.started({ http: "http://127.0.0.1:8484", sources: ["trail"] }); }, {
    line: { level: "info", msg: "Watching.", http: "http://127.0.0.1:8484", sources: ["trail"] },
    counted: {},
  }],
  ["it stops", (t) => { t.stopping("SIGTERM"); }, {
    line: { level: "info", why: "SIGTERM" }, counted: {},
  }],
  ["it has stopped", (t) => { t.stopped(); }, {
    line: { level: "info", msg: "Stopped." }, counted: {},
  }],
  ["its time to stop was over", (t) => { t.stoppedLate(); }, {
    line: { level: "warn" }, counted: {},
  }],
];

describe("what happens", () => {
  it.each(happenings)("is told and counted once: %s", async (_what, happen, { line, counted }) => {
    const before = watched();
    const { telemetry, lines, scrape } = watched();
    happen(telemetry);
    expect(lines).toEqual(line === null ? [] : [expect.objectContaining(line)]);
    const after = series(await scrape(), "trailwarden_");
    expect(after).toMatchObject(counted);
    const unchanged = series(await before.scrape(), "trailwarden_");
    const changed = Object.keys(after).filter((name) => after[name] !== unchanged[name]);
    const families = new Set(Object.keys(counted).map(familyOf));
    expect(changed.filter((name) => !families.has(familyOf(name)))).toEqual([]);
  });
});

function familyOf(name: string): string {
  return name.replace(/\{.*/, "").replace(/_(?:bucket|sum|count|total)$/, "");
}

describe("a failure that lasts", () => {
  it("of a source is told loudly once, and again when it is another", () => {
    const { telemetry, lines } = watched();
    telemetry.failed("trail", throttled, 100);
    telemetry.failed("trail", throttled, 200);
    telemetry.failed("trail", new AwsFault("denied", queue, null), 400);
    telemetry.recovered("trail");
    telemetry.recovered("trail");
    expect(lines.map(({ level }) => level)).toEqual(["warn", "debug", "warn", "info"]);
  });

  it("of a source shows until it works again, be it by a delivery that ended well", async () => {
    const { telemetry, scrape } = watched();
    const up = async () => series(await scrape(), "trailwarden_source_up");
    telemetry.failed("trail", throttled, 100);
    expect(await up()).toEqual({});
    telemetry.ended("trail", "returned", { name: "m", poison: null });
    expect(await up()).toEqual({});
    telemetry.ended("trail", "committed", { name: "m", poison: null });
    expect(await up()).toEqual({ 'trailwarden_source_up{source="trail"}': 1 });
  });

  it("of a receiver is told when it begins, and when it is left alone until it works", async () => {
    const { telemetry: { receivers }, lines, scrape } = watched();
    const up = async () => series(await scrape(), "trailwarden_receiver_up");
    for (const isOpen of [false, false, true, true]) {
      receivers.outboxFailed("findings", new Error("gone"), isOpen);
      expect(Object.keys(await up()).length).toBe(isOpen ? 0 : 1);
    }
    receivers.outboxWorks("findings");
    expect(await up()).toEqual({ 'trailwarden_receiver_up{receiver="findings"}': 1 });
    expect(lines.map(({ level }) => level)).toEqual(["warn", "debug", "warn", "debug", "info"]);
  });

  it("of the store is told loudly once, and shows until it works again", async () => {
    const { telemetry, lines, scrape } = watched();
    const up = async () => series(await scrape(), "trailwarden_store_up");
    telemetry.storeFailed(full);
    telemetry.storeFailed(full);
    expect(await up()).toEqual({});
    telemetry.storeRecovered();
    expect(await up()).toEqual({ trailwarden_store_up: 1 });
    expect(lines.map(({ level }) => level)).toEqual(["error", "debug", "info"]);
  });

  it("of an unknown code is counted by its name, within bounds", async () => {
    const { telemetry, scrape } = watched();
    for (let i = 0; i < 100; i += 1) {
      const fault = { code: `c${i}`, retryable: true, subject: "x" };
      telemetry.failed("trail", Object.assign(new Error("?"), fault), 1);
    }
    const failures = series(await scrape(), "trailwarden_source_failures_total");
    expect(Object.keys(failures).length).toBeLessThanOrEqual(51);
    expect(Object.values(failures).reduce((sum, count) => sum + count, 0)).toBe(100);
  });
});

it("says less when it is told to", () => {
  const { telemetry, lines } = watched();
  telemetry.logFrom("error");
  telemetry.stopped();
  expect(lines).toEqual([]);
});
