import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { ownRulesFolder, rulesAt } from "../../src/app.ts";
import { Config } from "../../src/config/schema.ts";
import { iamAccessLevels } from "../../src/events/access-levels.ts";
import { createNormaliser } from "../../src/events/normalise.ts";
import type { FindingJson } from "../../src/findings/finding-json.ts";
import { LiveJudge } from "../../src/judging/live-judge.ts";
import { ingestParts } from "../../src/pipeline.ts";
import type { RawRecord } from "../../src/records/record.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import { batchOf, contentOf, split, type Laws } from "../builders/living.ts";
import { atHour, hoursHeard } from "../builders/origin.ts";
import { record } from "../builders/record.ts";

let laws: Laws;

beforeAll(async () => {
  laws = {
    rules: await rulesAt({ onlyRules: ownRulesFolder }),
    normalise: createNormaliser(iamAccessLevels()),
    config: Config.parse({}),
  };
});

const call = (hour: number, awsRegion = "eu-west-1"): RawRecord => record({
  eventID: `${awsRegion}-${hour}`, awsRegion, eventTime: new Date(atHour(hour)).toISOString(),
});
/** Sixteen days of every hour; then one is heard again after ten hours, the other every three. */
const history = [
  ...hoursHeard(-16 * 24, 0).flatMap((hour) => [call(hour), call(hour, "us-east-1")]),
  call(10), ...[3, 6, 9, 12].map((hour) => call(hour, "us-east-1")),
];

interface Way {
  readonly records: readonly RawRecord[];
  readonly sizes: readonly number[];
  /** Hours by which it is judged in between; each by another process. */
  readonly judgedBy: readonly number[];
}

async function judged({ records, sizes, judgedBy }: Way): Promise<readonly FindingJson[]> {
  const store = await openSqliteStore({ path: ":memory:" });
  try {
    const judges = [0, 1].map(() => new LiveJudge({ store, ...laws }, { bytesMax: 1e6 }));
    const when = (hour: number) =>
      ({ asOf: 0, announceFrom: -Infinity, sourcesAsOf: atHour(hour) });
    await store.listenedSince(0);
    for (const [i, part] of split(records, sizes).entries()) {
      const delivery = { id: `d${i}`, name: `d${i}` };
      await ingestParts({ store, normalise: laws.normalise }, [{ delivery, batch: batchOf(part) }]);
      const hour = judgedBy[i];
      if (hour !== undefined) await judges[i % 2]?.judge(when(hour));
    }
    await judges[0]?.finish(when(12));
    const { findings } = await contentOf(store);
    return findings.filter(({ rule }) => rule === "blind-spot");
  } finally {
    await store.close();
  }
}

describe("what is said of sources", () => {
  it("is the same in every order, split and copy of what comes, whoever judges when", async () => {
    const reference = await judged({ records: history, sizes: [history.length], judgedBy: [] });
    expect(reference).toMatchObject([{
      rule: "blind-spot", entity: { type: "source", id: "111111111111/eu-west-1" },
      status: "closed", eventCount: 0,
      firstEventAt: "2026-03-02T07:30:00.000Z", overAt: "2026-03-02T10:00:00.000Z",
      values: { "source.silent_seconds": 36_000 },
    }]);
    const way: fc.Arbitrary<Way> = fc.record({
      records: fc.shuffledSubarray(history, { maxLength: 60 })
        .chain((again) => fc.shuffledSubarray(history, { minLength: history.length })
          .map((all) => [...all, ...again])),
      sizes: fc.array(fc.integer({ min: 60, max: 300 }), { minLength: 1, maxLength: 5 }),
      judgedBy: fc.array(fc.integer({ min: -400, max: 12 }), { maxLength: 6 }),
    });
    await fc.assert(fc.asyncProperty(way, async (one) => {
      expect(await judged(one)).toEqual(reference);
    }), { numRuns: 15 });
  }, 120_000);

  it("is nothing where nobody listens: an archive ends somewhere", async () => {
    const store = await openSqliteStore({ path: ":memory:" });
    try {
      const batch = batchOf(history);
      const parts = [{ delivery: { id: "archive", name: "archive" }, batch }];
      await ingestParts({ store, normalise: laws.normalise }, parts);
      const judge = new LiveJudge({ store, ...laws }, { bytesMax: 1e6 });
      await judge.finish({ asOf: atHour(99), tasksAsOf: atHour(99), announceFrom: -Infinity });
      const { findings } = await contentOf(store);
      expect(findings.filter(({ rule }) => rule === "blind-spot")).toEqual([]);
    } finally {
      await store.close();
    }
  });
});
