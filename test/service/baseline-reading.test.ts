import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownRulesFolder, rulesAt } from "../../src/app.ts";
import { Config } from "../../src/config/schema.ts";
import { iamAccessLevels } from "../../src/events/access-levels.ts";
import { createNormaliser } from "../../src/events/normalise.ts";
import { judgeEverything } from "../../src/judging/judge-everything.ts";
import type { RawRecord } from "../../src/records/record.ts";
import { ingestParts } from "../../src/pipeline.ts";
import { BaselineReading } from "../../src/service/baseline-reading.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import type { Store } from "../../src/storage/store.ts";
import { batchOf } from "../builders/living.ts";
import { inventory, pastMonth } from "../builders/past-month.ts";
import { instantAt, record, roleIdentity, type RoleSession } from "../builders/record.ts";

const silent = { start: () => undefined, advance: () => undefined, stop: () => undefined };
const config = Config.parse(inventory);
const march1 = Date.UTC(2026, 2, 1);
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

let store: Store;
beforeAll(async () => {
  store = await judged(pastMonth());
});
afterAll(() => store.close());

async function judged(records: readonly RawRecord[]): Promise<Store> {
  const made = await openSqliteStore({ path: ":memory:" });
  const normalise = createNormaliser(iamAccessLevels());
  const rules = await rulesAt({ onlyRules: ownRulesFolder });
  const part = { delivery: { id: "d", name: "d" }, batch: batchOf(records) };
  await ingestParts({ store: made, normalise }, [part]);
  await judgeEverything({ store: made, config, rules, normalise }, silent);
  return made;
}

describe("what gauges show of baselines", () => {
  it("is how many there are, what is normal, and what a day's sessions came to", async () => {
    const asOf = march1 + 11 * hourMs;
    const { roles, ...counts } = await new BaselineReading(store).read({ asOf, config });
    expect(counts).toEqual({ mature: 1, learning: 1, truncated: 0 });
    const [old, young] = roles;
    expect(old).toMatchObject({ agent: "inventory", role: "ro-inventory" });
    expect(old?.normal.calls).toHaveLength(1);
    expect(old?.normal.writes.map(([bin]) => bin)).toEqual([-1]);
    // One of 02-28 at 11:00 and one at 12:00, and `far`, which called twice.
    expect(old?.lately.calls.map(([, count]) => count)).toEqual([3]);
    expect(old?.lately.writes).toEqual([[-1, 2], [0, 1]]);
    expect(old?.standings).toMatchObject({ learning: 0, unusual: 1 });
    expect(young).toMatchObject({
      role: "ro-new", normal: { calls: [] }, standings: { learning: 1, usual: 0, unusual: 0 },
    });
  });

  it("counts as cut those of agents alone: people do more than is kept, as a rule", async () => {
    const cut = async (who: RoleSession) => {
      const busy = Array.from({ length: 130 }, (_, i) => record({
        userIdentity: roleIdentity(who), eventName: `DescribeThing${i}`, eventTime: instantAt(i),
      }));
      const nextDay = instantAt(90_000);
      const next = roleIdentity({ ...who, session: "next", createdAt: nextDay });
      const own = await judged([...busy, record({ userIdentity: next, eventTime: nextDay })]);
      const asOf = march1 + 3 * dayMs;
      const { learning, truncated } = await new BaselineReading(own).read({ asOf, config });
      await own.close();
      return { learning, truncated };
    };
    expect(await cut({})).toEqual({ learning: 1, truncated: 1 });
    expect(await cut({ role: "developer" })).toEqual({ learning: 1, truncated: 0 });
  });

  it("is read once a minute, and baselines only when something was learned", async () => {
    let [learned, sessions] = [0, 0];
    const reading = new BaselineReading({
      ...store,
      baselineSubjects: () => {
        learned += 1;
        return store.baselineSubjects();
      },
      sessionsSince: (since, limit) => {
        sessions += 1;
        return store.sessionsSince(since, limit);
      },
    });
    const read = (seconds: number) =>
      reading.read({ asOf: march1 + 11 * hourMs + seconds * 1000, config });
    const [first, second] = await Promise.all([read(0), read(1)]);
    expect(second).toBe(first);
    expect(await read(59)).toBe(first);
    expect([learned, sessions]).toEqual([1, 1]);
    expect(await read(60)).not.toBe(first);
    expect([learned, sessions]).toEqual([1, 2]);
    const by = { actor: "cli:ann", at: march1 };
    const [known] = await store.baselineSubjects();
    if (known === undefined) throw new Error("Nobody is known.");
    const decision = { windowDays: 28, reason: "", by };
    await store.resetBaseline(known.subject, march1 / dayMs, decision);
    expect(await read(120)).toMatchObject({ mature: 0, learning: 2 });
    expect([learned, sessions]).toEqual([2, 3]);
  });
});
