import { expect, test } from "vitest";
import { call } from "./record-builder.ts";

test.each<[string, string, object, boolean]>([
  ["secretsmanager", "GetSecretValue", {}, true],
  ["secretsmanager", "ListSecrets", {}, false],
  ["ssm", "GetParameter", { requestParameters: { withDecryption: true } }, true],
  ["ssm", "GetParameter", { requestParameters: { withDecryption: false } }, false],
  ["ssm", "GetParameter", { requestParameters: { name: "/aws/service/ami" } }, false],
  ["ssm", "GetParameter", { requestParameters: null }, true],
  ["ssm", "GetParametersByPath", { requestParameters: { path: "/" } }, true],
  ["ec2", "GetPasswordData", {}, true],
  ["ec2", "DescribeInstanceAttribute", { requestParameters: { attribute: "userData" } }, true],
  ["ec2", "DescribeInstanceAttribute", { requestParameters: { attribute: "kernel" } }, false],
  ["kms", "Decrypt", {}, true],
  [
    "kms", "Decrypt",
    { userIdentity: { type: "AssumedRole", invokedBy: "secretsmanager.amazonaws.com" } }, false,
  ],
  [
    "kms", "Decrypt", { userIdentity: { type: "AssumedRole", invokedBy: "aws-mcp.amazonaws.com" } },
    true,
  ],
  ["lambda", "GetFunction20150331v2", {}, true],
  ["dynamodb", "Scan", {}, true],
  ["s3", "GetObject", {}, false],
  ["iam", "GetAccountAuthorizationDetails", {}, true],
])("%s %s %j: sensitive read %s", (source, name, ...[fields, expected]) => {
  expect(call(source, name, fields).isSensitiveRead).toBe(expected);
});
