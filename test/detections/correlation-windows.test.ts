import { describe, expect, it } from "vitest";
import { correlate } from "../../src/detections/correlation-windows.ts";
import type { Hit } from "../../src/detections/correlation.ts";
import { correlation, hit, hits, spans, threshold } from "./correlation-cases.ts";

describe("windows and bursts", () => {
  it.each([
    ["counts what lies within one timespan", "a@0 a@5 a@9", ["0-9=3"]],
    ["leaves out an event exactly one timespan old", "a@0 a@5 a@10", []],
    ["slides: no fixed boundaries", "a@8 a@9 a@17", ["8-17=3"]],
    ["counts events of the same second", "a@4 a@4 a@4", ["4-4=3"]],
    ["counts an event given twice once", "a@0#x a@0#x a@1#y a@1#y", []],
    ["makes one firing of windows that overlap", "a@0 a@1 a@2 a@9 a@10 a@11", ["0-11=4"]],
    [
      "makes two firings of windows that only touch",
      "a@0 a@1 a@2 a@12 a@12 a@12",
      ["0-2=3", "12-12=3"],
    ],
    ["does not stretch a firing by a window that does not fire", "a@0 a@1 a@2 a@11", ["0-2=3"]],
    ["says how hard the hardest window fired", "a@0 a@1 a@2 a@3 a@4 a@13", ["0-4=5"]],
    ["ignores other rules", "a@0 b@1 a@2", []],
  ])("%s", (_, events, expected) => {
    expect(spans(correlation(), hits(events))).toEqual(expected);
  });

  it("counts what lies between two firing windows that overlap", () => {
    const given = correlation({ type: "value_avg", condition: threshold({ gte: 5 }, ["size"]) });
    const sizes = [10, -20, 40].map((size, i) =>
      hit({ at: i * 1000, eventKey: String(i), fields: { user: "eve", size } }),
    );
    expect(correlate(given, sizes)).toMatchObject([
      { firstAt: 0, firedAt: 0, lastAt: 2000, eventCount: 3, value: 10 },
    ]);
  });

  it("keeps groups apart, and orders firings by first event, then group", () => {
    const of = (user: string): Hit[] =>
      [1, 2, 3].map((s) =>
        hit({ at: s * 1000, eventKey: `${user}${String(s)}`, fields: { user } }),
      );
    const all = [...of("mallory"), ...of("eve")].sort((a, b) => a.at - b.at);
    expect(
      correlate(correlation(), all).map(({ group }) => group),
    ).toEqual([{ user: "eve" }, { user: "mallory" }]);
  });

  it("leaves out hits without the group-by field", () => {
    expect(correlate(correlation(), hits("a@0 a@1 a@2", { other: "x" }))).toEqual([]);
  });

  it("makes one group of everything without group-by", () => {
    const given = correlation({ groupBy: [] });
    const [firing] = correlate(given, [
      hit({ eventKey: "1", fields: {} }),
      hit({ eventKey: "2", fields: { user: "eve" } }),
      hit({ eventKey: "3", fields: { user: "bob" } }),
    ]);
    expect(firing).toMatchObject({ group: {}, eventCount: 3 });
  });

  it("puts a hit with a list in group-by into each value's group", () => {
    const given = correlation({ condition: threshold({ gte: 2 }) });
    const firings = correlate(given, [
      hit({ eventKey: "1", fields: { user: ["eve", "bob"] } }),
      hit({ eventKey: "2", fields: { user: ["bob", "carol"] } }),
    ]);
    expect(firings.map(({ group }) => group)).toEqual([{ user: "bob" }]);
  });

  it("tells groups apart that differ only in where one value ends", () => {
    const given = correlation({ groupBy: ["x", "y"], condition: threshold({ gte: 2 }) });
    const firings = correlate(given, [
      hit({ eventKey: "1", fields: { x: 'a","b', y: "c" } }),
      hit({ eventKey: "2", fields: { x: "a", y: 'b","c' } }),
    ]);
    expect(firings).toEqual([]);
  });

  it("tells everything about a firing", () => {
    const given = correlation({ rules: ["b", "a"], levelWhen: { user: { eve: "critical" } } });
    expect(correlate(given, hits("a@0 b@1 a@2 a@3"))).toEqual([
      {
        correlation: "c",
        group: { user: "eve" },
        firstAt: 0,
        lastAt: 3000,
        firedAt: 2000,
        eventIds: ["id-e0", "id-e1", "id-e2", "id-e3"],
        eventCount: 4,
        rules: ["a", "b"],
        value: 4,
        level: "critical",
      },
    ]);
  });

  it("keeps the earliest hundred event ids and counts the rest", () => {
    const many = Array.from(
      { length: 250 },
      (_, i) => hit({ at: i * 10, eventKey: String(i).padStart(3, "0") }),
    );
    const [firing] = correlate(correlation(), many);
    expect(firing?.eventCount).toBe(250);
    expect(firing?.eventIds.length).toBe(100);
    expect(firing?.eventIds.at(-1)).toBe("id-099");
  });

  it("lets silent groups go without losing their firings", () => {
    const many = Array.from({ length: 6000 }, (_, i) =>
      hit({
        at: Math.floor(i / 3) * 1000,
        eventKey: String(i),
        fields: { user: `u${String(Math.floor(i / 3))}` },
      }));
    const firings = correlate(correlation(), many);
    expect(firings.length).toBe(2000);
    expect(new Set(firings.map(({ group }) => group["user"])).size).toBe(2000);
  });

  it("refuses hits that are not in time order: a broken promise of ours", () => {
    expect(() => correlate(correlation(), hits("a@5 a@4"))).toThrow("not given in time order");
  });
});

describe("conditions", () => {
  it.each([
    [{ gt: 2 }, ["0-3=4"]],
    [{ gt: 3 }, ["0-3=4"]],
    [{ gt: 4 }, []],
    [{ gte: 4 }, ["0-3=4"]],
    [{ gte: 5 }, []],
    [{ lt: 2 }, ["0-0=1"]],
    [{ lte: 2 }, ["0-1=1"]],
    [{ eq: 3 }, ["0-2=3"]],
    [{ neq: 1 }, ["0-3=4"]],
    [{ gt: 1, lt: 4 }, ["0-2=3"]],
  ])("%j over four events", (comparisons, expected) => {
    expect(
      spans(correlation({ condition: threshold(comparisons) }), hits("a@0 a@1 a@2 a@3")),
    ).toEqual(expected);
  });

  it("never judges a window without events: a count below one cannot hold", () => {
    expect(spans(correlation({ condition: threshold({ lt: 1 }) }), hits("a@0 a@60"))).toEqual([]);
  });
});

describe("aliases", () => {
  it("join different fields of different rules into one group", () => {
    const given = correlation({
      type: "temporal",
      rules: ["issue", "use"],
      groupBy: ["key"],
      aliases: {
        key: { issue: "responseElements.credentials.accessKeyId", use: "userIdentity.accessKeyId" },
      },
      condition: threshold({ gte: 2 }),
    });
    const issue = hit({
      rule: "issue",
      eventKey: "1",
      fields: { "responseElements.credentials.accessKeyId": "K" },
    });
    const use = (key: string): Hit => hit({
      rule: "use",
      eventKey: "2",
      fields: { "userIdentity.accessKeyId": key },
    });
    expect(correlate(given, [issue, use("K")]).map(({ group }) => group)).toEqual([{ key: "K" }]);
    expect(correlate(given, [issue, use("L")])).toEqual([]);
  });
});
