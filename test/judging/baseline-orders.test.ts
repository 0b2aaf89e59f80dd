import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { rulesAt } from "../../src/app.ts";
import { iamAccessLevels } from "../../src/events/access-levels.ts";
import { createNormaliser } from "../../src/events/normalise.ts";
import type { RawRecord } from "../../src/records/record.ts";
import { LiveJudge } from "../../src/judging/live-judge.ts";
import { ingestParts } from "../../src/pipeline.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import { batchOf, contentOf, livingThrough, split } from "../builders/living.ts";
import type { Content, Laws, Step } from "../builders/living.ts";
import { config, dayMs, march1, session, type Calls } from "../builders/weeks.ts";

/** Weeks of sessions judged anew in another order; `RUNS` asks for more. */
const runs = Number(process.env["RUNS"] ?? 12);

const usual: Calls = [["ec2:DescribeInstances", 5], ["s3:ListBuckets", 9]];
const look: Calls = [...usual, ["ec2:DescribeRegions", 30, "eu-north-1"]];
const far: Calls = [...usual, ["ec2:RunInstances", 40, "ap-east-1"]];

/** Two sessions a day of one role and one of another, for 24 days, and what befell. */
const story: readonly (readonly RawRecord[])[] = [
  ...Array.from({ length: 24 }, (_, day) => {
    const at = march1 + day * dayMs;
    return [
      session(["ro-inventory", `a${day}`], at, usual),
      session(["ro-inventory", `b${day}`], at + 3_600_000, usual),
      session(["ro-report", `r${day}`], at, [["dynamodb:DescribeTable", 5]]),
    ];
  }).flat(),
  // Reads all secrets, is quarantined; the next, that reads one, is as strange as the first.
  session(["ro-inventory", "sweep"], march1 + 16 * dayMs,
    Array.from({ length: 12 }, (_, i) => ["secretsmanager:GetSecretValue", 10 * i] as const)),
  session(["ro-inventory", "one"], march1 + 18 * dayMs,
    [...usual, ["secretsmanager:GetSecretValue", 30]]),
  // Writes in another region, over midnight: nothing is learned of it, nor of its like.
  session(["ro-inventory", "far"], march1 + 19 * dayMs + 13 * 3_600_000,
    [...far, ["ec2:RunInstances", 5_400, "ap-east-1"], ["iam:CreateUser", 7_200, "us-east-1"]]),
  session(["ro-inventory", "again"], march1 + 21 * dayMs, far),
  // Looks at another region: that is learned, and usual on the day after.
  ...[20, 21, 22].map((day) => session(["ro-inventory", `look${day}`], march1 + day * dayMs, look)),
  // A role that has hardly begun, judged by the others.
  session(["ro-new", "new"], march1 + 22 * dayMs, far),
];

let laws: Laws;
let reference: Content;

const quiet = { by: 0, isMeanwhile: false, isNotedLater: false, judges: [0] };

beforeAll(async () => {
  const rules = await rulesAt({}, config);
  laws = { rules, config, normalise: createNormaliser(iamAccessLevels()) };
  reference = (await livingThrough([{ ...quiet, records: story.flat() }], laws, 0)).content;
});

/** Which sessions departed, and in what: `far hour operation`. */
function raised({ findings }: Pick<Content, "findings">): readonly string[] {
  const rules = new Map<string, readonly string[]>();
  for (const { rule, session: of } of findings) {
    const [, trait] = /^(?:first-seen|unusual)-(.*)/.exec(rule) ?? [];
    const name = of?.name ?? "";
    if (trait !== undefined) rules.set(name, [...(rules.get(name) ?? []), trait]);
  }
  return [...rules].map(([name, traits]) => [name, ...[...traits].sort()].join(" ")).sort();
}

describe("baselines of a service", () => {
  it("find in weeks of sessions what departs from the days before", () => {
    expect(raised(reference)).toEqual([
      "again operation region session",
      "far hour operation region service session",
      "look20 operation region session",
      "new operation region session",
      "one operation service session",
      "sweep operation service session",
    ]);
  });

  it("come to the same in any order, split and repetition, whoever judges when", async () => {
    const records = story.flat();
    const doings = fc.infiniteStream(fc.record({
      by: fc.constantFrom(0, 1),
      isMeanwhile: fc.boolean(),
      isNotedLater: fc.boolean(),
      judges: fc.constantFrom<readonly number[]>([], [], [0], [1], [0, 1]),
    }));
    const shuffled = fc.shuffledSubarray([...records, ...records.slice(20, 60)], {
      minLength: records.length + 40,
    });
    const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 });
    const bytesMax = fc.constantFrom(0, 200_000, 1e9);
    const lives = fc.record({ doings, shuffled, sizes, bytesMax });
    await fc.assert(fc.asyncProperty(lives, async (life) => {
      const deliveries = split(life.shuffled, life.sizes);
      const steps = deliveries.map((some): Step =>
        ({ ...([...life.doings.take(1)][0] ?? quiet), records: some }));
      const { content } = await livingThrough(steps, laws, life.bytesMax);
      expect(content).toEqual(reference);
    }), { numRuns: runs });
  }, 600_000);

  it("come to the same as the events happen, one session after the other", async () => {
    const begun = ([first]: readonly RawRecord[]) => String(first?.["eventTime"]);
    const inTime = [...story].sort((a, b) => (begun(a) < begun(b) ? -1 : 1));
    const steps = inTime.map((records) => ({ ...quiet, records }));
    expect((await livingThrough(steps, laws, 1e9)).content).toEqual(reference);
  }, 120_000);

  it("teach what a person calls false or lets pass, and forget what is found true", async () => {
    const store = await openSqliteStore({ path: ":memory:" });
    const judge = new LiveJudge({ store, ...laws }, { bytesMax: 0 });
    const part = { delivery: { id: "all", name: "all" }, batch: batchOf(story.flat()) };
    await ingestParts({ store, normalise: laws.normalise }, [part]);
    const judged = async () => {
      await judge.finish({ asOf: 0, announceFrom: Infinity });
      return await contentOf(store);
    };
    const before = await judged();
    expect(before).toEqual(reference);
    const grave = before.findings.filter(({ session: of, level }) =>
      of?.name === "far" && (level === "high" || level === "critical"));
    expect(grave.length).toBeGreaterThan(0);
    const by = { actor: "cli:alice", at: march1 };
    const ofAgain = (some: readonly string[]) => some.filter((each) => each.startsWith("again"));
    const close = async (verdict: "false-positive" | "true-positive") => {
      for (const { id } of grave) await store.closeFinding(id, { verdict, note: "" }, by);
      return raised(await judged());
    };
    const drill = {
      id: "s-1", rule: null, entity: "*:far@*", agent: null, account: null,
      reason: "A drill.", createdAt: march1, expiresAt: march1 + 25 * dayMs,
    };
    await store.suppress(drill, by);
    expect(ofAgain(raised(await judged()))).toEqual(["again session"]);
    await store.unsuppress("s-1", "It was none.", by);
    expect(ofAgain(raised(await judged()))).toEqual(["again operation region session"]);
    expect(ofAgain(await close("false-positive"))).toEqual(["again session"]);
    expect(await close("true-positive")).toEqual(raised(reference));
    await store.close();
  });
});
