import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { assumed, record } from "../builders/record.ts";
import { seen, seenFiles, seenOne } from "./whole-program.ts";

describe("a record", () => {
  it.each(["1.0", "1.00", "1.05", "1.08", "1.10", "1.11", "1.99"])(
    "of eventVersion %s is read",
    async (eventVersion) => {
      expect(await seenOne(record({ eventVersion, eventID: "x" }))).toMatchObject({ eventId: "x" });
    },
  );

  it("of eventVersion 2.0 is kept aside, and the one beside it read", async () => {
    const { events, rejections } = await seen([[record({ eventVersion: "2.0" }), record()]]);
    expect(events).toHaveLength(1);
    expect(rejections).toMatchObject([{ reason: "unsupported-version", index: 0 }]);
  });

  it.each<[string, string, string]>([
    ["ec2.amazonaws.com", "DescribeInstances", "list"],
    ["s3.amazonaws.com", "DeleteBucket", "write"],
    ["iam.amazonaws.com", "AttachRolePolicy", "permissions"],
    ["lambda.amazonaws.com", "CreateFunction20150331", "write"],
    ["nobody-knows.amazonaws.com", "FrobnicateThing", "unknown"],
  ])("with readOnly absent is classified by what is known: %s %s is %s",
    async (eventSource, eventName, access) => {
      const event = await seenOne(record({ eventSource, eventName, readOnly: undefined }));
      expect(event.access).toBe(access);
    });

  it("with the version in its name is the same operation", async () => {
    const event = await seenOne(record({
      eventSource: "lambda.amazonaws.com", eventName: "UpdateFunctionCode20150331v2",
    }));
    expect(event.operation).toBe("lambda:UpdateFunctionCode");
  });

  it("with eventCategory absent is read", async () => {
    const old = { eventVersion: "1.05", eventCategory: undefined, managementEvent: undefined };
    expect((await seenOne(record(old))).operation).toBe("ec2:DescribeInstances");
  });

  it("of an unknown eventType is read", async () => {
    const event = await seenOne(record({ eventType: "AwsTomorrowEvent" }));
    expect(event.operation).toBe("ec2:DescribeInstances");
  });

  it("of network activity, without readOnly, user agent and parameters, is read", async () => {
    const { events, read } = await seen([[record({
      eventType: "AwsVpceEvent", eventCategory: "NetworkActivity", errorCode: "VpceAccessDenied",
      readOnly: undefined, userAgent: undefined, requestParameters: undefined,
      sourceIPAddress: "10.0.0.7", vpcEndpointId: "vpce-0a1b2c3d",
    })]]);
    expect(events).toMatchObject([{ result: "denied" }]);
    expect(read.others).toEqual({ "network-activity": 1 });
  });

  it.each(["2026-03-01T10:01:10Z", "2026-03-01T10:01:10.000Z", "20260301T100110Z"])(
    "with eventTime %s happened then",
    async (eventTime) => {
      expect((await seenOne(record({ eventTime }))).eventAt).toBe("2026-03-01T10:01:10.000Z");
    },
  );

  it("with eventTime with milliseconds keeps them", async () => {
    const event = await seenOne(record({ eventTime: "2026-03-01T10:01:10.250Z" }));
    expect(event.eventAt).toBe("2026-03-01T10:01:10.250Z");
  });

  it.each<[string, object, string]>([
    ["no eventTime", { eventTime: undefined }, "no-event-time"],
    ["an eventTime that is none", { eventTime: "yesterday" }, "no-event-time"],
    ["no eventName", { eventName: undefined }, "no-event-name"],
    ["no eventSource", { eventSource: null }, "no-event-name"],
  ])("with %s is kept aside", async (_what, fields, reason) => {
    const { events, rejections } = await seen([[record({ ...fields }), record()]]);
    expect(events).toHaveLength(1);
    expect(rejections).toMatchObject([{ reason }]);
  });
});

describe("a credential's expiration", () => {
  it.each<[string, string, string]>([
    ["in the layout of today", "Mar 1, 2026, 10:15:00 AM", "2026-03-01T10:15:00.000Z"],
    ["in the older layout", "Mar 1, 2026 10:15:00 AM", "2026-03-01T10:15:00.000Z"],
    ["at 12 AM", "Mar 2, 2026, 12:05:00 AM", "2026-03-02T00:05:00.000Z"],
    ["at 12 PM", "Mar 1, 2026, 12:05:00 PM", "2026-03-01T12:05:00.000Z"],
    ["with U+202F before AM", "Mar 1, 2026, 10:15:00\u202fAM", "2026-03-01T10:15:00.000Z"],
    ["with U+00A0 before PM", "Mar 1, 2026, 9:15:00\u00a0PM", "2026-03-01T21:15:00.000Z"],
    ["as ISO", "2026-03-01T10:15:00Z", "2026-03-01T10:15:00.000Z"],
  ])("%s is read as UTC", async (_what, expiration, expiresAt) => {
    const { event } = await seen([[assumed({ expiration }), record({ eventID: "use" })]]);
    expect(event("use").credential).toMatchObject({ expiresAt });
  });

  it("counts, not durationSeconds, which default lifetimes and services ignore", async () => {
    const issued = assumed({ expiration: "Mar 1, 2026, 4:35:00 PM" });
    const { event } = await seen([[issued, record({ eventID: "use" })]]);
    expect(event("use").credential).toMatchObject({ expiresAt: "2026-03-01T16:35:00.000Z" });
  });
});

describe("beside API records", () => {
  const insight = {
    eventVersion: "1.09", eventType: "AwsCloudTrailInsight", eventCategory: "Insight",
    eventTime: "2026-03-01T10:00:00Z", eventID: "i", insightDetails: { state: "Start" },
  };
  const aggregated = {
    eventVersion: "1.0", eventId: "a", accountId: "111111111111", eventCategory: "Aggregated",
    eventType: "AwsAggregatedEvent",
  };
  const digest = { awsAccountId: "1", digestS3Object: "k", previousDigestS3Object: null };

  it("Insight and Aggregated objects in the stream are counted, and are no events", async () => {
    const { events, rejections, read } = await seen([[record(), insight, aggregated]]);
    expect(events).toHaveLength(1);
    expect(rejections).toEqual([]);
    expect(read.others).toEqual({ insight: 1, aggregated: 1 });
  });

  it("a Digest object is counted, and is no event", async () => {
    const name = "AWSLogs/111111111111/CloudTrail-Digest/us-east-1/2026/03/01/d.json.gz";
    const { events, rejections, read } = await seenFiles([[name, JSON.stringify(digest)]]);
    expect([events, rejections]).toEqual([[], []]);
    expect(read.others).toEqual({ digest: 1 });
  });
});

describe("a file", () => {
  it("of EventBridge API events, one bare record in each detail, is read", async () => {
    const envelope = {
      version: "0", "detail-type": "AWS API Call via CloudTrail", source: "aws.ec2",
      account: "111111111111", region: "eu-west-1", detail: record({ eventID: "bus" }),
    };
    const { events } = await seenFiles([["bus.ndjson", `${JSON.stringify(envelope)}\n`]]);
    expect(events).toMatchObject([{ eventId: "bus" }]);
  });

  it("of 0 records is no trouble", async () => {
    const { events, rejections, read } = await seen([[]]);
    expect([events, rejections, read.fileCount]).toEqual([[], [], 1]);
  });

  it("of poison gzip is told, and the one beside it read", async () => {
    const poison = gzipSync(JSON.stringify({ Records: [record()] })).fill(0xff, 12);
    const { events, rejections } = await seenFiles([
      ["a.json.gz", poison], ["b.json", JSON.stringify({ Records: [record({ eventID: "b" })] })],
    ]);
    expect(events).toMatchObject([{ eventId: "b" }]);
    expect(rejections).toMatchObject([{ file: "a.json.gz", reason: "bad-gzip" }]);
  });

  it("that inflates beyond the guard is read so far, and said so", async () => {
    const records = Array.from({ length: 2000 }, () => record());
    const { events, rejections } = await seen([records], {
      config: { read: { inflatedBytesMax: 500_000 } },
    });
    expect(events.length).toBeGreaterThan(300);
    expect(events.length).toBeLessThan(2000);
    expect(rejections).toContainEqual(expect.objectContaining({ reason: "too-large" }));
  });
});
