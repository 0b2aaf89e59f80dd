import { expect, it, vi } from "vitest";
import { ownRulesFolder, rulesAt } from "../../src/app.ts";
import { Config } from "../../src/config/schema.ts";
import { iamAccessLevels } from "../../src/events/access-levels.ts";
import { createNormaliser } from "../../src/events/normalise.ts";
import { ingestParts } from "../../src/pipeline.ts";
import type { RawRecord } from "../../src/records/record.ts";
import { WatchService } from "../../src/service/watch-service.ts";
import type { Handover, Source } from "../../src/sources/source.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import type { Store } from "../../src/storage/store.ts";
import { createLogger } from "../../src/telemetry/logger.ts";
import { Telemetry } from "../../src/telemetry/telemetry.ts";
import { batchOf } from "../builders/living.ts";
import { atHour, hoursHeard } from "../builders/origin.ts";
import { record } from "../builders/record.ts";

const call = (hour: number, awsRegion: string): RawRecord => record({
  eventID: `${awsRegion}-${hour}`, awsRegion, eventTime: new Date(atHour(hour)).toISOString(),
});

/** A source that hands over what the test brings. */
class Brought implements Source {
  readonly name = "trail";
  readonly kind = "directory";
  readonly #waiting: Handover[] = [];
  #wake: () => void = () => undefined;
  #count = 0;

  async *handovers(signal: AbortSignal): AsyncGenerator<Handover> {
    signal.addEventListener("abort", () => { this.#wake(); });
    while (!signal.aborted) {
      const next = this.#waiting.shift();
      if (next !== undefined) yield next;
      else await new Promise<void>((wake) => { this.#wake = wake; });
    }
  }

  /** Until it is committed. */
  bring(records: readonly RawRecord[]): Promise<void> {
    this.#count += 1;
    const name = `file ${this.#count}`;
    return new Promise((acknowledged, givenBack) => {
      this.#waiting.push({
        name, receivedAt: 0, poison: null,
        parcels: [{
          delivery: { id: name, name },
          batches: async function* () { yield await Promise.resolve(batchOf(records)); },
        }],
        acknowledge: () => {
          acknowledged();
          return Promise.resolve();
        },
        giveBack: (why) => {
          givenBack(new Error(why));
          return Promise.resolve();
        },
      });
      this.#wake();
    });
  }
}

interface Watched {
  /** It is that hour, and what comes is of these regions, of six minutes or so many hours ago. */
  readonly hear: (hour: number, regions: readonly string[], hoursAgo?: number) => Promise<void>;
  /** Of blind spots, as they are told: when so many have been. */
  readonly told: (count: number) => Promise<readonly string[]>;
  /** `watch` ends: blind spots as they are left. */
  readonly end: () => Promise<readonly unknown[]>;
}

/**
 * Two regions were heard every hour for so many days, one of them until so many hours ago. Then
 * `watch` begins.
 */
async function watchAfter(days: number, hoursAgo = 0): Promise<Watched> {
  const store = await openSqliteStore({ path: ":memory:" });
  const normalise = createNormaliser(iamAccessLevels());
  const past = [
    ...hoursHeard(-24 * days, -hoursAgo).map((hour) => call(hour, "eu-west-1")),
    ...hoursHeard(-24 * days, 0).map((hour) => call(hour, "us-east-1")),
  ];
  const delivery = { id: "past", name: "past" };
  await ingestParts({ store, normalise }, [{ delivery, batch: batchOf(past) }]);
  const rules = await rulesAt({ onlyRules: ownRulesFolder });
  const source = new Brought();
  const told: string[] = [];
  let now = atHour(0);
  const service = await WatchService.open({
    app: { store, config: Config.parse({}), rules, normalise, close: () => store.close() },
    sources: [source],
    receivers: [],
    telemetry: new Telemetry({
      logger: createLogger({ level: "error", isPretty: false }), version: "1.2.3",
      inHandLimitBytes: 1, sources: ["trail"], receivers: [], agents: [], rules: [],
    }),
    now: () => now,
    agentsOnly: false,
    leaveReports: () => Promise.resolve(),
    onFinding: ({ what, finding: { rule, because } }) => {
      if (rule === "blind-spot") told.push(`${what}: ${because}`);
    },
  });
  const stop = new AbortController();
  const running = service.run(stop.signal);
  return {
    hear: async (hour, regions, hoursAgo = 0.1) => {
      now = atHour(hour);
      await source.bring(regions.map((region) => call(hour - hoursAgo, region)));
      // From the first judgement on somebody listens.
      await vi.waitFor(async () => { expect(await store.originsJudgedBy()).not.toBeNull(); }, long);
    },
    told: async (count) => {
      await vi.waitFor(() => { expect(told).toHaveLength(count); }, long);
      return told;
    },
    end: async () => {
      stop.abort();
      await running;
      const left = await blindSpots(store);
      await store.close();
      return left;
    },
  };
}

const both = ["eu-west-1", "us-east-1"] as const;
const long = { timeout: 10_000, interval: 10 };

async function blindSpots(store: Store): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for await (const page of store.findings()) {
    for (const { rule, entity: { id }, status, verdict, overAt } of page) {
      if (rule === "blind-spot") found.push([id, status, verdict, overAt ?? null]);
    }
  }
  return found;
}

async function oneGoesOn({ hear }: Watched): Promise<void> {
  for (const hour of [2, 4, 6, 8, 9]) await hear(hour, ["us-east-1"]);
}

it("a region that falls silent is a finding, which is over when it is heard again", async () => {
  const watched = await watchAfter(16);
  await watched.hear(1, both);
  await oneGoesOn(watched);
  expect(await watched.told(1)).toEqual([
    "opened: 111111111111 eu-west-1 has been silent since 2026-03-02T01:00:00.000Z, when 4.7 " +
      "hours with events were to be expected; in 15 days before it missed 0 of them at most, " +
      "and was never silent for more than 0 s.",
  ]);
  await watched.hear(11, both);
  expect(await watched.end()).toEqual([
    ["111111111111/eu-west-1", "closed", "over", atHour(10)],
  ]);
});

it("where nothing comes any more, all are silent by the clock", async () => {
  const watched = await watchAfter(16);
  await watched.hear(1, both);
  await watched.hear(10, []);
  expect(await watched.end()).toEqual([
    ["111111111111/us-east-1", "open", null, null],
    ["111111111111/eu-west-1", "open", null, null],
  ]);
});

it("a region that fell silent before anybody listened is none", async () => {
  const watched = await watchAfter(16, 2);
  await watched.hear(1, ["us-east-1"]);
  await oneGoesOn(watched);
  expect(await watched.end()).toEqual([]);
});

it("nor is one that is known for less than two weeks", async () => {
  const watched = await watchAfter(13);
  await watched.hear(1, both);
  await oneGoesOn(watched);
  expect(await watched.end()).toEqual([]);
});

it("a region of which all comes late is a finding, until something comes in time", async () => {
  const watched = await watchAfter(1);
  for (const hour of [1, 1.5, 2]) await watched.hear(hour, ["eu-west-1"], 0.9);
  expect(await watched.told(1)).toEqual([
    "opened: 111111111111 eu-west-1 has sent nothing since 2026-03-02T01:00:00.000Z that was " +
      "less than 3240 s late; 1800 s are allowed.",
  ]);
  await watched.hear(2.5, ["eu-west-1"]);
  expect(await watched.end()).toEqual([
    ["111111111111/eu-west-1", "closed", "over", atHour(2.5)],
  ]);
});
