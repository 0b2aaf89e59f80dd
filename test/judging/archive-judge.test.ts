import { expect, it } from "vitest";
import { ownRulesFolder, rulesAt } from "../../src/app.ts";
import { emptyConfig } from "../../src/config/schema.ts";
import { iamAccessLevels } from "../../src/events/access-levels.ts";
import { createNormaliser } from "../../src/events/normalise.ts";
import { LiveJudge } from "../../src/judging/live-judge.ts";
import { ingestParts } from "../../src/pipeline.ts";
import { simulate } from "../../src/simulation/simulate.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import { batchOf, contentOf } from "../builders/living.ts";

it("gives the same to a reader of archives, whatever is let go of on the way", async () => {
  const rules = await rulesAt({ onlyRules: ownRulesFolder });
  const laws = { rules, normalise: createNormaliser(iamAccessLevels()), config: emptyConfig };
  const startAt = Date.UTC(2026, 2, 2);
  const files = [...simulate({ seed: "spare", startAt, days: 1, scale: 0.1 })];
  const read = async (bytesMax: number, isArchive = true) => {
    const store = await openSqliteStore({ path: ":memory:" });
    const judge = new LiveJudge({ store, ...laws }, { bytesMax, isArchive });
    await judge.begin();
    for (const { key, records } of files) {
      const { gains } = await ingestParts({ store, normalise: laws.normalise }, [
        { delivery: { id: key, name: key }, batch: batchOf(records) },
      ]);
      judge.note(gains);
      judge.spare();
    }
    await judge.finish({ asOf: 0, announceFrom: Infinity });
    const content = await contentOf(store);
    await store.close();
    return content;
  };
  const held = await read(1e9);
  expect(held.findings.length).toBeGreaterThan(10);
  expect(await read(20_000)).toEqual(held);
  expect(await read(1e9, false)).toEqual(held);
}, 60_000);
