import { expect, test } from "vitest";
import { call, eventOf } from "./record-builder.ts";

test.each([
  ["lambda", "CreateFunction20150331", "lambda:CreateFunction", "lambda:CreateFunction", "write"],
  [
    "lambda", "UpdateFunctionCode20150331v2", "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionCode", "write",
  ],
  ["lambda", "Invoke", "lambda:Invoke", "lambda:InvokeFunction", "execution"],
  [
    "cloudfront", "CreateDistribution2020_05_31", "cloudfront:CreateDistribution",
    "cloudfront:CreateDistribution", "write",
  ],
  [
    "monitoring", "PutMetricAlarm", "cloudwatch:PutMetricAlarm", "cloudwatch:PutMetricAlarm",
    "write",
  ],
  ["email", "SendEmail", "ses:SendEmail", "ses:SendEmail", "write"],
  ["tagging", "GetResources", "tag:GetResources", "tag:GetResources", "read"],
  [
    "rdsdata", "BeginTransaction", "rds-data:BeginTransaction", "rds-data:BeginTransaction",
    "write",
  ],
  ["s3", "ListBuckets", "s3:ListBuckets", "s3:ListAllMyBuckets", "list"],
  ["s3", "HeadObject", "s3:HeadObject", "s3:GetObject", "read"],
  ["s3", "HeadBucket", "s3:HeadBucket", "s3:ListBucket", "list"],
  ["s3", "DeleteObjects", "s3:DeleteObjects", "s3:DeleteObject", "write"],
  ["s3", "CopyObject", "s3:CopyObject", "s3:PutObject", "write"],
  ["s3", "CreateMultipartUpload", "s3:CreateMultipartUpload", "s3:PutObject", "write"],
  ["s3", "GetBucketEncryption", "s3:GetBucketEncryption", "s3:GetEncryptionConfiguration", "read"],
  ["s3", "PutBucketLifecycle", "s3:PutBucketLifecycle", "s3:PutLifecycleConfiguration", "write"],
  [
    "s3", "ListBucketMetricsConfigurations", "s3:ListBucketMetricsConfigurations",
    "s3:GetMetricsConfiguration", "read",
  ],
  ["dynamodb", "TransactWriteItems", "dynamodb:TransactWriteItems", "dynamodb:UpdateItem", "write"],
])("%s %s is %s, needs %s", (source, name, ...[operation, action, access]) => {
  expect(call(source, name)).toMatchObject({ name, operation, action, access });
});

test("the partition in eventSource makes no difference", () => {
  expect(eventOf({ eventSource: "s3.amazonaws.com.cn", eventName: "PutObject" }).operation).toBe(
    "s3:PutObject",
  );
});

test("a denial's message names the action better than the event's name", () => {
  const errorMessage =
    "User: arn:aws:iam::1:user/u is not authorized to perform: " +
    "iam:PassRole on resource: arn:aws:iam::1:role/r";
  const event = call("ec2", "RunInstances", { errorCode: "AccessDenied", errorMessage });
  expect(event).toMatchObject({
    operation: "ec2:RunInstances", action: "iam:PassRole", access: "write",
  });
});
