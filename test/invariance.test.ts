import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { ownRulesFolder, rulesAt } from "../src/app.ts";
import { Config } from "../src/config/schema.ts";
import { createNormaliser, type Normalise } from "../src/events/normalise.ts";
import { iamAccessLevels } from "../src/events/access-levels.ts";
import type { RuleBook } from "../src/findings/rule-book.ts";
import { judgeEverything } from "../src/judging/judge-everything.ts";
import { ingestParts } from "../src/pipeline.ts";
import type { RawRecord } from "../src/records/record.ts";
import { matchingConfig } from "../src/simulation/matching-config.ts";
import { groundTruth, simulate } from "../src/simulation/simulate.ts";
import { openSqliteStore } from "../src/storage/sqlite.ts";
import { batchOf, contentOf, split } from "./builders/living.ts";

const silent = { start: () => undefined, advance: () => undefined, stop: () => undefined };
/** Every run judges two stores whole; `RUNS` asks for more, or for fewer while at work. */
const runs = Number(process.env["RUNS"] ?? 500);
const options = { seed: "invariance", startAt: Date.UTC(2026, 2, 2), days: 3 };

let rules: RuleBook;
let normalise: Normalise;
let config: Config;
/** Records of the sessions in which incidents were planted, and a like number beside them. */
let pool: readonly RawRecord[];

beforeAll(async () => {
  rules = await rulesAt({ onlyRules: ownRulesFolder });
  normalise = createNormaliser(iamAccessLevels());
  config = Config.parse(matchingConfig());
  const planted = new Set(groundTruth(options).flatMap(({ eventIds }) => eventIds));
  const records = [...simulate(options)].flatMap((file) => file.records);
  const principalOf = (record: RawRecord) => JSON.stringify(record["userIdentity"]).slice(0, 160);
  const suspects = new Set(
    records.filter(({ eventID }) => planted.has(String(eventID))).map(principalOf),
  );
  const inside = records.filter((record) => suspects.has(principalOf(record)));
  const issuing = records
    .filter(({ eventName }) => String(eventName).startsWith("AssumeRole"))
    .slice(0, 150);
  pool = [...inside.slice(0, 900), ...issuing];
});

/**
 * Deliveries, one transaction each; everything judged after every `judgeEvery`th of them, and at
 * the end.
 */
async function findingsOf(deliveries: readonly (readonly RawRecord[])[], judgeEvery: number) {
  const store = await openSqliteStore({ path: ":memory:" });
  try {
    for (const [i, records] of deliveries.entries()) {
      await ingestParts({ store, normalise }, [
        { delivery: { id: `d${i}`, name: `d${i}` }, batch: batchOf(records) },
      ]);
      if (i % judgeEvery === judgeEvery - 1)
        await judgeEverything({ store, config, rules, normalise }, silent);
    }
    await judgeEverything({ store, config, rules, normalise }, silent);
    return await contentOf(store);
  } finally {
    await store.close();
  }
}

describe("the same records", () => {
  it("give the same in any order, doubled, split, and judged at any time", async () => {
    let fired = 0;
    const scenario = fc.record({
      picks: fc.uniqueArray(fc.nat({ max: 1_049 }), { minLength: 10, maxLength: 60 }),
      order: fc.infiniteStream(fc.nat()).map((stream) => [...stream.take(200)]),
      doubled: fc.array(fc.nat({ max: 59 }), { maxLength: 30 }),
      sizes: fc.array(fc.integer({ min: 2, max: 40 }), { minLength: 1, maxLength: 5 }),
      judgeEvery: fc.integer({ min: 2, max: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ picks, order, doubled, sizes, judgeEvery }) => {
        const records = picks
          .map((pick) => pool[pick % pool.length])
          .filter((record) => record !== undefined);
        const expected = await findingsOf([records], 1);
        const copies = doubled
          .map((i) => records[i % records.length])
          .filter((record) => record !== undefined);
        const shuffled = [...records, ...copies]
          .map((record, i) => ({ record, rank: order[i] ?? i }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ record }) => record);
        expect(await findingsOf(split(shuffled, sizes), judgeEvery)).toEqual(expected);
        fired += expected.findings.length;
      }),
      { numRuns: runs },
    );
    expect(fired).toBeGreaterThan(runs);
  }, 300_000);
});
