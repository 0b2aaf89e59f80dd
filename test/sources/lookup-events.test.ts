import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { record } from "../builders/record.ts";
import { first, iso, Looking, own, startedAt } from "./looking.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
let history: Looking;
beforeEach(async () => {
  history = new Looking();
  await history.open();
});
afterEach(async () => {
  await history.close();
});

const times = (count: number, prefix: string): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`);

describe("the event history of one account and region", () => {
  it("is read page by page, newest first, with the same parameters", async () => {
    times(120, "e").forEach((id, i) => { history.happened(id, i * 1000); });
    expect(await history.looked(first(3))).toEqual(times(120, "e"));
    expect(history.trail.made.map(({ request }) => request)).toEqual([
      { StartTime: startedAt / 1000 - 3600, EndTime: startedAt / 1000, MaxResults: 50 },
      {
        StartTime: startedAt / 1000 - 3600, EndTime: startedAt / 1000, MaxResults: 50,
        NextToken: "token-1",
      },
      {
        StartTime: startedAt / 1000 - 3600, EndTime: startedAt / 1000, MaxResults: 50,
        NextToken: "token-2",
      },
    ]);
    expect([...history.cursors]).toEqual([[
      "lookup-events/audit/111122223333/eu-west-1",
      JSON.stringify({ from: startedAt - 15 * minute, open: null }),
    ]]);
    expect(history.notes.lines).toEqual([]);
  });

  it("hands over pages under names that are no marks", async () => {
    history.happened("e", 1000);
    await history.looked((handover) => {
      expect(handover.name).toBe("page 1 of 111122223333 eu-west-1");
      expect(handover.parcels[0]?.delivery).toEqual({
        id: `lookup-events/audit/111122223333/eu-west-1@${startedAt}-${startedAt}#1`,
        name: "page 1 of 111122223333 eu-west-1",
        isRemembered: false,
      });
      return "stop";
    });
  });

  it("is asked again a little before the last look's end, for what came late", async () => {
    history.happened("in-time", minute);
    history.happened("late", minute, { lateMs: 3 * minute });
    history.happened("too-late", 2 * minute, { lateMs: 20 * minute });
    expect(await history.looked(first(30))).toEqual(expect.arrayContaining(["in-time", "late"]));
    const starts = history.trail.made
      .map(({ request }) => (request.StartTime ?? 0) - startedAt / 1000);
    expect(starts.slice(0, 3)).toEqual([-3600, -900, -840]);
  });

  it("keeps its cursor while nothing happens, without anything to read", async () => {
    const parcels: number[] = [];
    await history.looked((handover) => {
      parcels.push(handover.parcels.length);
      return parcels.length === 2 ? "stop" : "commit";
    });
    expect(parcels).toEqual([0, 0]);
    expect([...history.cursors.values()]).toEqual([
      JSON.stringify({ from: startedAt + minute - 15 * minute, open: null }),
    ]);
  });

  it("goes on below what was committed after a crash in the middle: nothing is lost", async () => {
    times(500, "e").forEach((id, i) => { history.happened(id, Math.floor(i / 3) * 1000); });
    const seen: string[] = [];
    for (let run = 1; !history.cursors.has("done") && run < 20; run += 1) {
      let taken = 0;
      seen.push(...await history.looked((handover) => {
        taken += 1;
        const isLast = handover.cursor?.data?.includes('"open":null') === true;
        if (isLast) history.cursors.set("done", "");
        if (isLast) return "stop";
        return taken > 2 ? "crash" : "commit";
      }));
    }
    expect(new Set(seen)).toEqual(new Set(times(500, "e")));
    // Five runs of two pages, each beginning with the second in which the last one ended.
    expect(seen.length).toBeLessThan(530);
  });

  it("asks anew from where it was when the token has expired", async () => {
    times(200, "e").forEach((id, i) => { history.happened(id, i * 1000); });
    let taken = 0;
    const seen = await history.looked((handover) => {
      taken += 1;
      if (taken === 2) history.trail.expireTokens();
      return handover.cursor?.data?.includes('"open":null') === true ? "stop" : "commit";
    });
    expect(new Set(seen)).toEqual(new Set(times(200, "e")));
    expect(seen.length).toBe(201);
    expect(history.notes.lines).toEqual([]);
  });

  it("asks anew what was given back for later", async () => {
    history.happened("e", minute);
    let taken = 0;
    expect(await history.looked(() => (++taken === 1 ? "later" : "stop"))).toEqual(["e"]);
    expect(taken).toBe(2);
  });

  it("says which time is lost when it was away for longer than the history reaches", async () => {
    history.cursors.set(
      "lookup-events/audit/111122223333/eu-west-1",
      JSON.stringify({ from: startedAt - 100 * day, open: null }),
    );
    history.happened("e", 80 * day);
    expect(await history.looked(first(3))).toEqual(["e"]);
    expect(history.notes.lines).toEqual([
      "audit failed (for good): Cannot read the events of 111122223333 eu-west-1 from " +
        "2025-11-21T12:00:00.000Z to 2025-12-01T12:01:00.000Z: CloudTrail keeps its event " +
        "history for 90 days. Read that time from a trail's bucket, with trailwarden backfill.",
    ]);
  });

  it("may begin as far back as the history reaches, and loses nothing by that", async () => {
    history.happened("oldest", 90 * day - 2 * minute);
    expect(await history.looked(first(1), { startHoursAgo: 2160 })).toEqual(["oldest"]);
    expect(history.notes.lines).toEqual([]);
  });

  it("takes a text that is no record for what it is, and the others as they are", async () => {
    const broken = '{"eventVersion": "1.11", "broken';
    history.trail.addText(own, record({ eventTime: iso(startedAt) }), broken);
    history.happened("good", minute);
    expect(await history.looked(first(1))).toEqual(["good"]);
  });
});

describe("the pace", () => {
  it("is two requests a second, whatever there is to read", async () => {
    times(300, "e").forEach((id, i) => { history.happened(id, i * 1000); });
    await history.looked(first(6));
    const at = history.trail.made.map((made) => made.at - startedAt);
    expect(at).toEqual([0, 500, 1000, 1500, 2000, 2500]);
    expect(history.notes.lines).toEqual([]);
  });

  it("is slowed when CloudTrail asks for it, and nothing is lost", async () => {
    times(120, "e").forEach((id, i) => { history.happened(id, i * 1000); });
    history.trail.throttleCount = 4;
    expect(await history.looked(first(3))).toEqual(times(120, "e"));
    const throttled = "audit failed (again): Cannot look up events of " +
      "arn:aws:cloudtrail:eu-west-1:111122223333:*: AWS asks to send fewer requests. " +
      "Nothing is lost; it is tried again.";
    expect(history.notes.lines).toEqual([...Array<string>(4).fill(throttled), "audit recovered"]);
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = history.trail.made.map((made) => made.at);
    expect([b - a, c - b, d - c, e - d].every((ms, i) => ms >= 200 * 2 ** i)).toBe(true);
  });
});
