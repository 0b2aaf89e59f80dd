import { correlate } from "../../src/detections/correlation-windows.ts";
import type { Correlation, Hit } from "../../src/detections/correlation.ts";

/** An event-count correlation over `a` within ten seconds; a test changes what it is about. */
export function correlation(changes: Partial<Correlation> = {}): Correlation {
  return {
    id: "c",
    name: "c",
    title: "C",
    status: null,
    description: null,
    level: "high",
    tags: [],
    falsepositives: [],
    references: [],
    file: "c.yml",
    type: "event_count",
    rules: ["a"],
    chained: [],
    groupBy: ["user"],
    timespanMs: 10_000,
    condition: threshold({ gte: 3 }),
    aliases: {},
    silences: [],
    raises: true,
    entity: "correlation",
    because: null,
    levelWhen: {},
    blindSpots: [],
    ...changes,
  };
}

export function threshold(
  comparisons: Partial<Record<"gt" | "gte" | "lt" | "lte" | "eq" | "neq", number>>,
  fields: readonly string[] = [],
  percentile: number | null = null,
): Correlation["condition"] {
  const thresholds = (["gt", "gte", "lt", "lte", "eq", "neq"] as const).flatMap((operator) => {
    const value = comparisons[operator];
    return value === undefined ? [] : [{ operator, value }];
  });
  return { kind: "threshold", thresholds, fields, percentile };
}

/** `a@3` is rule a at second 3; `a@3#x` has the event key x; fields are the same for all. */
export function hits(text: string, fields: Hit["fields"] = { user: "eve" }): Hit[] {
  return text.split(" ").map((word, index) => {
    const [, rule = "", second = "", key] = /^(\w+)@(\d+)(?:#(\w+))?$/.exec(word) ?? [];
    return hit({ rule, at: Number(second) * 1000, eventKey: key ?? `e${String(index)}`, fields });
  });
}

export function hit(changes: Partial<Hit>): Hit {
  const eventKey = changes.eventKey ?? "e";
  return {
    rule: "a",
    at: 0,
    eventKey,
    eventId: `id-${eventKey}`,
    groupKey: "g",
    fields: { user: "eve" },
    ...changes,
  };
}

/** Firings as `first-last=value`, in seconds. */
export function spans(given: Correlation, of: readonly Hit[]): string[] {
  return correlate(given, of).map(({ firstAt, lastAt, value }) =>
    `${firstAt / 1000}-${lastAt / 1000}=${value}`,
  );
}
