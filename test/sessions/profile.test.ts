import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyProfile, mergeProfiles, profileLimits } from "../../src/sessions/profile.ts";
import { profileOf } from "../../src/sessions/profile-tally.ts";
import { resourceFamilyOf } from "../../src/sessions/resource-family.ts";
import { at, trailEvent } from "../builders/event.ts";
import { eventLists } from "./arbitrary-event.ts";

describe("a profile", () => {
  it("is the same for any split of the events, in any order", () => {
    const cases = eventLists.chain((events) =>
      fc.record({
        events: fc.constant(events),
        shuffled: fc.shuffledSubarray([...events], { minLength: events.length }),
        size: fc.integer({ min: 1, max: 10 }),
      }),
    );
    fc.assert(
      fc.property(cases, ({ events, shuffled, size }) => {
        const parts = shuffled.flatMap((_, i) =>
          i % size === 0 ? [profileOf(shuffled.slice(i, i + size))] : []);
        expect(parts.reduce(mergeProfiles, emptyProfile)).toEqual(profileOf(events));
      }),
    );
  });

  it("is bounded, and bounded parts merge to the bounded whole", () => {
    const events = Array.from({ length: 2500 }, (_, i) =>
      trailEvent({
        at: at(i * 60),
        operation: `ec2:Describe${i}`,
        region: `region-${i}`,
        network: { name: `198.51.${i}.0/24` },
      }));
    const whole = profileOf(events);
    const halves = [profileOf(events.slice(0, 1100)), profileOf(events.slice(1100))];
    expect(halves.reduce(mergeProfiles, emptyProfile)).toEqual(whole);
    expect(whole.operations.entries).toHaveLength(profileLimits.operations);
    expect(whole.minutes.entries).toHaveLength(profileLimits.minutes);
    expect(JSON.stringify(whole).length).toBeLessThan(100_000);
  });

  it("shows what a session did", () => {
    const profile = profileOf([
      trailEvent({ at: at(0), access: "list" }),
      trailEvent({
        principal: { invokedBy: "athena.amazonaws.com" },
        at: at(61),
        operation: "s3:GetObject",
        access: "read",
        network: { kind: "service", name: "athena.amazonaws.com" },
        result: { outcome: "denied", errorCode: "AccessDenied" },
      }),
    ]);
    const values = (of: keyof typeof profile) => profile[of].entries.map(([value]) => value);
    expect(values("operations")).toEqual(["list ec2:DescribeInstances", "read s3:GetObject"]);
    expect(values("networks")).toContain("service athena.amazonaws.com");
    expect(values("userAgents")).toContain("service/");
    expect(values("errors")).toEqual(["denied AccessDenied"]);
    expect(profile.minutes.entries.map(([, count]) => count)).toEqual([1, 1]);
  });
});

describe("a resource's family", () => {
  it.each<[string, string, Record<string, unknown>, string | null]>([
    ["a bucket", "s3", { bucketName: "acme-orders-111122223333" }, "s3 acme-orders-#"],
    ["a table by ARN", "dynamodb",
      { tableName: "arn:aws:dynamodb:eu-west-1:111122223333:table/orders" }, "dynamodb orders"],
    ["a secret by ARN", "secretsmanager",
      { secretId: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:dev/db-a1B2c3" },
      "secretsmanager dev/db"],
    ["the same by name", "secretsmanager", { secretId: "dev/db" }, "secretsmanager dev/db"],
    ["a key, whose id is its only name", "kms",
      { keyId: "1234abcd-12ab-34cd-56ef-1234567890ab" },
      "kms 1234abcd-12ab-34cd-56ef-1234567890ab"],
    ["a queue by URL", "sqs",
      { queueUrl: "https://sqs.eu-west-1.amazonaws.com/111122223333/orders" }, "sqs orders"],
    ["a log group of a run", "logs", { logGroupName: "/batch/run-20260301" }, "logs /batch/run-#"],
    ["a log stream's hex", "ecr", { repositoryName: "ci/0a1b2c3d4e5f" }, "ecr ci/#"],
    ["no name", "s3", {}, null],
    ["a service that is not told apart", "ec2", { instanceId: "i-1" }, null],
  ])("of %s", (...[, service, requestParameters, expected]) => {
    const event = trailEvent({ service, record: { requestParameters }, resources: [] });
    expect(resourceFamilyOf(event)).toBe(expected);
  });
});
