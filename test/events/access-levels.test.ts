import { readFile } from "node:fs/promises";
import { expect, it, test } from "vitest";
import { accessLevelsSource, accessOf } from "../../scripts/build-access-levels.mjs";
import { iamAccessLevels } from "../../src/events/access-levels.ts";

const levels = iamAccessLevels();

it("is committed as the package of IAM's data gives it, byte for byte", async () => {
  const path = new URL("../../src/events/iam-actions-by-level.ts", import.meta.url);
  expect(await accessLevelsSource()).toBe(await readFile(path, "utf8"));
});

test.each([
  ["Permissions management, Write", "permissions"],
  ["Tagging, Write", "tagging"],
  ["Write", "write"],
  ["Read", "read"],
  ["List", "list"],
])("AWS's level %j is %j", (level, access) => {
  expect(accessOf(level)).toBe(access);
});

it("a level that AWS invents later stops the build, for someone to look at", () => {
  expect(() => accessOf("Something new")).toThrow("AWS has a new access level: Something new");
});

test.each([
  ["s3", "GetObject", "read"],
  ["s3", "getobject", "read"],
  ["s3", "PutBucketPolicy", "permissions"],
  ["ec2", "DescribeInstances", "list"],
  ["ec2", "CreateTags", "tagging"],
  ["sqs", "SendMessage", "write"],
  ["s3", "NoSuchAction", null],
  ["s3", "read", null],
  ["no-such-service", "GetObject", null],
  ["toString", "GetObject", null],
])("%s:%s is %s", (service, action, access) => {
  expect(levels.levelOf(service, action)).toBe(access);
});

it("knows a service by its IAM prefix alone", () => {
  expect(["s3", "S3", "monitoring", "", "read"].map((name) => levels.isKnown(name)))
    .toEqual([true, false, false, false, false]);
});
