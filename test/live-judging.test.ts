import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { ownRulesFolder, rulesAt } from "../src/app.ts";
import { parseCases } from "../src/detections/cases.ts";
import { loadAccessLevels } from "../src/events/access-levels.ts";
import { createNormaliser } from "../src/events/normalise.ts";
import type { RawRecord } from "../src/records/record.ts";
import { livingThrough, split, type Laws } from "./builders/living.ts";

const runs = Number(process.env["RUNS"] ?? 500);

interface Situation {
  readonly records: readonly RawRecord[];
  readonly laws: Laws;
}

/** Every case of our rules: what each of them turns on. */
let situations: readonly Situation[];

beforeAll(async () => {
  const rules = await rulesAt({ onlyRules: ownRulesFolder });
  const normalise = createNormaliser(await loadAccessLevels());
  const files = readdirSync(ownRulesFolder).filter((file) => file.endsWith(".cases.json"));
  situations = files.flatMap((file) => {
    const { cases } = parseCases(readFileSync(join(ownRulesFolder, file), "utf8"), file);
    return (cases?.cases ?? []).map(({ records, config }) => ({
      records, laws: { rules, normalise, config },
    }));
  });
});

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

describe("judging as events come", () => {
  it("gives what judging them all at once gives, whoever judges, whatever is forgotten", async () => {
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
      fc.asyncProperty(scenario, async ({ which, more, order, sizes, steps, isAlone, bytesMax }) => {
        const situation = situations[which % situations.length];
        if (situation === undefined) return;
        const { records, laws } = situation;
        const together = [...records, ...changed(records, more)];
        const shuffled = together
          .map((record, i) => ({ record, rank: order[i] ?? i }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ record }) => record);
        const quiet = { by: 0, isMeanwhile: false, isNotedLater: false, judges: [0] };
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
    expect(fired).toBeGreaterThan(runs / 2);
  }, 300_000);
});
