import { expect, it } from "vitest";
import { Watermark } from "../../src/service/watermark.ts";

const noon = Date.UTC(2026, 2, 1, 12);
const minute = 60_000;

it("is the newest event's instant, whatever the clock says meanwhile", () => {
  let now = noon;
  const watermark = new Watermark(0, () => now);
  expect(watermark.asOf).toBe(0);
  watermark.advance(noon - 30 * minute);
  watermark.advance(noon - 40 * minute);
  now += 10 * minute;
  expect(watermark.asOf).toBe(noon - 30 * minute);
});

it("goes on with the clock after a quarter of an hour without anything new", () => {
  let now = noon;
  const watermark = new Watermark(noon - 60 * minute, () => now);
  now += 15 * minute;
  expect(watermark.asOf).toBe(noon - 60 * minute);
  now += 20 * minute;
  expect(watermark.asOf).toBe(noon - 40 * minute);
  watermark.advance(noon);
  expect(watermark.asOf).toBe(noon);
});

it("does not believe an event of tomorrow", () => {
  const watermark = new Watermark(0, () => noon);
  watermark.advance(noon + 1000 * minute);
  expect(watermark.asOf).toBe(noon);
});
