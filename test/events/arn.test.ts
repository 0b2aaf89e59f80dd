import { expect, test } from "vitest";
import { readArn, readAssumedRole, readRoleArn } from "../../src/events/arn.ts";

test.each([
  ["arn:aws:s3:::bucket/key:with:colons", ["aws", "s3", "", "", "bucket/key:with:colons"]],
  ["arn:aws-cn:iam::1:role/r", ["aws-cn", "iam", "", "1", "role/r"]],
  ["arn:aws-us-gov:sqs:us-gov-west-1:1:q", ["aws-us-gov", "sqs", "us-gov-west-1", "1", "q"]],
  [
    "arn:aws-iso-b:ec2:us-isob-east-1:1:instance/i-1",
    ["aws-iso-b", "ec2", "us-isob-east-1", "1", "instance/i-1"],
  ],
  ["arn:aws-eusc:sns:eusc-de-east-1:1:t", ["aws-eusc", "sns", "eusc-de-east-1", "1", "t"]],
  ["arn:aws:signin:::devtools/same-device", ["aws", "signin", "", "", "devtools/same-device"]],
])("%s is taken apart", (text, [partition, service, region, account, resource]) => {
  expect(readArn(text)).toEqual({ partition, service, region, account, resource });
});

test.each([
  ...["", "arn", "arn:aws:s3", "arn:AWS:s3:::b"],
  ...["arn:azure:s3:::b", "arn:aws::::x", "arn:aws:s3:::"],
])("%j is no ARN", (text) => {
  expect(readArn(text)).toBeNull();
});

test.each([
  ["arn:aws:sts::1:assumed-role/R/task", "R", "task"],
  ["arn:aws-cn:sts::1:assumed-role/R/a=b,c.d@e-f+g", "R", "a=b,c.d@e-f+g"],
  ["arn:aws:sts::1:assumed-role/R/hostile/slash:colon", "R", "hostile/slash:colon"],
])("%s names role and session", (text, roleName, sessionName) => {
  expect(readAssumedRole(text)).toMatchObject({ roleName, sessionName, account: "1" });
});

test.each([
  "arn:aws:sts::1:assumed-role/R",
  "arn:aws:sts::1:assumed-role//s",
  "arn:aws:iam::1:role/R",
])("%s is no role session", (text) => {
  expect(readAssumedRole(text)).toBeNull();
});

test.each([
  ["arn:aws:iam::1:role/R", "/", "R"],
  ["arn:aws:iam::1:role/agents/eu/R", "/agents/eu/", "R"],
])("%s keeps its path", (text, path, name) => {
  expect(readRoleArn(text)).toEqual({ partition: "aws", account: "1", path, name });
});
