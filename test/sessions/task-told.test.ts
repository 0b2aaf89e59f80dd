import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isSilent, startTold, taskOf, withNews, type TaskNews, type TaskStart,
} from "../../src/sessions/task-told.ts";
import { after, taskCredential, taskStart } from "../builders/task.ts";

const heartbeat = (seconds: number, lateBy = 0): TaskNews =>
  ({ kind: "heartbeat", at: after(seconds), heardAt: after(seconds + lateBy) });
const silence = (seconds: number): TaskNews => ({ kind: "silence", by: after(seconds) });
const end = (seconds: number, outcome: "succeeded" | "failed" = "succeeded"): TaskNews =>
  ({ kind: "end", end: { at: after(seconds), outcome, exitCode: 0, revoke: false } });
const credential = (key: string, seconds: number): TaskNews =>
  ({ kind: "credential", credential: taskCredential(key, seconds) });

function told(news: readonly TaskNews[], start: Partial<TaskStart> = {}) {
  return news.reduce(withNews, startTold(taskStart(start), after(0)));
}

const unpromised = { heartbeatSeconds: null };

describe("how a task ends", () => {
  it.each<[string, readonly TaskNews[], Partial<TaskStart>, string | null, number | null]>([
    ["runs", [], {}, null, null],
    ["runs while signs of life come", [heartbeat(50), silence(109)], {}, null, null],
    ["lost without any sign", [silence(60)], {}, "lost", 60],
    ["lost a minute after its last sign", [heartbeat(50), silence(110)], {}, "lost", 110],
    ["lost, whenever that is seen", [heartbeat(50), silence(9000)], {}, "lost", 110],
    ["found again", [silence(60), heartbeat(70)], {}, null, null],
    ["found, and lost again", [silence(60), heartbeat(70), silence(130)], {}, "lost", 130],
    ["heard late, so not lost", [heartbeat(50, 30), silence(130)], {}, null, null],
    ["lost, and told later", [silence(60), end(45)], {}, "succeeded", 45],
    ["the earliest end stands", [end(45), end(50, "failed")], {}, "succeeded", 45],
    ["ended, whatever comes", [end(45), heartbeat(50), silence(900)], {}, "succeeded", 45],
    ["promised nothing, and has nothing", [silence(9e6)], unpromised, null, null],
    ["promised nothing, runs", [credential("A", 10), silence(909)], unpromised, null, null],
    ["promised nothing, ran out", [credential("A", 10), silence(910)], unpromised, "lost", 910],
    ["ran out, and was refreshed",
      [credential("A", 10), silence(910), credential("B", 900)], unpromised, null, null],
  ])("%s", (_what, ...[news, start, outcome, seconds]) => {
    const { outcome: found, endedAt } = taskOf(told(news, start));
    expect({ found, endedAt }).toEqual({
      found: outcome, endedAt: seconds === null ? null : after(seconds),
    });
  });

  it("is not guessed from a time when nobody listened", () => {
    const task = told([heartbeat(50)]);
    expect(isSilent(task, after(3600), after(3550))).toBe(false);
    expect(isSilent(task, after(3610), after(3550))).toBe(true);
    expect(isSilent(told([end(10)]), after(3610), after(0))).toBe(false);
  });
});

it("has each credential once, as it was told first, by issue", () => {
  const task = taskOf(told([credential("B", 20), credential("A", 10), credential("B", 30)]));
  expect(task.credentials).toEqual([taskCredential("A", 10), taskCredential("B", 20)]);
});

it("comes to the same in whatever order things are told, and however often", () => {
  const second = fc.integer({ min: 0, max: 300 });
  const news = fc.array(fc.oneof(
    fc.tuple(second, fc.integer({ min: 0, max: 100 })).map(([at, late]) => heartbeat(at, late)),
    second.map(silence),
    fc.integer({ min: 0, max: 5 }).map((i) => credential(`KEY${i}`, i * 40)),
    fc.constant(end(200)),
  ), { maxLength: 8 });
  const shuffledTwice = news.chain((list) => fc.tuple(
    fc.constant(list),
    fc.shuffledSubarray([...list, ...list], { minLength: 2 * list.length }),
    fc.constantFrom(60, null),
  ));
  fc.assert(fc.property(shuffledTwice, ([list, again, heartbeatSeconds]) => {
    expect(told(again, { heartbeatSeconds })).toEqual(told(list, { heartbeatSeconds }));
  }));
});

/** Every order, not a sample: heartbeat, credential, silence, late heartbeat, late end. */
it("comes to the same in all 120 orders of five things told", () => {
  const five = [heartbeat(30), credential("A", 5), silence(90), heartbeat(100), end(95)];
  const outcomes = new Set(orders(five).map((order) => JSON.stringify(taskOf(told(order)))));
  expect(outcomes.size).toBe(1);
  expect(taskOf(told(five))).toMatchObject({ outcome: "succeeded", endedAt: after(95) });
});

function orders<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) =>
    orders(items.filter((_, j) => j !== i)).map((rest) => [item, ...rest]));
}
