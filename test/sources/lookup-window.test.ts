import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  afterPage, firstProgress, progressIn, windowAt, type LookupProgress,
} from "../../src/sources/lookup-window.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
const now = Date.UTC(2026, 2, 1, 12);
const overlapMs = 15 * minute;

describe("the window to look at", () => {
  it.each<[string, LookupProgress, object]>([
    [
      "begins where the first look is to begin", firstProgress(2, now),
      { window: { from: now - 120 * minute, until: now, reached: now }, gap: null },
    ],
    [
      "begins where the last one left off", { from: now - 16 * minute, open: null },
      { window: { from: now - 16 * minute, until: now, reached: now }, gap: null },
    ],
    [
      "goes on below what was reached of an open one",
      { from: now - day, open: { until: now - minute, reached: now - 100 * minute } },
      {
        window: { from: now - day, until: now - minute, reached: now - 100 * minute }, gap: null,
      },
    ],
    [
      "begins at the oldest there is when it was away for longer, and names the gap",
      { from: now - 91 * day, open: null },
      {
        window: { from: now - 90 * day + minute, until: now, reached: now },
        gap: { from: now - 91 * day, until: now - 90 * day + minute },
      },
    ],
    [
      "lets go of an open one that the history has no longer",
      { from: now - 100 * day, open: { until: now - 92 * day, reached: now - 95 * day } },
      {
        window: { from: now - 90 * day + minute, until: now, reached: now },
        gap: { from: now - 100 * day, until: now - 90 * day + minute },
      },
    ],
    [
      "is empty when the clock was set back", { from: now + minute, open: null },
      { window: { from: now, until: now, reached: now }, gap: null },
    ],
  ])("%s", (_what, progress, expected) => {
    expect(windowAt(progress, now)).toEqual(expected);
  });
});

describe("after a page", () => {
  const window = { from: now - day, until: now, reached: now };
  it.each<[string, { oldestAt: number | null; isLast: boolean }, LookupProgress]>([
    [
      "the window goes on from the oldest event", { oldestAt: now - minute, isLast: false },
      { from: now - day, open: { until: now, reached: now - minute } },
    ],
    [
      "without events it stands where it stood", { oldestAt: null, isLast: false },
      { from: now - day, open: { until: now, reached: now } },
    ],
    [
      "out of order it never goes up", { oldestAt: now + minute, isLast: false },
      { from: now - day, open: { until: now, reached: now } },
    ],
    [
      "the last one closes it, less the overlap", { oldestAt: now - day, isLast: true },
      { from: now - overlapMs, open: null },
    ],
  ])("%s", (_what, page, expected) => {
    expect(afterPage(window, page, overlapMs)).toEqual(expected);
  });

  it("a short window never sets the next one back", () => {
    const short = { from: now - minute, until: now, reached: now };
    expect(afterPage(short, { oldestAt: null, isLast: true }, overlapMs).from).toBe(now - minute);
  });

  it("what is kept comes back; what is not ours begins anew", () => {
    const open = { from: 5, open: { until: 9, reached: 7 } };
    expect(progressIn(JSON.stringify(open))).toEqual(open);
    expect(progressIn(JSON.stringify({ from: 5, open: null }))).toEqual({ from: 5, open: null });
    expect(progressIn(null)).toBeNull();
    expect(progressIn("[]")).toBeNull();
    expect(progressIn("null")).toBeNull();
  });
});

/** An event: when it happened and how much later the history shows it, in seconds. */
const Late = fc.record({
  at: fc.integer({ min: 0, max: 3000 }), late: fc.integer({ min: 0, max: 900 }),
});

describe("window after window", () => {
  it("sees every event that is not later than the overlap, wherever it breaks off", () => {
    let breakCount = 0;
    fc.assert(fc.property(
      fc.array(Late, { maxLength: 60 }),
      fc.integer({ min: 1, max: 4 }),
      fc.infiniteStream(fc.boolean()),
      (events, pageSize, crashes) => {
        const seen = new Set<number>();
        let progress: LookupProgress = { from: 0, open: null };
        for (let at = 60; at <= 5000; at += 60) {
          const { window } = windowAt(progress, at * 1000);
          // The history as it shows itself now, newest first, from where this look begins.
          const shown = events
            .map((event, i) => ({ ...event, i }))
            .filter((event) => event.at + event.late <= at)
            .filter((event) => event.at * 1000 >= window.from && event.at * 1000 <= window.reached)
            .sort((a, b) => b.at - a.at);
          let here = window;
          for (let i = 0; i === 0 || i < shown.length; i += pageSize) {
            const page = shown.slice(i, i + pageSize);
            for (const event of page) seen.add(event.i);
            const oldest = page.at(-1)?.at;
            const oldestAt = oldest === undefined ? null : oldest * 1000;
            const isLast = i + pageSize >= shown.length;
            progress = afterPage(here, { oldestAt, isLast }, 900_000);
            if (progress.open === null) break;
            here = { from: here.from, ...progress.open };
            // Broken off between two pages: the next look is a minute later. It has moved, or
            // one second's events would hold it for ever; and in the end nothing breaks any more.
            const mayBreak = here.reached < window.reached && at < 4000;
            if (mayBreak && crashes.next().value === true) {
              breakCount += 1;
              break;
            }
          }
        }
        expect(seen.size).toBe(events.length);
      },
    ));
    expect(breakCount).toBeGreaterThan(10);
  });
});
