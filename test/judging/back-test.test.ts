import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownRulesFolder, rulesAt } from "../../src/app.ts";
import { Config } from "../../src/config/schema.ts";
import { iamAccessLevels } from "../../src/events/access-levels.ts";
import { createNormaliser } from "../../src/events/normalise.ts";
import { backTest } from "../../src/judging/back-test.ts";
import { judgeEverything } from "../../src/judging/judge-everything.ts";
import { ingestParts } from "../../src/pipeline.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import type { Store } from "../../src/storage/store.ts";
import { batchOf, contentOf } from "../builders/living.ts";
import { inventory, pastMonth } from "../builders/past-month.ts";

const silent = { start: () => undefined, advance: () => undefined, stop: () => undefined };
const normalise = createNormaliser(iamAccessLevels());
const config = Config.parse(inventory);
const rules = await rulesAt({ onlyRules: ownRulesFolder });
const march = { from: Date.UTC(2026, 2, 1), to: Date.UTC(2026, 2, 2) - 1 };

let store: Store;
beforeAll(async () => {
  store = await openSqliteStore({ path: ":memory:" });
  const part = { delivery: { id: "d", name: "d" }, batch: batchOf(pastMonth()) };
  await ingestParts({ store, normalise }, [part]);
  await judgeEverything({ store, config, rules, normalise }, silent);
});
afterAll(() => store.close());

describe("a back-test", () => {
  it("finds what the store's own judging found, and keeps nothing", async () => {
    const before = await contentOf(store);
    const whole = { from: 0, to: march.to };
    const bench = { store, config, rules, normalise };
    const { parts, groupCount } = await backTest(bench, whole, silent);
    expect(groupCount).toBe(86);
    expect(parts.map(({ rule, level, confidence, because, eventCount }) =>
      ({ rule, level, confidence, because, eventCount })).sort(byRule)).toEqual(
      before.findings.map(({ rule, level, confidence, because, eventCount }) =>
        ({ rule, level, confidence, because, eventCount })).sort(byRule));
    expect(parts.length).toBeGreaterThan(4);
    expect(await contentOf(store)).toEqual(before);
    expect(await store.dirtyGroups(9)).toEqual([]);
  });

  it("judges by the given rules alone, with the baselines that are stored", async () => {
    const only = await rulesAt({ onlyRules: `${ownRulesFolder}/first-seen-region.yml` });
    const { parts } = await backTest({ store, config, rules: only, normalise }, march, silent);
    expect(parts.map(({ rule, because }) => `${rule}: ${because}`)).toEqual([
      expect.stringMatching(/^first-seen-region: 84 sessions in 28 days never left eu-west-1; far/),
      expect.stringMatching(/^first-seen-region: 84 sessions .* new /),
    ]);
  });

  it("leaves out what would have been found before the time", async () => {
    const later = { from: march.from + 20 * 3_600_000, to: march.to };
    const { parts } = await backTest({ store, config, rules, normalise }, later, silent);
    expect(parts).toEqual([]);
  });
});

function byRule(a: { rule: string; because: string }, b: { rule: string; because: string }) {
  return `${a.rule} ${a.because}` < `${b.rule} ${b.because}` ? -1 : 1;
}
