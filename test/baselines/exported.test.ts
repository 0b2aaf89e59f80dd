import { describe, expect, it } from "vitest";
import { bucketOf } from "../../src/baselines/day-bucket.ts";
import { ExportedPast, exportedPast, pastFrom } from "../../src/baselines/exported.ts";
import type { Subject } from "../../src/baselines/subject.ts";
import { contribution, march1 } from "../builders/baseline.ts";

const subject: Subject = { role: "111122223333/ro", agent: "aider", kind: "ai" };
const bucket = bucketOf([
  contribution({ region: ["eu-west-1", "eu-north-1"], score: 3 }), contribution({ voice: 9 }),
]);
const days = new Map([[march1 + 1, bucket], [march1, bucket]]);

/** As a file has it. */
const exported = JSON.parse(JSON.stringify(exportedPast({ subject, days, from: null }))) as {
  days: Record<string, { values: { region: { entries: unknown[] } } }>;
};

describe("an exported past", () => {
  it("comes back as it went out", () => {
    expect(Object.keys(exported.days)).toEqual(["2026-03-01", "2026-03-02"]);
    expect(pastFrom(ExportedPast.parse(exported))).toEqual({
      subject, days: new Map([...days].reverse()), from: null,
    });
  });

  it.each([
    ["is of another version", { version: 0 }, ["version"]],
    ["has a day that is none", { days: { "2026-02-30": bucket } }, ["days", "2026-02-30"]],
    ["has a subject without a role", { subject: { ...subject, role: "" } }, ["subject", "role"]],
    ["has numbers that are none", {
      days: { "2026-03-01": { ...bucket, sessions: -1 } },
    }, ["days", "2026-03-01", "sessions"]],
    ["has values out of order", {
      days: { "2026-03-01": { ...bucket, values: { ...bucket.values, region: {
        entries: [...bucket.values.region.entries].reverse(), knownBelow: null,
      } } } },
    }, ["days", "2026-03-01", "values", "region", "entries"]],
    ["has bins twice", {
      days: { "2026-03-01": { ...bucket, scores: [[3, 1], [3, 1]] } },
    }, ["days", "2026-03-01", "scores"]],
    ["has a bin that no score falls into", {
      days: { "2026-03-01": { ...bucket, scores: [[2 ** 31, 1]] } },
    }, ["days", "2026-03-01", "scores", 0, 0]],
  ])("is refused where it %s", (_what, changes, path) => {
    const { error } = ExportedPast.safeParse({ ...exported, ...changes });
    expect(error?.issues[0]?.path).toEqual(path);
  });
});
