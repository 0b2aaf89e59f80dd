import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { digestOf, linesMax } from "../../src/notices/digest.ts";
import { finding } from "../notices/made.ts";
import { DeskPlace } from "../notifications/desk-place.ts";
import { channel, slackToken, SlackServer } from "../notifications/slack-server.ts";
import { part } from "../storage/made.ts";

let slack: SlackServer;
let place: DeskPlace;
let folder: string;
let config: object;

beforeEach(async () => {
  slack = new SlackServer();
  folder = mkdtempSync(join(tmpdir(), "desk-"));
  place = await DeskPlace.open(join(folder, "trail.db"));
  const url = `${await slack.listener.listen()}/api`;
  config = { kind: "slack", token: slackToken, channel, url };
});
afterEach(async () => {
  await place.store.close();
  await slack.listener.close();
  rmSync(folder, { recursive: true });
});

/** `0000a…`, of five rules and three levels in turn. */
function many(count: number, from = 0) {
  return Array.from({ length: count }, (_, i) => {
    const n = from + i;
    const level = (["low", "high", "critical"] as const)[n % 3] ?? "low";
    return part(n.toString(16).padStart(8, "0"), { level, rule: `rule-${n % 5}` });
  });
}

/** What the digests say of how many, in all. */
function digested(): number {
  const titles = slack.roots.map(({ text }) => /^(\d+) findings?, the worst/.exec(text)?.[1]);
  return titles.reduce((sum, count) => sum + Number(count ?? 0), 0);
}

describe("ten thousand findings in an hour", () => {
  it("are a bounded number of messages, and each is told or counted in a digest", async () => {
    const receiver = place.receiver(config);
    for (let minute = 0; minute < 60; minute += 5) {
      await place.store.judged([{
        groupKey: `g${minute}`, sessions: [], hits: [], parts: many(834, minute * 1000),
      }]);
      await place.tell(receiver, 5);
    }
    await place.tell(receiver, 15);
    const single = slack.roots.filter(({ text }) => text.startsWith("["));
    const digests = slack.roots.filter(({ text }) => text.includes("findings, the worst"));
    expect(single.length + digested()).toBe(12 * 834);
    // Twenty an hour of each of two levels, and four digests an hour.
    expect(single.length).toBeLessThanOrEqual(2 * 20 * 1.25);
    expect(digests.length).toBeLessThanOrEqual(5);
    expect(slack.messages.size).toBe(single.length + digests.length);
    expect(place.failed).toEqual([]);
  }, 120_000);

  it("are told once each, though everything is started again and again meanwhile", async () => {
    await place.judged(many(500));
    let calls = 0;
    slack.fault = () => {
      calls += 1;
      return calls % 7 === 0 ? { status: 500 } : null;
    };
    for (let start = 0; start < 30; start += 1) {
      const again = await DeskPlace.open(join(folder, "trail.db"));
      again.now = place.now + start * 60_000;
      await again.tell(again.receiver(config)).catch(() => undefined);
      await again.store.close();
    }
    const single = slack.roots.filter(({ text }) => text.startsWith("["));
    expect(single.length).toBe(2 * 20);
    expect(single.length + digested()).toBe(500);
  }, 120_000);
});

describe("quiet hours, digest and being asked second", () => {
  const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

  it("tell in the morning what is still open then", async () => {
    const quietHours = [{ timeZone: "UTC", days, from: "09:00", to: "12:00" }];
    const receiver = place.receiver({ ...config, quietHours });
    await place.judged([part("a"), part("b"), part("c", { level: "critical", because: "Now." })]);
    await place.tell(receiver);
    expect(slack.roots.map(({ text }) => text)).toEqual(["[CRITICAL] Now."]);
    await place.judged([part("a"), part("c", { level: "critical", because: "Now." })]);
    await place.tell(receiver, 119);
    expect(slack.roots).toHaveLength(1);
    await place.tell(receiver, 1);
    expect(slack.roots.map(({ text }) => text)).toEqual(["[CRITICAL] Now.", "[HIGH] It did."]);
  });

  it("tell low levels together, without those that are over by then", async () => {
    const receiver = place.receiver(config);
    await place.judged([part("a", { level: "low" }), part("b", { level: "low" })]);
    await place.tell(receiver);
    await place.tell(receiver, 14);
    expect(slack.roots).toEqual([]);
    await place.judged([part("a", { level: "low" })]);
    await place.tell(receiver, 1);
    await place.tell(receiver, 600);
    expect(slack.roots.map(({ text }) => text)).toEqual(["1 finding, the worst low"]);
    expect(JSON.stringify(slack.roots[0]?.blocks)).toContain("LOW 1 x rule-a (a000000000000000)");
  });

  it("tell of one in the digest by itself when it grows worse", async () => {
    const receiver = place.receiver(config);
    await place.judged([part("a", { level: "low" })]);
    await place.tell(receiver);
    await place.judged([part("a", { level: "critical" })]);
    await place.tell(receiver);
    await place.tell(receiver, 15);
    expect(slack.roots.map(({ text }) => text)).toEqual(["[CRITICAL] It did."]);
  });

  it("ask the second only about what nobody took care of", async () => {
    const second = place.receiver({ ...config, afterMinutes: 30 });
    await place.judged([part("a"), part("b", { because: "Alone." })]);
    await place.tell(second);
    await place.store.acknowledge("a000000000000000", "On it.", { actor: "x", at: place.now });
    await place.tell(second, 29);
    expect(slack.roots).toEqual([]);
    await place.tell(second, 1);
    expect(slack.roots.map(({ text }) => text)).toEqual(["[HIGH] Alone."]);
  });
});

describe("a digest", () => {
  it("has the worst first, then what there is most of, and counts the rest", () => {
    const findings = Array.from({ length: 60 }, (_, i) => finding({
      rule: `rule-${i % 30}`, level: i % 30 === 7 ? "critical" : "low",
    }));
    const digest = digestOf([...findings, finding({ rule: "rule-3", level: "low" })]);
    expect(digest?.lines.slice(0, 2)).toMatchObject([
      { rule: "rule-7", level: "critical", count: 2 }, { rule: "rule-3", count: 3 },
    ]);
    expect(digest).toMatchObject({ count: 61, worst: "critical", restCount: 61 - 41 });
    expect(digest?.lines).toHaveLength(linesMax);
    expect(digestOf([])).toBeNull();
  });
});
