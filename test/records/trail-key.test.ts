import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { trailKey, type TrailKey } from "../../src/records/trail-key.ts";

const day = "eu-west-1/2026/03/01";
const name = "eu-west-1_20260301T1005Z_Gk3r9aB2cD4eF6gH.json.gz";
const log = `AWSLogs/111111111111/CloudTrail/${day}/111111111111_CloudTrail_${name}`;
const told: TrailKey = {
  account: "111111111111", region: "eu-west-1", kind: "log", day: "2026-03-01",
};

describe("a key of CloudTrail's", () => {
  it.each<[string, string, TrailKey]>([
    ["a log", log, told],
    ["with a prefix", `some prefix/a+b/${log}`, told],
    ["of an organisation", log.replace("AWSLogs/", "AWSLogs/o-abcd123456/"), told],
    ["of an organisation, as Control Tower sets it up",
      `o-abcd123456/${log.replace("AWSLogs/", "AWSLogs/o-abcd123456/")}`, told],
    ["of the gov partition", log.replaceAll("eu-west-1", "us-gov-east-1"),
      { ...told, region: "us-gov-east-1" }],
    ["network activity", log.replaceAll("CloudTrail", "CloudTrail-NetworkActivity"),
      { ...told, kind: "network-activity" }],
    ["insights", log.replaceAll("CloudTrail", "CloudTrail-Insight"), { ...told, kind: "insight" }],
    ["aggregated events", log.replaceAll("CloudTrail", "CloudTrail-Aggregated"),
      { ...told, kind: "aggregated" }],
    ["a digest",
      `AWSLogs/111111111111/CloudTrail-Digest/${day}/111111111111_CloudTrail-Digest_eu-west-1_` +
        "my-trail_eu-west-1_20260301T100530Z.json.gz",
      { ...told, kind: "digest" }],
    ["a digest made later",
      `AWSLogs/111111111111/CloudTrail-Digest/${day}/111111111111_CloudTrail-Digest_eu-west-1_` +
        "my-trail_eu-west-1_20260301T100530Z_backfill.json.gz",
      { ...told, kind: "digest" }],
  ])("tells what %s is", (_what, key, expected) => {
    expect(trailKey(key)).toEqual(expected);
  });

  it.each<[string, string]>([
    ["another service's", "AWSLogs/111111111111/Config/eu-west-1/2026/3/1/x.json.gz"],
    ["flow logs", log.replaceAll("CloudTrail", "vpcflowlogs")],
    ["no file", `AWSLogs/111111111111/CloudTrail/${day}/`],
    ["in a file name of another account", log.replace("/111111111111_", "/222222222222_")],
    ["in a file name of another region", log.replace("_eu-west-1_", "_eu-west-2_")],
    ["in a file name of another kind", log.replace("_CloudTrail_", "_CloudTrail-Digest_")],
    ["deeper", log.replace("/01/", "/01/more/")],
    ["without AWSLogs", log.replace("AWSLogs/", "")],
    ["not compressed", log.replace(".json.gz", ".json")],
    ["with a line break in its end", `${log}\n`],
    ["without a minute", log.replace("T1005Z", "")],
    ["a kind there is not", log.replaceAll("CloudTrail", "CloudTrail-Other")],
    ["nothing", ""],
  ])("is none that is %s", (_what, key) => {
    expect(trailKey(key)).toBeNull();
  });

  it("is read in time that grows with its length only, whatever it holds", () => {
    const part = fc.constantFrom("AWSLogs/", "111111111111", "/", "CloudTrail", "_", "o-", "a");
    const key = fc.array(part, { maxLength: 200 }).map((parts) => parts.join(""));
    fc.assert(fc.property(key, (text) => trailKey(text) === null), { numRuns: 500 });
    expect(trailKey("AWSLogs/".repeat(100_000))).toBeNull();
  });
});
