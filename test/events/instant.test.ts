import fc from "fast-check";
import { expect, test } from "vitest";
import { readExpiration, readInstant } from "../../src/events/instant.ts";

const at = (iso: string): number => Date.parse(iso);

test.each([
  ["2026-01-02T03:04:05Z", at("2026-01-02T03:04:05.000Z")],
  ["2026-01-02T03:04:05.678Z", at("2026-01-02T03:04:05.678Z")],
  ["2026-01-02T03:04:05.6Z", at("2026-01-02T03:04:05.600Z")],
  ["20131102T010628Z", at("2013-11-02T01:06:28.000Z")],
  ["2025-01-21 17:39:10.000000000", at("2025-01-21T17:39:10.000Z")],
  ["2025-01-21 17:39:10", at("2025-01-21T17:39:10.000Z")],
  ["2025-01-21 17:39:10.123 UTC", at("2025-01-21T17:39:10.123Z")],
  ["2026-01-02T03:04:05+02:00", at("2026-01-02T01:04:05.000Z")],
  ["2024-02-29T00:00:00Z", at("2024-02-29T00:00:00.000Z")],
])("the instant %j is read as UTC", (text, expected) => {
  expect(readInstant(text)).toBe(expected);
});

test.each([
  ["2026-02-29T00:00:00Z"], // no such day
  ["2026-13-01T00:00:00Z"],
  ["2026-01-01T24:00:00Z"],
  ["2026-1-1T00:00:00Z"],
  ["2026-0102T00:00:00Z"],
  ["0x26-01-02T03:04:05Z"],
  ["Jul 22, 2023, 9:15:00 PM"],
  ["tomorrow"],
  [""],
  [1772359270],
  [null],
])("%j is no instant", (text) => {
  expect(readInstant(text)).toBeNull();
});

test.each([
  ["Jul 22, 2023, 9:15:00 PM", at("2023-07-22T21:15:00Z")],
  ["Jul 22, 2021 9:15:00 PM", at("2021-07-22T21:15:00Z")],
  ["Jan 1, 2026, 12:00:00 AM", at("2026-01-01T00:00:00Z")],
  ["Jan 1, 2026, 12:30:00 PM", at("2026-01-01T12:30:00Z")],
  ["Mar 1, 2026, 10:15:00\u202fAM", at("2026-03-01T10:15:00Z")],
  ["Mar 1, 2026, 10:15:00\u00a0AM", at("2026-03-01T10:15:00Z")],
  ["2026-03-01T10:15:00Z", at("2026-03-01T10:15:00Z")],
  [1772359270, at("2026-03-01T10:01:10Z")],
])("the expiration %j is read as UTC", (value, expected) => {
  expect(readExpiration(value)).toBe(expected);
});

test.each([
  ["Jul 32, 2023, 9:15:00 PM"],
  ["Foo 22, 2023, 9:15:00 PM"],
  ["Jul 22, 2023, 13:15:00 PM"],
  ["Jul 22, 2023, 0:15:00 AM"],
  [-1],
  [Number.NaN],
  [Number.POSITIVE_INFINITY],
  [{}],
])("%j is no expiration", (value) => {
  expect(readExpiration(value)).toBeNull();
});

test("every instant that CloudTrail can write comes back", () => {
  const range = { min: new Date(0), max: new Date("2100-01-01T00:00:00Z"), noInvalidDate: true };
  fc.assert(
    fc.property(fc.date(range), (date) => {
      const iso = date.toISOString();
      const seconds = iso.replace(/\.\d{3}Z$/, "Z");
      expect(readInstant(iso)).toBe(date.getTime());
      expect(readInstant(seconds)).toBe(Math.floor(date.getTime() / 1000) * 1000);
      expect(readInstant(seconds.replace(/[-:]/g, ""))).toBe(readInstant(seconds));
    }),
  );
});

test("no text makes the readers throw", () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(() => [readInstant(value), readExpiration(value)]).not.toThrow();
    }),
  );
});
