import { expect, it } from "vitest";
import { quietUntil, type QuietHours } from "../../src/notices/quiet-hours.ts";

const week: QuietHours["days"] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const nights: QuietHours = { timeZone: "Europe/Berlin", days: week, from: "22:00", to: "07:00" };
const weekend: QuietHours = {
  timeZone: "Europe/Berlin", days: ["sat", "sun"], from: "00:00", to: "24:00",
};
const lunch: QuietHours = { timeZone: "Asia/Kolkata", days: week, from: "12:30", to: "13:15" };

it.each<[string, readonly QuietHours[], string, string | null]>([
  ["no hours are no quiet", [], "2026-03-04T22:00:00Z", null],
  ["the evening before, nothing", [nights], "2026-03-04T20:59:59Z", null],
  ["from its first second", [nights], "2026-03-04T21:00:00Z", "2026-03-05T06:00:00Z"],
  ["after midnight", [nights], "2026-03-05T03:00:00Z", "2026-03-05T06:00:00Z"],
  ["to its last", [nights], "2026-03-05T05:59:59Z", "2026-03-05T06:00:00Z"],
  ["no longer", [nights], "2026-03-05T06:00:00Z", null],
  ["a night an hour shorter", [nights], "2026-03-28T22:00:00Z", "2026-03-29T05:00:00Z"],
  ["a night an hour longer", [nights], "2026-10-24T21:00:00Z", "2026-10-25T06:00:00Z"],
  ["a weekend with its nights", [nights, weekend], "2026-03-06T21:30:00Z", "2026-03-09T06:00:00Z"],
  ["a Friday's noon is none of it", [nights, weekend], "2026-03-06T11:00:00Z", null],
  ["by half an hour's zones", [lunch], "2026-03-06T07:00:00Z", "2026-03-06T07:45:00Z"],
  ["a day that is not named", [{ ...nights, days: ["mon"] }], "2026-03-04T23:00:00Z", null],
  ["the night after a day that is", [{ ...nights, days: ["tue"] }], "2026-03-04T03:00:00Z",
    "2026-03-04T06:00:00Z"],
])("is quiet: %s", (...row) => {
  const [, hours, now, until] = row;
  const end = quietUntil(hours, Date.parse(now));
  expect(end === null ? null : new Date(end).toISOString().replace(".000", "")).toBe(until);
});

it("ends, even where every hour is quiet", () => {
  const always: QuietHours = { timeZone: "UTC", days: week, from: "00:00", to: "24:00" };
  const now = Date.parse("2026-03-04T12:00:00Z");
  expect(quietUntil([always], now)).toBeGreaterThan(now);
});
