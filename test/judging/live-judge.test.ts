import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { ownRulesFolder } from "../../src/app.ts";
import { setImmediate } from "node:timers/promises";
import { parseCases } from "../../src/detections/cases.ts";
import { iamAccessLevels } from "../../src/events/access-levels.ts";
import { createNormaliser } from "../../src/events/normalise.ts";
import { facts } from "../../src/facts/catalogue.ts";
import type { Fact } from "../../src/facts/fact.ts";
import { ruleBook, type RuleBook } from "../../src/findings/rule-book.ts";
import { LiveJudge } from "../../src/judging/live-judge.ts";
import { ingestParts } from "../../src/pipeline.ts";
import type { RawRecord } from "../../src/records/record.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import { batchOf, contentOf, livingThrough, split, type Laws } from "../builders/living.ts";

/** Every run judges two stores, with findings on each event; `RUNS` asks for more. */
const runs = Number(process.env["RUNS"] ?? 100);

/** A case of so many records has a past of many sessions. */
const longMin = 200;

let own: RuleBook;

interface Situation {
  readonly records: readonly RawRecord[];
  readonly laws: Laws;
}

/** Every case of our rules: what each of them turns on. Those with a past: baseline-orders. */
let situations: readonly Situation[];

beforeAll(() => {
  const texts = readdirSync(ownRulesFolder).filter((file) => file.endsWith(".yml"))
    .map((name) => ({ name, text: readFileSync(join(ownRulesFolder, name), "utf8") }));
  own = ruleBook(texts);
  const growing = facts.filter(({ grows }) => grows !== undefined);
  const rules = ruleBook([...texts, ...growing.map(ruleOn)]);
  expect(rules.problems).toEqual([]);
  const normalise = createNormaliser(iamAccessLevels());
  const files = readdirSync(ownRulesFolder).filter((file) => file.endsWith(".cases.json"));
  situations = files.flatMap((file) => {
    const { cases } = parseCases(readFileSync(join(ownRulesFolder, file), "utf8"), file);
    return (cases?.cases ?? []).map(({ records, config }) => ({
      records, laws: { rules, normalise, config },
    }));
  }).filter(({ records }) => records.length > 0 && records.length < longMin);
});

/** A rule whose findings show one fact of the first event that has it, and count others. */
function ruleOn({ name }: Fact): { name: string; text: string } {
  const text = `
title: Shows ${name}
name: shows-${name}
logsource: { product: aws, service: cloudtrail }
detection:
  has: { ${name}|exists: true }
  condition: has
level: low
trailwarden: { entity: session, because: "{${name}}" }`;
  return { name: `${name}.yml`, text };
}

/** Changes that make of one record another one, of the same session. */
const changes = fc.record({
  of: fc.nat(),
  laterByMs: fc.constantFrom(-7_200_000, -90_000, -1000, 0, 1000, 90_000, 7_200_000),
  set: fc.constantFrom<RawRecord>(
    {},
    { sourceIPAddress: "192.0.2.77" },
    { sourceIPAddress: "203.0.113.66" },
    { userAgent: "aws-cli/2.30.0 os/macos lang/python cfg/x m/AN" },
    { userAgent: "Boto3/1.40.0 md/Botocore#1.40.0 os/windows lang/python m/e,n" },
    { sharedEventID: "5e1f0000-0000-4000-8000-000000000001" },
    { sharedEventID: "5e1f0000-0000-4000-8000-000000000001", recipientAccountId: "999999999999" },
    { errorCode: "AccessDenied" },
  ),
  corrects: fc.option(fc.nat(), { freq: 8 }),
});
type Change = typeof changes extends fc.Arbitrary<infer T> ? T : never;

function changed(records: readonly RawRecord[], all: readonly Change[]): readonly RawRecord[] {
  return all.flatMap(({ of, laterByMs, set, corrects }, i) => {
    const record = records[of % records.length];
    if (record === undefined) return [];
    const at = Date.parse(String(record["eventTime"])) + laterByMs;
    const replaced = corrects === null ? undefined : records[corrects % records.length];
    const addendum = replaced === undefined
      ? {}
      : { addendum: { reason: "UPDATED_DATA", originalEventID: replaced["eventID"] } };
    return [{
      ...record,
      ...set,
      ...addendum,
      eventID: `0c0ffee0-0000-4000-8000-${String(i).padStart(12, "0")}`,
      eventTime: new Date(at).toISOString().replace(".000Z", "Z"),
    }];
  });
}

const quiet = { by: 0, isMeanwhile: false, isNotedLater: false, judges: [0] };

function inTime(records: readonly RawRecord[]): readonly RawRecord[] {
  return [...records].sort((a, b) => (String(a["eventTime"]) < String(b["eventTime"]) ? -1 : 1));
}

describe("judging as events come", () => {
  it("gives what judging them at once gives, for every case, one by one, both ways", async () => {
    for (const { records, laws } of situations) {
      const { content } = await livingThrough([{ ...quiet, records }], laws, 0);
      for (const order of [inTime(records), inTime(records).toReversed()]) {
        const steps = order.map((record) => ({ ...quiet, records: [record] }));
        expect((await livingThrough(steps, laws, 1e9)).content).toEqual(content);
      }
    }
  }, 300_000);

  it("tells of a tool call behind an earlier call as soon as it is seen", async () => {
    const tool = (requestId: string) => ({
      base: "mcp-tool",
      set: { "additionalEventData.downstreamRequests": [{ requestId }] },
    });
    const call = (requestID: string) => ({ base: "mcp-call", set: { requestID } });
    const records = [tool("r-1"), call("r-1"), call("r-2"), tool("r-2"), call("r-3")];
    const one = { name: "Tools.", records };
    const text = JSON.stringify({ fires: [{ ...one, expect: {} }], quiet: [one] });
    const { cases, problems } = parseCases(text, "tools.cases.json");
    expect(problems).toEqual([]);
    const [situation] = situations;
    const [made] = cases?.cases ?? [];
    if (situation === undefined || made === undefined) throw new Error("There are no cases.");
    const steps = made.records.map((record) => ({ ...quiet, records: [record] }));
    const { content } = await livingThrough(steps, situation.laws, 1e9);
    const shown = content.findings.find(({ rule }) => rule === "shows-event.mcp_client");
    expect(shown?.eventCount).toBe(4);
  });

  it("puts right what a slower process writes over a newer judgement", async () => {
    const [situation] = situations;
    const [record] = situation?.records ?? [];
    if (situation === undefined || record === undefined) throw new Error("There are no cases.");
    const laws = { ...situation.laws, rules: own };
    // The second one alone raises another finding.
    const records = [{}, { userAgent: "trufflehog" }, {}].map((set, i) => (
      { ...record, ...set, eventID: `0c0ffee0-0000-4000-8000-00${i}` }
    ));
    const whole = await livingThrough([{ ...quiet, records }], laws, 0);
    const store = await openSqliteStore({ path: ":memory:" });
    const when = { asOf: 0, announceFrom: Infinity };
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const judged: typeof store.judged = async (...all) => gate.then(() => store.judged(...all));
    const slow = new LiveJudge({ store: { ...store, judged }, ...laws }, { bytesMax: 1e9 });
    const quick = new LiveJudge({ store, ...laws }, { bytesMax: 1e9 });
    const take = async (i: number) => {
      const batch = batchOf(records.slice(i, i + 1));
      const part = { delivery: { id: `d${i}`, name: `d${i}` }, batch };
      quick.note((await ingestParts({ store, ...laws }, [part])).gains);
    };
    await take(0);
    const slowly = slow.judge(when);
    await setImmediate();
    await take(1);
    await quick.judge(when);
    await take(2);
    open();
    await slowly;
    await quick.finish(when);
    expect(await contentOf(store)).toEqual(whole.content);
    await store.close();
  });

  it("judges each event of a long session once, and reads none again", async () => {
    const base = situations[0];
    const [record] = base?.records ?? [];
    if (base === undefined || record === undefined) throw new Error("There are no cases.");
    const many = Array.from({ length: 300 }, (_, i) => ({
      ...record,
      eventID: `0c0ffee0-0000-4000-8000-${String(i).padStart(12, "0")}`,
      eventTime: new Date(Date.UTC(2026, 2, 1, 10, 0, i)).toISOString(),
    }));
    const count = { normalised: 0, judged: 0 };
    const laws: Laws = {
      ...base.laws,
      normalise: (each) => {
        count.normalised += 1;
        return base.laws.normalise(each);
      },
      rules: {
        ...own,
        usualCandidates: (...call) => {
          count.judged += 1;
          return own.usualCandidates(...call);
        },
      },
    };
    const steps = many.map((each) => ({ ...quiet, records: [each] }));
    expect((await livingThrough(steps, laws, 1e9)).eventCount).toBe(300);
    expect(count).toEqual({ normalised: 300, judged: 300 });
  }, 60_000);

  it("gives what judging them at once gives, whoever judges, whatever is forgotten", async () => {
    let fired = 0;
    const step = fc.record({
      by: fc.constantFrom(0, 0, 0, 1),
      isMeanwhile: fc.constantFrom(false, false, false, true),
      isNotedLater: fc.constantFrom(false, false, false, true),
      judges: fc.constantFrom<number[]>([0], [0], [0], [1], [0, 1], []),
    });
    const scenario = fc.record({
      which: fc.nat(),
      more: fc.array(changes, { maxLength: 12 }),
      order: fc.infiniteStream(fc.nat()).map((stream) => [...stream.take(200)]),
      sizes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }),
      steps: fc.infiniteStream(step).map((stream) => [...stream.take(120)]),
      isAlone: fc.boolean(),
      bytesMax: fc.constantFrom(0, 60_000, 300_000, 1e9, 1e9),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ which, more, order, sizes, ...rest }) => {
        const { steps, isAlone, bytesMax } = rest;
        const situation = situations[which % situations.length];
        if (situation === undefined) return;
        const { records, laws } = situation;
        const together = [...records, ...changed(records, more)];
        const shuffled = together
          .map((record, i) => ({ record, rank: order[i] ?? i }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ record }) => record);
        const whole = await livingThrough([{ ...quiet, records: together }], laws, 0);
        const deliveries = split(shuffled, sizes).map((each, i) => ({
          ...quiet, ...(isAlone ? {} : steps[i]), records: each,
        }));
        const living = await livingThrough(deliveries, laws, bytesMax);
        expect(living.content).toEqual(whole.content);
        expect(living.told).toBe(living.eventCount);
        fired += whole.content.findings.length;
      }),
      { numRuns: runs },
    );
    expect(fired).toBeGreaterThan(runs);
  }, 300_000);
});
