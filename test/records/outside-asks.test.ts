import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { soughtFor } from "../../src/records/find-candidates.ts";
import { mayConcern } from "../../src/records/markers.ts";
import { readRecords } from "../../src/records/read.ts";
import type { RawRecord } from "../../src/records/record.ts";
import { scanRecords } from "../../src/records/scan/scan.ts";
import { outsideAsk } from "../../src/records/outside-asks.ts";
import { limits } from "./reading-files.ts";

const markers = ["aider-", "task."];
const allMarkers = [...markers, "AssumeRole"];

/** Whether a record with this text need not be parsed; null when all of its file has to be. */
function isPassedOver(text: string, before = ""): boolean | null {
  const document = Buffer.from(`{"Records":[${before}${text}]}`);
  const found = scanRecords(document, soughtFor(allMarkers, { outsideMarkers: markers }));
  return found === null ? null : found.indexes.length === 0;
}

const serviceCall = {
  eventVersion: "1.08",
  userIdentity: { type: "AWSService", invokedBy: "lambda.amazonaws.com" },
  eventTime: "2026-03-02T00:01:02Z",
  eventSource: "sts.amazonaws.com",
  eventName: "AssumeRole",
  requestParameters: { roleArn: "arn:aws:iam::111122223333:role/worker", durationSeconds: 900 },
  responseElements: { credentials: { accessKeyId: "ASIAX" } },
  eventType: "AwsApiCall",
  eventCategory: "Management",
};
const text = JSON.stringify(serviceCall);
const withRole = (role: string) => ({
  ...serviceCall,
  requestParameters: { roleArn: `arn:aws:iam::111122223333:role/${role}` },
});

describe("a service's call", () => {
  it("is told from its text to ask for none of the markers", () => {
    expect(isPassedOver(text)).toBe(true);
  });

  it("is so wherever the borders of 64 bytes fall, and told from the next record's", () => {
    for (let length = 0; length < 130; length++) {
      const filler = `{"filler":"${"-".repeat(length)}"},`;
      expect(isPassedOver(text, filler)).toBe(true);
      expect(isPassedOver(JSON.stringify(withRole("aider-1")), `${filler}${text},`)).toBe(false);
      expect(isPassedOver(text.replace("AWSService", "AssumedRole"), `${filler}${text},`))
        .toBe(false);
    }
  });

  it("is so with what CloudTrail escapes though JSON need not", () => {
    const policy = "a\\u003d1\\u0026b\\u003c2\\u003e";
    expect(isPassedOver(text.replace("worker", policy))).toBe(true);
  });

  it.each([
    ["asks for a marker", JSON.stringify(withRole("aider-1"))],
    ["is somebody else's", text.replace("AWSService", "AssumedRole")],
    ["escapes letters in its parameters", text.replace("worker", "\\u0061ider-1")],
    ["has a field of several values before its parameters", text.replace(
      '"eventTime"', '"a":["b"],"eventTime"',
    )],
    ["has a quote in a field before its parameters", text.replace("sts.amaz", '\\"sts.amaz')],
    ["has parameters that are no object", text.replace(/"requestParameters":{[^}]*}/, (found) =>
      `"requestParameters":[${found.slice(20)}]`,
    )],
    ["has its parameters inside another field", text
      .replace('"requestParameters"', '"a":{"requestParameters"')
      .replace('},"responseElements"', '}},"responseElements"')],
    ["calls itself a service by another key", text.replace('"type"', '"kind"')],
    ["tells its type twice", text.replace('.com"},', '.com","type":"IAMUser"},')],
    ["tells its parameters twice", text.replace(/}$/, ',"requestParameters":{"a":"aider-"}}')],
    ["tells its identity twice", text.replace(/}$/, ',"userIdentity":{"type":"IAMUser"}}')],
    [
      "tells its parameters again with letters escaped",
      text.replace(/}$/, ',"request\\u0050arameters":{"a":"aider-"}}'),
    ],
    ["is of another kind", text.replace("Management", "Insight")],
    ["is laid out otherwise", JSON.stringify(serviceCall, null, 1)],
    ["has no parameters", JSON.stringify({ ...serviceCall, requestParameters: null })],
    [
      "tells its identity again behind its parameters",
      text.replace('"responseElements"', '"userIdentity":{"type":"IAMUser"},"responseElements"'),
    ],
  ])("is left to the parser when it %s", (_what, other) => {
    expect(isPassedOver(other)).toBe(false);
  });

  it("passed over by its text would be passed over parsed, whatever is inserted", () => {
    const piece = fc.constantFrom(
      '"userIdentity":{"type":"IAMUser"},', '"requestParameters":{"roleArn":"aider-1"},',
      '"a":"\\u0061ider-",', '"user\\u0049dentity":{},', "aider-", "\\u003d",
      '"', "{", "},", "\\",
    );
    const edit = fc.record({ at: fc.nat(text.length), piece });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        const edited = edits.reduce(
          (result, { at, piece: added }) => result.slice(0, at) + added + result.slice(at), text,
        );
        const parsed = parsedOf(edited);
        if (parsed === null || isPassedOver(edited) !== true) return;
        const ask = outsideAsk(parsed);
        expect(ask === null ? mayConcern(parsed, allMarkers) : mayConcern(ask, markers))
          .toBe(false);
      }),
      { numRuns: 20_000 },
    );
  });
});

describe("reading with markers for outsiders", () => {
  it("keeps calls of services and sign-ins by their parameters alone, others by all", async () => {
    const named = { ...serviceCall, resources: [{ ARN: "aider-1" }] };
    const user = { ...serviceCall, userIdentity: { type: "IAMUser" } };
    const signIn = { ...serviceCall, userIdentity: { type: "SAMLUser", userName: "aider-1" } };
    const toAgent = { ...withRole("aider-1"), userIdentity: signIn.userIdentity };
    const records = [serviceCall, withRole("aider-1"), named, user, signIn, toAgent];
    const file = { name: "f.json", bytes: Buffer.from(JSON.stringify({ Records: records })) };
    const options = { limits, markers: [...markers, "AssumeRole"], outsideMarkers: markers };
    const found: RawRecord[] = [];
    let skippedCount = 0;
    for await (const batch of readRecords(file, options)) {
      found.push(...batch.records.map(({ record }) => record));
      skippedCount += batch.skippedCount;
    }
    expect(found).toEqual([withRole("aider-1"), user, toAgent]);
    expect(skippedCount).toBe(3);
  });
});

describe("the bytes told with a record", () => {
  it.each([null, ["lambda"]])("are what it was parsed from, with markers %j", async (chosen) => {
    const records = [serviceCall, { ...serviceCall, eventName: "ü", a: [1, "\ud800"] }];
    const file = { name: "f.json", bytes: Buffer.from(JSON.stringify({ Records: records })) };
    for await (const batch of readRecords(file, { limits, markers: chosen })) {
      const told = batch.records.map(({ json }) => JSON.parse(String(json)) as unknown);
      expect(told).toEqual(records);
    }
  });

  it("are absent where the record came out of an envelope", async () => {
    const entry = { EventId: "1", CloudTrailEvent: text };
    const file = { name: "f.json", bytes: Buffer.from(JSON.stringify({ Events: [entry] })) };
    for await (const batch of readRecords(file, { limits, markers: null })) {
      expect(batch.records).toEqual([{ record: serviceCall, index: 0, offset: 11 }]);
    }
  });
});

function parsedOf(json: string): RawRecord | null {
  try {
    return JSON.parse(json) as RawRecord;
  } catch {
    return null;
  }
}
