import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { standIn, type StandIn } from "../../aws/stand-in.ts";
import { keyMade, roleIdentity } from "../../builders/record.ts";
import { Workplace } from "../program.ts";
import { until } from "./watch-process.ts";
import { Watched } from "./watched.ts";

/** IAM would not allow it; whoever forges a record does. */
const session = 'evil"} 1\n# TYPE trailwarden_x counter\n{"level":"error"}\u001b[31m\u202e';

let aws: StandIn;
let place: Workplace;
let watched: Watched;
let atStart: ReadonlyMap<string, number>;

beforeAll(async () => {
  aws = await standIn();
  place = new Workplace();
  watched = await Watched.start(aws, place);
  atStart = await watched.metrics();
  await aws.send(JSON.stringify(keyMade({ userIdentity: roleIdentity({ session }) })));
  await watched.process.says(/"finding":/);
  await until(() => aws.counts().inHand === 0);
}, 120_000);
afterAll(async () => {
  expect(await watched.process.end("SIGTERM")).toBe(0);
  await aws.stop();
  place.remove();
});

describe("counters", () => {
  it.each([
    'deliveries_received_total{source="trail"}',
    'deliveries_total{source="trail",outcome="poison"}',
    'deliveries_poison_total{source="trail",reason="bad-object"}',
    'records_total{source="trail",outcome="new"}',
    'records_rejected_total{source="trail",reason="bad-gzip"}',
    'source_failures_total{source="trail",code="kms-denied"}',
    'store_failures_total{code="store-full"}',
    'finding_changes_total{rule="role-chaining",level="high",change="opened"}',
    'config_reloads_total{outcome="refused"}',
    'retention_removed_total',
  ])("begin with 0: %s", (series) => {
    expect(atStart.get(series)).toBe(0);
  });
});

describe("a session name that was made to break out", () => {
  it("leaves every line of the log one of ours", () => {
    const foreign = watched.process.log.filter((line) =>
      !/^(?:\{"level":"\w+","time":"[^"]+".*\}|http\.tokens is empty|Try: curl )/.test(line));
    expect(foreign).toEqual([]);
    const raw = ["\u001b", "\u202e", "\n# TYPE"];
    const broken = (line: string) => raw.some((text) => line.includes(text));
    expect(watched.process.log.filter(broken)).toEqual([]);
  });

  it("stands in no metric, and breaks none", async () => {
    const { text } = await watched.get("/metrics");
    expect(text).toContain("trailwarden_events_total{");
    expect(text).not.toContain("evil");
    const odd = text.split("\n").filter((line) =>
      !/^$|^# (?:HELP|TYPE) |^\w+(?:\{\w+="[^"\\]*"(?:,\w+="[^"\\]*")*\})? (?:[\d.e+-]+|NaN|\+Inf)$/
        .test(line));
    expect(odd).toEqual([]);
  });

  it("stands in the API as it was", async () => {
    const { text } = await watched.get("/v1/sessions?limit=5");
    const { items } = JSON.parse(text) as { items: Record<string, unknown>[] };
    expect(JSON.stringify(items)).toContain(JSON.stringify(session).slice(1, -1));
  });
});
