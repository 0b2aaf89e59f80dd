import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/findings/finding.ts";
import { afterTelling, decide, type Decision } from "../../src/notices/decide.ts";
import type { Manners } from "../../src/notices/manners.ts";
import { freshDesk, type DeskState, type Notice } from "../../src/notices/notice.ts";
import { noon } from "../storage/made.ts";
import { everything, finding, manners, notice, told } from "./made.ts";

interface Case {
  readonly notice?: Partial<Notice>;
  readonly finding?: Partial<Finding> | null;
  readonly manners?: Partial<Manners>;
  readonly desk?: Partial<DeskState>;
  /** Minutes after noon. */
  readonly minutes?: number;
}

const minute = 60_000;
const hour = 60 * minute;
const wait = (until: number | null, why: string) => ({ do: "wait", until, why }) as Decision;
const tell = (what: string) => ({ do: "tell", what }) as Decision;
const forget = (why: string) => ({ do: "forget", why }) as Decision;
const gather = (why: string) => ({ do: "gather", why }) as Decision;
/** From 22:00 to 07:00 UTC; noon in these tests is 10:00. */
const night = [{
  timeZone: "UTC", from: "22:00", to: "07:00",
  days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as ("mon")[],
}];
const atNight = 13 * 60;
const morning = noon + 21 * hour;
const highOnly = { only: { ...everything, minLevel: "high" as const } };

const rows: readonly (readonly [string, Case, Decision])[] = [
  ["a new finding is told", {}, tell("opened")],
  ["one that is forgotten is nobody's", { finding: null }, forget("over")],
  ["one that is closed untold stays untold", { finding: { status: "closed" } }, forget("over")],
  ["one that is suppressed untold, too", { finding: { status: "suppressed" } }, forget("over")],
  ["one told and closed is over", { notice: { told: told() }, finding: { status: "closed" } },
    tell("over")],
  ["one told and suppressed is over",
    { notice: { told: told() }, finding: { status: "suppressed" } }, tell("over")],
  ["one told in a digest needs no end",
    { notice: { told: told({ by: "digest" }) }, finding: { status: "closed" } }, forget("over")],
  ["one below the level asked for is for others",
    { finding: { level: "medium" }, manners: highOnly }, forget("not-for-them")],
  ["one that fell below it is over",
    { notice: { told: told() }, finding: { level: "low" }, manners: highOnly }, tell("over")],
  ["one acknowledged before anybody was told is taken care of",
    { finding: { status: "acknowledged" } }, forget("taken-care-of")],
  ["a program hears of it all the same",
    { finding: { status: "acknowledged" }, manners: { repeatsAcknowledged: true } },
    tell("opened")],
  ["who is asked second waits", { manners: { afterMs: 30 * minute }, minutes: 29 },
    wait(noon + 30 * minute, "not-yet")],
  ["and hears when nobody took it", { manners: { afterMs: 30 * minute }, minutes: 30 },
    tell("opened")],
  ["and does not when somebody did",
    { manners: { afterMs: 30 * minute }, minutes: 30, finding: { status: "acknowledged" } },
    forget("taken-care-of")],
  ["at night it can wait", { manners: { quietHours: night }, minutes: atNight },
    wait(morning, "quiet-hours")],
  ["what wakes people does not",
    { manners: { quietHours: night, wakeFrom: "high" }, minutes: atNight }, tell("opened")],
  ["a low level goes into the digest",
    { finding: { level: "low" }, manners: { digestBelow: "medium" } }, gather("low")],
  ["what is too many goes there too",
    { manners: { messagesPerHour: 2 }, desk: { sentAt: { high: [noon, noon + 1] } }, minutes: 59 },
    gather("too-many")],
  ["an hour later there is room again",
    { manners: { messagesPerHour: 2 }, desk: { sentAt: { high: [noon, noon + 1] } }, minutes: 60 },
    tell("opened")],
  ["each level has room of its own",
    { manners: { messagesPerHour: 1 }, desk: { sentAt: { high: [noon] } },
      finding: { level: "critical" } }, tell("opened")],
  ["what was put aside stays aside", { notice: { gathered: "high" } }, gather("too-many")],
  ["until it is worse", { notice: { gathered: "high" }, finding: { level: "critical" } },
    tell("opened")],
  ["growing worse is told", { notice: { told: told({ level: "low" }) } }, tell("worse")],
  ["even when it is acknowledged",
    { notice: { told: told({ level: "low" }) }, finding: { status: "acknowledged" } },
    tell("worse")],
  ["growing worse than in the digest is told as new",
    { notice: { told: told({ level: "low", by: "digest" }) } }, tell("opened")],
  ["the same as in the digest is not",
    { notice: { told: told({ by: "digest" }) }, minutes: 9999 }, wait(null, "told")],
  ["that somebody is on it is told, at night too",
    { notice: { told: told() }, finding: { status: "acknowledged" },
      manners: { quietHours: night }, minutes: atNight }, tell("acknowledged")],
  ["a lower level is shown", { notice: { told: told() }, finding: { level: "medium" } },
    tell("changed")],
  ["what is told is looked at again", { notice: { told: told() }, minutes: 1 },
    wait(noon + 11 * minute, "told")],
  ["and told again when it stays open",
    { notice: { told: told() }, manners: { repeatMs: hour }, minutes: 60 }, tell("again")],
  ["not sooner", { notice: { told: told() }, manners: { repeatMs: hour }, minutes: 59 },
    wait(noon + hour, "told")],
  ["not once somebody is on it",
    { notice: { told: told({ status: "acknowledged" }) }, finding: { status: "acknowledged" },
      manners: { repeatMs: hour }, minutes: 60 }, wait(noon + 70 * minute, "told")],
  ["not at night", { notice: { told: told() }, minutes: atNight,
    manners: { repeatMs: hour, quietHours: night } }, wait(morning, "quiet-hours")],
  ["not when it is too many", { notice: { told: told() }, minutes: 60,
    manners: { repeatMs: hour, messagesPerHour: 1 }, desk: { sentAt: { high: [noon + 1] } } },
    wait(noon + 70 * minute, "too-many")],
];

describe("what is done about a finding", () => {
  it.each(rows)("%s", (_what, given, expected) => {
    const circumstances = {
      manners: manners(given.manners),
      desk: { ...freshDesk, ...given.desk },
      now: noon + (given.minutes ?? 0) * minute,
    };
    const found = given.finding === null ? null : finding(given.finding);
    expect(decide(notice(given.notice), found, circumstances)).toEqual(expected);
  });
});

describe("what counts as a message", () => {
  const after = (what: "opened" | "over") => afterTelling(
    { sentAt: { high: [noon - hour, noon - 1] }, digestAt: null },
    { what, level: "high" },
    { manners: manners(), desk: freshDesk, now: noon },
  ).sentAt;

  it("is what interrupts, within the last hour", () => {
    expect(after("opened")).toEqual({ high: [noon - 1, noon] });
  });
  it("is not what tells of an end", () => {
    expect(after("over")).toEqual({ high: [noon - hour, noon - 1] });
  });
});
