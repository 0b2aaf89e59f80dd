import { describe, expect } from "vitest";
import { bucketOf } from "../../src/baselines/day-bucket.ts";
import type { Learnable } from "../../src/baselines/store.ts";
import type { Subject } from "../../src/baselines/subject.ts";
import type { Store } from "../../src/storage/store.ts";
import { contribution, march1, type Shown } from "../builders/baseline.ts";
import type { OpenEmpty } from "./contract.ts";
import { event, noon, part, session, state } from "./made.ts";
import { keep, testsWith } from "./with-store.ts";

const aider: Subject = { role: "111122223333/ro", agent: "aider", kind: "ai" };
const nobody: Subject = { role: "111122223333/ro", agent: null, kind: "none" };
const placing = { pValue: 0.04, isUnusual: false, confidence: "high" } as const;
const by = { actor: "cli:ann", at: noon };
const decision = { windowDays: 28, reason: "because", by };
const dayMs = 86_400_000;

interface Held extends Shown {
  readonly subject?: Subject;
  readonly sight?: string;
  readonly isGrave?: boolean;
}

/** A session of its own group that began on a day, judged. */
async function judged(
  store: Store,
  [id, day]: readonly [id: string, day: number],
  { subject = aider, sight = "seen", isGrave = false, ...shown }: Held = {},
): Promise<void> {
  const grave = part(`${id}-sweep`, { level: "high", rule: "sweep" });
  const learnable: Learnable = {
    sessionId: id, subject, day, contribution: contribution(shown), placing, sight,
    blemishes: isGrave ? [grave.fingerprint] : [],
  };
  const firstAt = day * dayMs + 1;
  await keep(store, [event(`${id}-1`, { groupKey: id, at: firstAt })], [state(id, { firstAt })]);
  await store.judged([{
    groupKey: id, sessions: [session(id, { groupKey: id, firstAt })],
    parts: isGrave ? [grave] : [], hits: [], learnables: [learnable],
  }]);
}

/** Does all steps there are, the comparisons as `again` says. */
async function settle(store: Store, sight = "seen"): Promise<readonly string[]> {
  const done: string[] = [];
  for (;;) {
    const step = await store.nextLearning(null);
    if (step === null) return done;
    done.push(`${step.what} ${step.day - march1}`);
    if (step.what === "learn") await store.learn(step.day, 28);
    else {
      const version = await store.baselinesVersion();
      const other = { ...placing, isUnusual: true };
      await store.compare({ day: step.day, version }, () =>
        ({ sight, placing: other, score: null, scoreAbove: null }));
    }
  }
}

/** What a store tells of baselines, and keeps of what people decide about them. */
export function baselineContract(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  describe(`${name}: a baseline`, () => {
    stored("is of everyone who had a session that is compared", async (store) => {
      expect(await store.baselineSubjects()).toEqual([]);
      await judged(store, ["s1", march1]);
      await judged(store, ["s2", march1], { subject: nobody });
      expect(await store.baselineSubjects()).toEqual([
        { subject: nobody, from: null }, { subject: aider, from: null },
      ]);
    });

    stored("learns all sessions of a busy day", async (store) => {
      const groupKey = "busy";
      const ids = Array.from({ length: 1234 }, (_, i) => `s${i}`);
      const firstAt = march1 * dayMs + 1;
      await keep(store, [event("e1", { groupKey, at: firstAt })], [state(groupKey, { firstAt })]);
      await store.judged([{
        groupKey, parts: [], hits: [],
        sessions: ids.map((id) => session(id, { groupKey, firstAt })),
        learnables: ids.map((sessionId, i) => ({
          sessionId, subject: aider, day: march1, placing, sight: "", blemishes: [],
          contribution: contribution({ operation: [`s3:Get${i % 7}`] }),
        })),
      }]);
      await store.learn(march1, 28);
      const [past] = await store.pasts(march1, march1 + 1);
      const whole = bucketOf(ids.map((_, i) => contribution({ operation: [`s3:Get${i % 7}`] })));
      expect(past?.days.get(march1)).toEqual(whole);
      expect(whole.sessions).toBe(ids.length);
    });

    stored("is one for a role and an agent, whatever it was taken for", async (store) => {
      const declared: Subject = { ...aider, kind: "declared" };
      await judged(store, ["s2", march1 + 1], { subject: declared });
      await judged(store, ["s1", march1]);
      await store.resetBaseline(aider, march1 - 1, decision);
      expect(await store.baselineSubjects()).toEqual([{ subject: declared, from: march1 - 1 }]);
      const found = await store.comparedSessions({ subject: aider, fromDay: 0, limit: 9 });
      expect(found.map(({ sessionId }) => sessionId)).toEqual(["s2", "s1"]);
    });

    stored("tells sessions as they were compared, the latest days first", async (store) => {
      await judged(store, ["a", march1], { score: 7 });
      await judged(store, ["b", march1 + 1]);
      await judged(store, ["c", march1 + 2]);
      await judged(store, ["other", march1 + 2], { subject: nobody });
      const of = { subject: aider, fromDay: march1, limit: 2 };
      const found = await store.comparedSessions(of);
      expect(found.map(({ sessionId, day }) => [sessionId, day - march1])).toEqual([
        ["c", 2], ["b", 1],
      ]);
      const [, , first] = await store.comparedSessions({ ...of, limit: 9 });
      expect(first).toEqual({ sessionId: "a", day: march1, placing, score: 7, heldBy: [] });
      const since = await store.sessionsSince((march1 + 1) * dayMs, 9);
      expect(since.map(({ subject: { agent } }) => String(agent)).sort())
        .toEqual(["aider", "aider", "null"]);
      expect(since[0]).toMatchObject({ placing, contribution: { traits: { numbers: {} } } });
      expect(await store.sessionsSince((march1 + 1) * dayMs, 1)).toHaveLength(1);
    });

    stored("tells what it did not learn of, and for which finding", async (store) => {
      await judged(store, ["fine", march1 + 1]);
      await judged(store, ["grave", march1], { isGrave: true });
      const of = { subject: aider, fromDay: march1, limit: 9, isHeld: true };
      const { fingerprint } = part("grave-sweep");
      const id = fingerprint.slice(0, 16);
      expect(await store.comparedSessions(of)).toMatchObject([
        { sessionId: "grave", heldBy: [{ id, rule: "sweep", level: "high" }] },
      ]);
      await store.closeFinding(id, { verdict: "benign", note: "" }, by);
      expect(await store.comparedSessions(of)).toEqual([]);
    });

    stored("takes over what a comparison comes to", async (store) => {
      await judged(store, ["a", march1]);
      await judged(store, ["b", march1 + 3]);
      expect(await settle(store)).toEqual(["learn 0", "compare 3"]);
      const [b, a] = await store.comparedSessions({ subject: aider, fromDay: 0, limit: 9 });
      expect([a?.placing.isUnusual, b?.placing.isUnusual]).toEqual([false, true]);
      expect(await store.dirtyGroups(9)).toEqual([]);
    });
  });

  describe(`${name}: an imported past`, () => {
    const bucket = bucketOf([contribution({ region: ["eu-north-1"] })]);
    stored("stands in for days on which nothing was learned", async (store) => {
      await judged(store, ["own", march1]);
      await judged(store, ["later", march1 + 3]);
      await settle(store);
      const days = new Map([[march1, bucket], [march1 + 1, bucket], [march1 - 40, bucket]]);
      const version = await store.baselinesVersion();
      expect(await store.importPast({ subject: aider, days }, decision)).toBe(3);
      expect(await store.baselinesVersion()).toBeGreaterThan(version);
      const [past] = await store.pasts(march1, march1 + 9);
      expect([...(past?.days ?? [])].map(([day, { values }]) =>
        [day - march1, values.region.entries[0]?.[0]])).toEqual([
        [0, "eu-west-1"], [1, "eu-north-1"],
      ]);
      expect(await settle(store, "otherwise")).toEqual(["compare 3"]);
      expect((await store.dirtyGroups(9)).map(({ state: { key } }) => key)).toEqual(["later"]);
    });

    stored("that is there already changes nothing", async (store) => {
      const past = { subject: nobody, days: new Map([[march1, bucket]]) };
      expect(await store.importPast(past, decision)).toBe(1);
      const version = await store.baselinesVersion();
      expect(await store.importPast(past, decision)).toBe(0);
      expect(await store.baselinesVersion()).toBe(version);
      expect(await store.baselineSubjects()).toEqual([{ subject: nobody, from: null }]);
      expect((await store.auditLog(1))[0]).toMatchObject({
        actor: "cli:ann", action: "baseline.import", subject: "111122223333/ro",
        reason: "because",
      });
    });
  });

  describe(`${name}: a reset`, () => {
    stored("says from when on the past counts, and has later ones compared", async (store) => {
      await judged(store, ["a", march1]);
      await judged(store, ["b", march1 + 3]);
      await judged(store, ["c", march1 + 33]);
      await settle(store);
      expect(await store.resetBaseline(nobody, march1, decision)).toBe(false);
      expect(await store.resetBaseline(aider, march1 + 2, decision)).toBe(true);
      const [past] = await store.pasts(march1, march1 + 9);
      expect(past).toMatchObject({ from: march1 + 2 });
      expect(await settle(store, "otherwise")).toEqual(["compare 3"]);
      expect((await store.auditLog(9)).map(({ action, subject }) => [action, subject]))
        .toEqual([["baseline.reset", "111122223333/ro aider"]]);
    });

    stored("replaces the one before: what both let see is compared again", async (store) => {
      await judged(store, ["a", march1]);
      await judged(store, ["b", march1 + 33]);
      await store.resetBaseline(aider, march1, decision);
      await settle(store);
      await store.resetBaseline(aider, march1 + 20, decision);
      expect(await settle(store)).toEqual(["compare 0", "compare 33"]);
    });
  });
}
