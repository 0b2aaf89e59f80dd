import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RawRecord } from "../../../src/records/record.ts";
import { logFile, logKey, s3Notice, standIn, type StandIn } from "../../aws/stand-in.ts";
import { keyMade, record } from "../../builders/record.ts";
import { Workplace } from "../program.ts";
import { storeImage } from "./store-image.ts";
import { until } from "./watch-process.ts";
import { Watched } from "./watched.ts";

let aws: StandIn;
let place: Workplace;

beforeEach(async () => {
  aws = await standIn();
  place = new Workplace();
});
afterEach(async () => {
  await aws.stop();
  place.remove();
});

const records = [record(), record({ eventName: "DescribeVpcs" }), keyMade()];

const byObject = async () => {
  await aws.put(logKey(1), logFile(records));
  await aws.send(s3Notice(logKey(1)));
};
const byEvents = async () => {
  for (const one of records) await aws.send(bridged(one));
};

function bridged(detail: RawRecord): string {
  const source = `aws.${String(detail.eventSource).split(".")[0] ?? ""}`;
  return JSON.stringify({ "detail-type": "AWS API Call via CloudTrail", source, detail });
}

describe("events by EventBridge and by their object", () => {
  it.each<[string, (() => Promise<void>)[]]>([
    ["the events first", [byEvents, byObject]],
    ["the object first", [byObject, byEvents]],
  ])("count once: %s", async (_what, lanes) => {
    const watched = await Watched.start(aws, place);
    for (const lane of lanes) {
      await lane();
      await until(() => aws.counts().ready + aws.counts().inHand === 0);
    }
    expect(await watched.counted("records_total")).toEqual({ new: 3, duplicate: 3 });
    expect(await watched.process.end("SIGTERM")).toBe(0);
    const image = await storeImage(place.path("trailwarden.db"));
    expect(image["events"]).toHaveLength(3);
    expect(image["findings"]?.length).toBeGreaterThan(0);
    expect(image["outbox"]).toHaveLength(image["findings"]?.length ?? 0);
  }, 120_000);
});
