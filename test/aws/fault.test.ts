import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { awsFault, awsFaultCodes, type AwsCall, type AwsFaultCode } from "../../src/aws/fault.ts";
import { poisonReasons } from "../../src/sources/source.ts";

const queue = "arn:aws:sqs:eu-west-1:111111111111:trail";
const receive: AwsCall = { action: "sqs:ReceiveMessage", resource: queue };
const get: AwsCall = { action: "s3:GetObject", resource: "arn:aws:s3:::logs/k" };

interface Thrown {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly status?: number;
}

function thrown({ name = "Error", message = "", code, status }: Thrown): Error {
  const error = new Error(message);
  error.name = name;
  return Object.assign(
    error,
    code === undefined ? {} : { code },
    status === undefined ? {} : { $metadata: { httpStatusCode: status } },
  );
}

describe("an error of the SDK", () => {
  it.each<[Thrown, AwsFaultCode]>([
    [{ name: "ThrottlingException", status: 400 }, "throttled"],
    [{ name: "SlowDown", status: 503 }, "throttled"],
    [{ name: "OverLimit", status: 403 }, "throttled"],
    [{ name: "KmsThrottled", status: 400 }, "throttled"],
    [{ name: "Unheard", status: 429 }, "throttled"],
    [{ name: "AccessDenied", status: 403 }, "denied"],
    [{ name: "AccessDeniedException", status: 400 }, "denied"],
    [{ name: "Unheard", status: 403 }, "denied"],
    [{ name: "AccessDenied", message: "… kms:Decrypt on …", status: 403 }, "kms-denied"],
    [{ name: "AccessDenied", message: "The ciphertext refers to a customer master key that …" },
      "kms-denied"],
    [{ name: "KMS.DisabledException", status: 400 }, "kms-denied"],
    [{ name: "KMSInvalidStateException", status: 400 }, "kms-denied"],
    [{ name: "KmsAccessDenied", status: 400 }, "kms-denied"],
    [{ name: "CredentialsProviderError" }, "no-credentials"],
    [{ name: "ExpiredToken", status: 400 }, "no-credentials"],
    [{ name: "InvalidClientTokenId", status: 403 }, "no-credentials"],
    [{ name: "SignatureDoesNotMatch", status: 403 }, "no-credentials"],
    [{ name: "RequestTimeTooSkewed", status: 403 }, "no-credentials"],
    [{ name: "NoSuchKey", status: 404 }, "not-found"],
    [{ name: "NoSuchEntityException", status: 404 }, "not-found"],
    [{ name: "ConcurrentModificationException", status: 409 }, "unavailable"],
    [{ name: "QueueDoesNotExist", status: 400 }, "not-found"],
    [{ name: "Unheard", status: 404 }, "not-found"],
    [{ code: "ECONNREFUSED", message: "connect ECONNREFUSED 127.0.0.1:1" }, "network"],
    [{ code: "ENOTFOUND" }, "network"],
    [{ name: "TimeoutError" }, "network"],
    [{ message: "socket hang up" }, "network"],
    [{ name: "InternalError", status: 500 }, "unavailable"],
    [{ name: "Unheard", status: 502 }, "unavailable"],
    [{ name: "InvalidObjectState", status: 403 }, "invalid"],
    [{ name: "ValidationException", status: 400 }, "invalid"],
    [{ message: "Region is missing" }, "invalid"],
  ])("%j is %s", (error, code) => {
    expect(awsFault(thrown(error), get).code).toBe(code);
  });

  it("may heal by itself, unless what is asked for is missing or wrong", () => {
    const errors: readonly Thrown[] = [
      { name: "SlowDown" }, { name: "AccessDenied" }, { name: "KmsDisabled" },
      { name: "ExpiredToken" }, { name: "NoSuchKey" }, { code: "EPIPE" }, { status: 500 }, {},
    ];
    const faults = errors.map((error) => awsFault(thrown(error), get));
    const told = faults.map(({ code, retryable }) => `${code} ${retryable ? "heals" : "stays"}`);
    expect(told).toEqual([
      "throttled heals", "denied heals", "kms-denied heals", "no-credentials heals",
      "not-found stays", "network heals", "unavailable heals", "invalid stays",
    ]);
  });

  it.each<[string, AwsCall, Thrown, string]>([
    ["denied", receive, { name: "AccessDenied" },
      `Cannot receive from ${queue}: the credentials may not do sqs:ReceiveMessage on it. Allow ` +
        "it in their policy, and in the queue's where it is in another account."],
    ["denied by the bucket", get, { name: "AccessDenied" },
      "Cannot read arn:aws:s3:::logs/k: the credentials may not do s3:GetObject on it. Allow it " +
        "in their policy and the bucket's, and s3:ListBucket on the bucket: without that, S3 " +
        "answers the same for objects that are gone. Check bucketOwner where it is set."],
    ["denied by the key", get,
      { name: "AccessDenied", message: "… kms:Decrypt on arn:aws:kms:eu-west-1:1:key/0a …" },
      "Cannot read arn:aws:s3:::logs/k: the credentials may not do kms:Decrypt with " +
        "arn:aws:kms:eu-west-1:1:key/0a, which it is encrypted with. Allow it in their policy " +
        "and in the key's; check that the key is enabled."],
    ["not found", receive, { name: "QueueDoesNotExist" },
      `Cannot receive from ${queue}: there is no such thing. Check its name, account and region, ` +
        "and that it was not deleted."],
    ["what AWS says, made printable", get, { name: "Odd", message: "No\u202e way\n. " },
      "Cannot read arn:aws:s3:::logs/k: AWS refuses the request (Odd: No· way). Check the " +
        "source's settings."],
    ["an action without words of its own", { action: "sns:Subscribe", resource: "t" },
      { name: "AccessDenied" },
      "Cannot do sns:Subscribe on t: the credentials may not do sns:Subscribe on it. Allow it in " +
        "their policy."],
  ])("tells %s with the action, the resource, and what to try", (...[, call, error, message]) => {
    expect(awsFault(thrown(error), call).message).toBe(message);
  });

  it("that is a fault already stays what it is: a role that cannot be assumed, say", () => {
    const assume = awsFault(thrown({ name: "AccessDenied" }), {
      action: "sts:AssumeRole", resource: "arn:aws:iam::111111111111:role/watch",
    });
    expect(awsFault(assume, receive)).toBe(assume);
  });
});

describe("docs/sources.md", () => {
  it("names every code of a fault and every reason of poison", () => {
    const text = readFileSync(new URL("../../docs/sources.md", import.meta.url), "utf8");
    const words = [...awsFaultCodes, ...poisonReasons];
    expect(words.filter((word) => !text.includes(`\`${word}\``))).toEqual([]);
  });
});
