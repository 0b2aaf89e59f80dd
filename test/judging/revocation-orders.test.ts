import { beforeAll, describe, expect, it } from "vitest";
import { ownRulesFolder, rulesAt } from "../../src/app.ts";
import { Config } from "../../src/config/schema.ts";
import { iamAccessLevels } from "../../src/events/access-levels.ts";
import { createNormaliser } from "../../src/events/normalise.ts";
import { LiveJudge } from "../../src/judging/live-judge.ts";
import { ingestParts } from "../../src/pipeline.ts";
import { revocationAsTold } from "../../src/revocations/as-told.ts";
import type { Revocation } from "../../src/revocations/revocation.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import type { Store } from "../../src/storage/store.ts";
import { at } from "../builders/event.ts";
import { batchOf, contentOf, type Laws } from "../builders/living.ts";
import { assumed, instantAt, record, roleIdentity } from "../builders/record.ts";

let laws: Laws;
beforeAll(async () => {
  laws = {
    rules: await rulesAt({ onlyRules: ownRulesFolder }),
    normalise: createNormaliser(iamAccessLevels()),
    config: Config.parse({}),
  };
});

type Happening = (store: Store) => Promise<unknown>;
const arrives = (one: ReturnType<typeof record>): Happening => (store) => {
  const name = JSON.stringify(one["eventID"]);
  return ingestParts({ store, normalise: laws.normalise }, [
    { delivery: { id: name, name }, batch: batchOf([one]) },
  ]);
};
const call = (seconds: number, session = "task-4711") => arrives(record({
  eventTime: instantAt(seconds), eventID: `${session} ${seconds}`,
  userIdentity: roleIdentity({ session, accessKeyId: `ASIA${session}` }),
}));
const revocation = revocationAsTold({
  id: "r1", of: "AROATASK000000000000B:task-4711", appliedAt: at(120), undoneAt: null,
});
const unapplied: Revocation = { ...revocation, applied: {} };
const told = (news: Parameters<Store["tellRevocation"]>[1]): Happening => async (store) => {
  await store.addRevocation(unapplied);
  return await store.tellRevocation("r1", news, null);
};
const [part = ""] = Object.keys(revocation.applied);
const applied = told({ kind: "applied", part, at: at(120) });
const undone = told({ kind: "undone", decision: { by: "cli:ann", reason: "r", at: at(600) } });

async function judged(happenings: readonly Happening[], isJudgedEach: boolean) {
  const store = await openSqliteStore({ path: ":memory:" });
  try {
    const judge = new LiveJudge({ store, ...laws }, { bytesMax: 1e6 });
    const when = { asOf: 0, announceFrom: -Infinity };
    for (const happening of happenings) {
      await happening(store);
      if (isJudgedEach) await judge.judge(when);
    }
    await judge.finish(when);
    const { findings, sessions } = await contentOf(store);
    return { findings, sessions, issued: await store.issuedCredentials({}, all) };
  } finally {
    await store.close();
  }
}
const all = { limit: 99, after: null };

function* ordersOf<T>(items: readonly T[]): Generator<readonly T[]> {
  if (items.length === 0) yield [];
  for (const [i, item] of items.entries()) {
    for (const rest of ordersOf(items.toSpliced(i, 1))) yield [item, ...rest];
  }
}

describe("findings on what was revoked are the same in every order of", () => {
  it.each<[string, readonly Happening[], readonly (readonly [string, number])[]]>([
    ["issue, use, revocation, use after it, use by another",
      [arrives(assumed({ accessKeyId: "ASIAtask-4711" })), call(60), applied, call(300),
        call(301, "task-1")], [["use-after-revocation", 1]]],
    ["use, revocation, two uses after it, an undoing between them",
      [call(60), applied, call(300), call(700), undone], [["use-after-revocation", 1]]],
  ])("%s", async (_, happenings, expected) => {
    const reference = await judged(happenings, false);
    const seen = reference.findings
      .filter(({ rule }) => rule === "use-after-revocation")
      .map(({ rule, eventCount }) => [rule, eventCount]);
    expect(seen).toEqual(expected);
    for (const order of ordersOf(happenings)) {
      expect(await judged(order, true)).toEqual(reference);
    }
  });
});
