import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { always, s3Error, sqsError, stsError, type Answer } from "../../aws/faulty-server.ts";
import { logFile, logKey, s3Notice, standIn, type StandIn } from "../../aws/stand-in.ts";
import { record } from "../../builders/record.ts";
import { Workplace } from "../program.ts";
import { Watched } from "./watched.ts";

const key = "arn:aws:kms:eu-west-1:111111111111:key/0a-1b";
const kmsDenied = `User: x is not authorized to perform: kms:Decrypt on resource: ${key}`;
const object = `arn:aws:s3:::trail-logs/${logKey(1)}`;
const queue = "arn:aws:sqs:eu-west-1:000000000000:trail";
const role = "arn:aws:iam::111111111111:role/watch";

let aws: StandIn;
let place: Workplace;

beforeAll(async () => {
  aws = await standIn();
  place = new Workplace();
  await aws.put(logKey(1), logFile([record()]));
});
afterAll(async () => {
  await aws.stop();
  place.remove();
});

const refused = sqsError(400, "AccessDenied");

describe("a permission that is missing is named, with what it is missing on", () => {
  it.each<[action: string, resource: string, api: string, answer: Answer]>([
    ["sqs:ReceiveMessage", queue, "ReceiveMessage", refused],
    ["sqs:DeleteMessage", queue, "DeleteMessageBatch", refused],
    ["sqs:ChangeMessageVisibility", queue, "ChangeMessageVisibilityBatch", refused],
    ["sqs:GetQueueAttributes", queue, "GetQueueAttributes", refused],
    ["s3:GetObject", object, "GET", s3Error(403, "AccessDenied")],
    ["kms:Decrypt", key, "GET", s3Error(403, "AccessDenied", kmsDenied)],
    ["sts:AssumeRole", role, "AssumeRole", stsError(403, "AccessDenied", "Not authorized.")],
  ])("%s", async (action, resource, ...[api, answer]) => {
    // Poison has its message given back: `sqs:ChangeMessageVisibility`.
    await aws.send(s3Notice(action.endsWith("Visibility") ? logKey(2) : logKey(1)));
    aws.faulty.faults = [always(api, answer)];
    const source = action.startsWith("sts:") ? { assumeRole: { roleArn: role } } : {};
    const watched = await Watched.start(aws, place, { source, args: ["--store", `${action}.db`] });
    const line = await watched.process.says(new RegExp(`"level":"warn".*${action}`));
    const { level, detail } = JSON.parse(line) as { level: string; detail: string };
    expect(level).toBe("warn");
    expect(detail).toContain(`may not do ${action} `);
    expect(detail).toContain(resource);
    aws.faulty.faults = [];
    expect(await watched.process.end("SIGTERM")).toBe(0);
  }, 120_000);
});
