import { describe, expect, it } from "vitest";
import { hourOfWeek, isDestructive, traitsOf } from "../../src/baselines/traits.ts";
import { profileOf } from "../../src/sessions/profile-tally.ts";
import { at, trailEvent } from "../builders/event.ts";

describe("a session's traits", () => {
  it("are its sets and its numbers", () => {
    const { values, changes, numbers } = traitsOf(profileOf([
      trailEvent({ at: at(0), access: "list" }),
      trailEvent({ at: at(10), access: "list" }),
      trailEvent({ at: at(300), operation: "s3:GetObject", access: "read", region: "us-east-1" }),
      trailEvent({
        at: at(660), operation: "s3:DeleteObject", access: "write",
        result: { outcome: "denied", errorCode: "AccessDenied" },
      }),
    ]));
    expect(values.operation).toEqual(["ec2:DescribeInstances", "s3:DeleteObject", "s3:GetObject"]);
    expect(values.service).toEqual(["ec2", "s3"]);
    expect(values.access).toEqual(["list", "read", "write"]);
    expect(values.region).toEqual(["eu-west-1", "us-east-1"]);
    expect(values.error).toEqual(["denied AccessDenied"]);
    expect(values.hour).toEqual(["154"]);
    expect(changes).toEqual(["s3:DeleteObject"]);
    expect(numbers).toMatchObject({
      calls: 4, operations: 3, services: 2, denials: 1, writes: 1, deletes: 1, minutes: 12,
      peakPerMinute: 2, breadth: 2,
    });
  });

  it.each([
    ["Monday 00:00", "2026-03-02T00:00:00Z", 0],
    ["Sunday 23:59", "2026-03-01T23:59:00Z", 167],
    ["Saturday noon", "2026-02-28T12:00:00Z", 132],
  ])("%s is an hour of the week", (_what, iso, expected) => {
    expect(hourOfWeek(Date.parse(iso) / 60_000)).toBe(expected);
  });

  it.each([
    ["ec2:TerminateInstances", true],
    ["s3:DeleteObjects", true],
    ["kms:ScheduleKeyDeletion", true],
    ["ec2:DescribeInstances", false],
    ["sqs:ReceiveMessage", false],
  ])("%s takes something away: %s", (operation, expected) => {
    expect(isDestructive(operation)).toBe(expected);
  });
});
