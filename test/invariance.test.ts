import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { ownRulesFolder, rulesAt } from "../src/app.ts";
import { Config } from "../src/config/schema.ts";
import { createNormaliser, type Normalise } from "../src/events/normalise.ts";
import { loadAccessLevels } from "../src/events/access-levels.ts";
import { findingJson } from "../src/findings/finding-json.ts";
import type { RuleBook } from "../src/findings/rule-book.ts";
import { judgeEverything } from "../src/judging.ts";
import { LiveJudge } from "../src/live-judging.ts";
import { ingestParts, type Gain } from "../src/pipeline.ts";
import type { ReadBatch } from "../src/records/read.ts";
import type { RawRecord } from "../src/records/record.ts";
import { matchingConfig } from "../src/simulation/matching-config.ts";
import type { Session } from "../src/sessions/session.ts";
import { groundTruth, simulate } from "../src/simulation/simulate.ts";
import { openSqliteStore } from "../src/storage/sqlite.ts";
import type { Store } from "../src/storage/store.ts";

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
  normalise = createNormaliser(await loadAccessLevels());
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

async function contentOf(store: Store) {
  const findings: unknown[] = [];
  for await (const page of store.findings())
    findings.push(...page.filter(isOpen).map(findingJson));
  const sessions: Session[] = [];
  for await (const page of store.sessions()) sessions.push(...page);
  return { findings, sessions: sessions.sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

function batchOf(records: readonly RawRecord[]): ReadBatch {
  return {
    records: records.map((record, index) => ({ record, index, offset: 0 })),
    rejections: [],
    others: {},
    skippedCount: 0,
    bytes: 0,
  };
}

/**
 * What an incomplete view raised and the whole one does not is withdrawn: closed, kept for the
 * record.
 */
function isOpen({ verdict }: { readonly verdict: string | null }): boolean {
  return verdict !== "withdrawn";
}

function split(records: readonly RawRecord[], sizes: readonly number[]): RawRecord[][] {
  const parts: RawRecord[][] = [];
  let from = 0;
  for (let i = 0; from < records.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    parts.push(records.slice(from, from + size));
    from += size;
  }
  return parts;
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

  it("give the same judged as they come, by two processes that forget", async () => {
    let fired = 0;
    const step = fc.record({
      by: fc.nat({ max: 1 }),
      /** Whether the other process judges while this delivery is taken in. */
      isMeanwhile: fc.boolean(),
      isNotedLater: fc.boolean(),
      judges: fc.subarray([0, 1]),
    });
    const scenario = fc.record({
      // Near each other in the pool, so that sessions grow.
      from: fc.nat({ max: 1_049 }),
      picks: fc.array(fc.nat({ max: 90 }), { minLength: 15, maxLength: 80 }),
      sizes: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 }),
      steps: fc.infiniteStream(step).map((stream) => [...stream.take(80)]),
      bytesMax: fc.constantFrom(0, 40_000, 200_000, 1e9),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ from, picks, sizes, steps, bytesMax }) => {
        const records = picks
          .map((pick) => pool[(from + pick) % pool.length])
          .filter((record) => record !== undefined);
        const expected = await findingsOf([records], 1);
        const deliveries = split(records, sizes).map((each, i) => ({ records: each, ...steps[i] }));
        expect(await livingThrough(deliveries, bytesMax)).toEqual(expected);
        fired += expected.findings.length;
      }),
      { numRuns: runs },
    );
    expect(fired).toBeGreaterThan(runs);
  }, 300_000);
});

interface Step {
  readonly records: readonly RawRecord[];
  readonly by?: number;
  readonly isMeanwhile?: boolean;
  readonly isNotedLater?: boolean;
  readonly judges?: readonly number[];
}

/** What two processes make of deliveries that each of them takes in some of. */
async function livingThrough(steps: readonly Step[], bytesMax: number) {
  const store = await openSqliteStore({ path: ":memory:" });
  try {
    const bench = { store, config, rules, normalise };
    const processes = [new LiveJudge(bench, { bytesMax }), new LiveJudge(bench, { bytesMax })];
    const late: (readonly [LiveJudge, readonly Gain[]])[] = [];
    let told = 0;
    const judge = async (process: LiveJudge | undefined) => {
      const change = await process?.judge();
      told += change?.tallies.reduce((sum, { count }) => sum + count, 0) ?? 0;
    };
    for (const [i, { records, by = 0, isMeanwhile, isNotedLater, judges = [] }] of steps.entries()) {
      const part = { delivery: { id: `d${i}`, name: `d${i}` }, batch: batchOf(records) };
      const taking = ingestParts({ store, normalise }, [part]);
      if (isMeanwhile === true) await judge(processes[1 - by]);
      const { gains } = await taking;
      for (const [process, earlier] of late.splice(0)) process.note(earlier);
      const process = processes[by];
      if (process === undefined) continue;
      if (isNotedLater === true) late.push([process, gains]);
      else process.note(gains);
      for (const one of judges) await judge(processes[one]);
    }
    for (const [process, earlier] of late) process.note(earlier);
    for (const process of processes) {
      const { tallies } = await process.finish();
      told += tallies.reduce((sum, { count }) => sum + count, 0);
    }
    expect(told).toBe((await store.counts()).eventCount);
    return await contentOf(store);
  } finally {
    await store.close();
  }
}
