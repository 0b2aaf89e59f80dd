import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readQueueBody, type AnnouncedObject } from "../../src/records/queue-body.ts";
import { record } from "../builders/record.ts";

const object: AnnouncedObject = {
  bucket: "b", key: "k", etag: null, bytes: null, requester: null,
};
const s3 = (fields: Readonly<Record<string, unknown>> = {}, name = "ObjectCreated:Put") => ({
  eventVersion: "2.1", eventSource: "aws:s3", eventName: name,
  s3: { bucket: { name: "b" }, object: { key: "k", ...fields } },
});
const bridge = (type: string, detail: unknown, source = "aws.s3") =>
  JSON.stringify({ version: "0", "detail-type": type, source, detail });
const sns = (fields: Readonly<Record<string, unknown>>) =>
  JSON.stringify({ Type: "Notification", TopicArn: "arn:aws:sns:eu-west-1:1:t", ...fields });

describe("the objects a message tells of", () => {
  it.each<[string, string, readonly Partial<AnnouncedObject>[]]>([
    ["S3's, with all it says",
      JSON.stringify({ Records: [s3({ size: 7, eTag: "e", sequencer: "0A" })] }),
      [{ etag: "e", bytes: 7 }]],
    ["S3's, several", JSON.stringify({ Records: [s3(), s3({ key: "l" })] }), [{}, { key: "l" }]],
    ["S3's of an upload in parts",
      JSON.stringify({ Records: [s3({}, "ObjectCreated:CompleteMultipartUpload")] }), [{}]],
    ["S3's, with its key encoded",
      JSON.stringify({ Records: [s3({ key: "a+b%2Bc/%C3%BC" })] }), [{ key: "a b+c/ü" }]],
    ["S3's, but of a removal",
      JSON.stringify({ Records: [s3({}, "ObjectRemoved:Delete"), s3({ key: "l" })] }),
      [{ key: "l" }]],
    ["EventBridge's, with its key as it is",
      bridge("Object Created", {
        bucket: { name: "b" }, object: { key: "a+b%2B", size: 7, etag: "e" },
        requester: "cloudtrail.amazonaws.com",
      }),
      [{ key: "a+b%2B", etag: "e", bytes: 7, requester: "cloudtrail.amazonaws.com" }]],
    ["EventBridge's, but of a removal",
      bridge("Object Deleted", { bucket: { name: "b" }, object: { key: "k" } }), []],
    ["CloudTrail's, with its keys as they are", '{"s3Bucket":"b","s3ObjectKey":["a+b","%20"]}',
      [{ key: "a+b" }, { key: "%20" }]],
    ["none, on set-up", '{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b"}', []],
    ["none, on set-up through SNS", sns({ Message: " CloudTrail validation message.\n" }), []],
  ])("are %s", (_what, text, objects) => {
    expect(readQueueBody(text)).toEqual({
      objects: objects.map((fields) => ({ ...object, ...fields })), record: null, unread: null,
    });
  });
});

describe("a record in a message", () => {
  const call = record();
  it.each<[string, string, string]>([
    ["bare", JSON.stringify(call), JSON.stringify(call)],
    ["in EventBridge's envelope", bridge("AWS API Call via CloudTrail", call, "aws.ec2"),
      bridge("AWS API Call via CloudTrail", call, "aws.ec2")],
    ["of S3 in EventBridge's envelope", bridge("AWS API Call via CloudTrail", call),
      bridge("AWS API Call via CloudTrail", call)],
    ["through SNS", sns({ Message: bridge("AWS Service Event via CloudTrail", call) }),
      bridge("AWS Service Event via CloudTrail", call)],
  ])("%s is handed on as it is", (_what, text, json) => {
    expect(readQueueBody(text)).toEqual({ objects: [], record: json, unread: null });
  });
});

describe("a body that cannot be read", () => {
  it.each<[string, string, "not-json" | "unknown-shape", number]>([
    ["text", "hello", "not-json", 0],
    ["empty", "", "not-json", 0],
    ["cut off", '{"Records":[', "not-json", 0],
    ["a JSON list", "[]", "not-json", 0],
    ["text in SNS", sns({ Message: "hello" }), "not-json", 0],
    ["an SNS message without a message", sns({}), "unknown-shape", 0],
    ["an SNS subscription", sns({ Type: "SubscriptionConfirmation", Message: "{}" }),
      "unknown-shape", 0],
    ["another object", '{"a":1}', "unknown-shape", 0],
    ["another notification beside one", JSON.stringify({ Records: [s3(), { a: 1 }] }),
      "unknown-shape", 1],
    ["a key that is wrongly encoded", JSON.stringify({ Records: [s3({ key: "%E0%" })] }),
      "unknown-shape", 0],
    ["a key that is no text", '{"s3Bucket":"b","s3ObjectKey":["k",7]}', "unknown-shape", 1],
    ["keys without a bucket", '{"s3ObjectKey":["k"]}', "unknown-shape", 0],
    ["an event of another service", bridge("EC2 Instance State-change", { a: 1 }, "aws.ec2"),
      "unknown-shape", 0],
    ["an event without detail", bridge("Object Created", null), "unknown-shape", 0],
    ["an object without a key", bridge("Object Created", { bucket: { name: "b" }, object: {} }),
      "unknown-shape", 0],
  ])("because it is %s, says so", (...[, text, reason, objectCount]) => {
    const { objects, record: found, unread } = readQueueBody(text);
    expect({ count: objects.length, found, reason: unread?.reason }).toEqual({
      count: objectCount, found: null, reason,
    });
    expect(unread?.detail).toMatch(/^[A-Z].+\.$/);
  });

  it("never throws, and holds something or says why not", () => {
    const word = fc.constantFrom(
      "Type", "Message", "Records", "s3", "bucket", "object", "key", "name", "detail", "source",
      "detail-type", "s3ObjectKey", "s3Bucket", "Event", "eventSource", "eventName", "TopicArn",
    );
    const leaf = fc.oneof(
      fc.constantFrom<unknown>("aws:s3", "ObjectCreated:Put", "Notification", "aws.s3", "", null),
      fc.jsonValue(),
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.dictionary(word, tie("tree")),
        fc.array(tie("tree")),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const body = readQueueBody(JSON.stringify(value));
        return body.objects.every(({ bucket, key }) => bucket !== "" && key !== "");
      }),
    );
  });
});
