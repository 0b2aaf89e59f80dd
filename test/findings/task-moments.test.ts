import { describe, expect, it } from "vitest";
import { Config } from "../../src/config/schema.ts";
import {
  momentsOf, nextAfter, tooMany, trueBy, type TaskMoment,
} from "../../src/findings/task-moments.ts";
import type { HeldCredential } from "../../src/sessions/task-store.ts";
import { startTold, taskOf, withNews, type TaskStart } from "../../src/sessions/task-told.ts";
import { after, begin, taskStart } from "../builders/task.ts";

const config = Config.parse({
  agents: [{ name: "aider", roles: ["*"], maxLiveCredentialsPerTask: 2 }],
});

function key(accessKeyId: string, issued: number, expires: number | null): HeldCredential {
  return {
    accessKeyId, roleArn: null, issuedAt: after(issued),
    expiresAt: expires === null ? null : after(expires), seen: null,
  };
}

function moments(
  changes: Partial<TaskStart>,
  endSeconds: number | null,
  credentials: readonly HeldCredential[],
): readonly TaskMoment[] {
  const started = startTold(taskStart(changes), begin);
  const end = endSeconds === null ? null : {
    at: after(endSeconds), outcome: "succeeded", exitCode: 0, revoke: false,
  } as const;
  const told = end === null ? started : withNews(started, { kind: "end", end });
  return momentsOf({ task: taskOf(told), credentials }, config);
}

const seconds = (at: number | null) => at === null ? null : (at - begin) / 1000;
const shown = (all: readonly TaskMoment[]) =>
  all.map(({ name, at, overAt, of, liveCount }) =>
    [name, seconds(at), seconds(overAt), of.accessKeyId, liveCount]);

describe("what becomes true of a task", () => {
  it.each<[string, ReturnType<typeof moments>, readonly unknown[]]>([
    ["a credential outlives it from the grace after its end until it expires",
      moments({ expectedSeconds: null }, 120, [key("A", 0, 900)]),
      [["CredentialOutlivedTask", 180, 900, "A", 1]]],
    ["one that was issued after the end does so at once",
      moments({ expectedSeconds: null }, 120, [key("A", 200, 1100)]),
      [["CredentialOutlivedTask", 200, 1100, "A", 1]]],
    ["one of unknown expiry is never over",
      moments({ expectedSeconds: null }, 120, [key("A", 0, null)]),
      [["CredentialOutlivedTask", 180, null, "A", 1]]],
    ["one that expires within the grace does not",
      moments({ expectedSeconds: null }, 120, [key("A", 0, 180)]), []],
    ["it overruns at twice its expected length, until it ends",
      moments({ expectedSeconds: 60 }, 300, [key("A", 0, 300)]),
      [["TaskOverran", 120, 300, "A", 1]]],
    ["it overruns, and nobody knows until when",
      moments({ expectedSeconds: 60 }, null, [key("A", 0, 300)]),
      [["TaskOverran", 120, null, "A", 1]]],
    ["it does not when it ends right then, or no credential works then",
      [...moments({ expectedSeconds: 60 }, 120, [key("A", 0, 110)]),
        ...moments({ expectedSeconds: 60 }, null, [key("A", 0, 120)])], []],
    ["it has too many from the issue that is one too many until enough have expired",
      moments({ expectedSeconds: null }, null,
        [key("A", 0, 900), key("B", 10, 800), key("C", 20, 950), key("D", 30, 700)]),
      [["TooManyLiveCredentials", 20, 800, "C", 3]]],
    ["it has too many again: over when the last time is",
      moments({ expectedSeconds: null }, null, [
        key("A", 0, 100), key("B", 0, 100), key("C", 0, 50), key("D", 60, 90), key("E", 95, 200),
      ]), [["TooManyLiveCredentials", 0, 100, "C", 3]]],
  ])("%s", (...[, found, expected]) => {
    expect(shown(found)).toEqual(expected);
  });

  it("is not true before, nor over before, and next at the nearest of both", () => {
    const all = moments({ expectedSeconds: null }, 120, [key("A", 0, 900)]);
    expect(trueBy(all, after(179))).toEqual([]);
    expect(shown(trueBy(all, after(180)))).toEqual([
      ["CredentialOutlivedTask", 180, null, "A", 1],
    ]);
    expect(shown(trueBy(all, after(900)))).toEqual([
      ["CredentialOutlivedTask", 180, 900, "A", 1],
    ]);
    expect([0, 180, 899, 900].map((at) => seconds(nextAfter(all, after(at)))))
      .toEqual([180, 900, 900, null]);
  });

  it("says nothing without a limit, and leaves out what may have expired", () => {
    const three = [key("A", 0, 900), key("B", 10, 800), key("C", 20, null)];
    expect(tooMany(three, undefined)).toEqual([]);
    expect(tooMany(three, 2)).toEqual([]);
    expect(shown(tooMany(three, 1))).toEqual([["TooManyLiveCredentials", 10, 800, "B", 2]]);
  });
});
