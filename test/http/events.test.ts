import { describe, expect, it } from "vitest";
import { eventContexts, eventJson } from "../../src/commands/output/print-events.ts";
import { explanationJson } from "../../src/commands/explain.ts";
import { explainEvent } from "../../src/explaining.ts";
import type { RawRecord } from "../../src/records/record.ts";
import { everyItem, serving, simulated, tokens, type Item } from "./serving.ts";

const { app, end } = await simulated();
const served = await serving({
  store: app.store, config: () => app.config, now: () => end,
  explain: (id) => explainEvent(app, id, []),
});
/** As `scan --events` prints them, in order of time. */
const printed: Item[] = [];
for await (const context of eventContexts(app)) printed.push(eventJson(context) as Item);
const inTime = printed.toSorted((a, b) => String(a["eventAt"]) < String(b["eventAt"]) ? -1 : 1);
const findings = await everyItem(served, "/v1/findings");

const sessionOf = (item: Item): unknown => (item["session"] as Item | null)?.["id"];
const idsOf = (items: readonly Item[]) => items.map(({ eventId }) => eventId).sort();
const withoutFindings = (item: Item): Item =>
  Object.fromEntries(Object.entries(item).filter(([key]) => key !== "findings"));
const times = (items: readonly Item[]) => items.map(({ eventAt }) => String(eventAt));

describe("a session's timeline", () => {
  const sizes = new Map<string, number>();
  for (const item of printed) {
    const id = String(sessionOf(item));
    sizes.set(id, (sizes.get(id) ?? 0) + 1);
  }
  const [longest = ""] = [...sizes].sort((a, b) => b[1] - a[1])[0] ?? [];
  const guilty = String((findings[0]?.["session"] as Item | null)?.["id"]);

  it.each([["the longest", longest], ["that of the worst finding", guilty]])(
    "has each of its events once, in order of time: %s", async (_which, id) => {
      const path = `/v1/sessions/${encodeURIComponent(id)}/timeline`;
      const whole = await everyItem(served, `${path}?limit=200`);
      const expected = inTime.filter((item) => sessionOf(item) === id);
      expect(expected.length).toBeGreaterThan(1);
      expect(times(whole)).toEqual(times(expected));
      expect(idsOf(whole)).toEqual(idsOf(expected));
      const byId = new Map(printed.map((item) => [item["eventId"], item]));
      for (const item of whole) expect(withoutFindings(item)).toEqual(byId.get(item["eventId"]));
      expect(await everyItem(served, `${path}?limit=3`)).toEqual(whole);
      expect(await everyItem(served, `/v1/events?session=${encodeURIComponent(id)}&limit=50`))
        .toEqual(whole);
    },
  );

  it("names the findings that cite an event", async () => {
    const events = await everyItem(served, `/v1/sessions/${encodeURIComponent(guilty)}/timeline`);
    for (const { eventId, findings: citing } of events) {
      const ids = (citing as readonly Item[]).map(({ id }) => id).sort();
      const expected = findings
        .filter((finding) => (finding["eventIds"] as readonly unknown[]).includes(eventId))
        .map(({ id }) => id);
      expect(ids).toEqual(expected.sort());
    }
    expect(events.some((event) => (event["findings"] as readonly Item[]).length > 0)).toBe(true);
  });

  it("of a session that is not there is not there", async () => {
    const response = await served.ask("/v1/sessions/none/timeline");
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      detail: "There is no session of this id. List them at /v1/sessions.",
    });
  });
});

describe("events of a time", () => {
  it.each([
    ["2026-03-02T09:00:00Z", "2026-03-02T09:30:00Z"],
    ["2026-03-02T23:00:00Z", ""],
    ["2026-03-02T14:00:00+02:00", "2026-03-02T14:20:00+02:00"],
  ])("from %s to %s are all of them, in order", async (since, until) => {
    const query = new URLSearchParams({ since, ...(until === "" ? {} : { until }), limit: "9" });
    const found = await everyItem(served, `/v1/events?${query.toString()}`);
    const to = until === "" ? end : Date.parse(until);
    const expected = inTime.filter(({ eventAt }) =>
      Date.parse(String(eventAt)) >= Date.parse(since) && Date.parse(String(eventAt)) < to);
    expect(expected.length).toBeGreaterThan(10);
    expect(times(found)).toEqual(times(expected));
    expect(idsOf(found)).toEqual(idsOf(expected));
  });

  it("are refused where too much would be read for them", async () => {
    const full = await serving({
      store: { ...app.store, groupsWithin: () => Promise.resolve(null) },
      config: () => app.config,
    });
    const response = await full.ask("/v1/events?since=2026-03-01T00:00:00Z");
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ detail: "The sessions between since and until " +
      "hold more than 100000 events. Ask for less time, or for one session." });
    const all = await served.ask("/v1/events");
    expect(await all.json()).toMatchObject({ status: 400, detail: "The query has neither session " +
      "nor since: all events are too many. Give one of them." });
  });
});

it("whoever leaves is read for no longer", async () => {
  let leave: () => void = () => undefined;
  let stopped: () => void = () => undefined;
  const isStopped = new Promise<void>((resolve) => { stopped = resolve; });
  async function* endless(groupKey: string): AsyncGenerator<readonly RawRecord[]> {
    try {
      for (;;) {
        for await (const records of app.store.recordsOf(groupKey)) yield records;
        leave();
      }
    } finally {
      stopped();
    }
  }
  const { url, errors } = await serving({
    store: { ...app.store, recordsOf: endless }, config: () => app.config, now: () => end,
  });
  const controller = new AbortController();
  leave = () => { controller.abort(); };
  const asked = fetch(`${url}/v1/events?since=2026-03-02T23:00:00Z`, {
    headers: { authorization: `Bearer ${tokens.viewer}` }, signal: controller.signal,
  });
  await expect(asked).rejects.toThrow("aborted");
  await isStopped;
  expect(errors).toEqual([]);
});

describe("one event", () => {
  it("is explained as `explain` does", async () => {
    const id = String((findings[0]?.["eventIds"] as readonly unknown[])[0]);
    const { items } = await served.get(`/v1/events/${id}`);
    const expected = (await explainEvent(app, id, [])).map(explanationJson);
    expect(items).toEqual(JSON.parse(JSON.stringify(expected)));
    expect(items[0]).toMatchObject({ event: { eventId: id }, record: { eventID: id } });
  });

  it("that is not there is not there", async () => {
    expect((await served.ask("/v1/events/none")).status).toBe(404);
  });
});
