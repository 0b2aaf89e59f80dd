import { printable } from "../text/printable.ts";
import { faultCodeOf } from "./fault-code.ts";

/** What can go wrong when AWS is called. A closed set: it is a metric label. */
export const awsFaultCodes = [
  "throttled", // too many requests: AWS asks to wait
  "denied", // the credentials may not do this
  "kms-denied", // the object is encrypted with a key that the credentials may not use
  "no-credentials", // none found, expired, or not accepted
  "not-found", // no such queue, bucket, object, role
  "network", // AWS was not reached, or broke off
  "unavailable", // AWS answered with an error of its own
  "invalid", // AWS does not understand what we ask: a bug, or a wrong setting
] as const;
export type AwsFaultCode = (typeof awsFaultCodes)[number];

export interface AwsCall {
  /** The IAM action it needs: `sqs:ReceiveMessage`. */
  readonly action: string;
  /** ARN where it can be told, else URL or name. */
  readonly resource: string;
}

/** AWS, or the way to it, failing: what was tried, what is wrong, and what to try. */
export class AwsFault extends Error {
  override readonly name = "AwsFault";
  readonly code: AwsFaultCode;
  /** Whether the same call may work later, with nothing changed about what it asks for. */
  readonly retryable: boolean;
  readonly subject: string;
  readonly call: AwsCall;

  constructor(code: AwsFaultCode, call: AwsCall, cause: unknown) {
    const told = { call, said: printable(saidBy(cause)) };
    super(`Cannot ${verbOf(call)} ${call.resource}: ${sentences[code](told)}`, { cause });
    this.code = code;
    this.retryable = code !== "not-found" && code !== "invalid";
    this.subject = call.resource;
    this.call = call;
  }
}

/**
 * What an SDK client threw, as a fault of ours. One that is a fault already stays itself: assuming
 * a role fails inside of the call that needs it.
 */
export function awsFault(error: unknown, call: AwsCall): AwsFault {
  if (error instanceof AwsFault) return error;
  return new AwsFault(faultCodeOf(error), call, error);
}

/** What goes before the resource; by IAM action. */
const verbs: ReadonlyMap<string, string> = new Map([
  ["sqs:ReceiveMessage", "receive from"],
  ["sqs:DeleteMessage", "delete messages from"],
  ["sqs:ChangeMessageVisibility", "keep messages in hand of"],
  ["sqs:GetQueueAttributes", "ask the depth of"],
  ["s3:GetObject", "read"],
  ["s3:ListBucket", "list"],
  ["s3:PutObject", "write"],
  ["sns:Publish", "publish to"],
  ["events:PutEvents", "put events on"],
  ["sts:AssumeRole", "assume"],
  ["cloudtrail:LookupEvents", "look up events of"],
  ["cloudtrail:ListPublicKeys", "list the public keys of"],
]);

function verbOf({ action }: AwsCall): string {
  return verbs.get(action) ?? `do ${action} on`;
}

interface Told {
  readonly call: AwsCall;
  /** AWS's own words. */
  readonly said: string;
}

const sentences: Readonly<Record<AwsFaultCode, (told: Told) => string>> = {
  throttled: () => "AWS asks to send fewer requests. Nothing is lost; it is tried again.",
  denied: ({ call }) =>
    `the credentials may not do ${call.action} on it. ${remedies.get(call.action) ?? inPolicy}`,
  "kms-denied": ({ said }) =>
    `the credentials may not do kms:Decrypt with ${keyIn(said)}, which it is encrypted with. ` +
    "Allow it in their policy and in the key's; check that the key is enabled.",
  "no-credentials": ({ said }) =>
    `AWS accepts no credentials of ours (${said}). Give the program a role, a profile ` +
    "(AWS_PROFILE) or keys that have not expired, and check the clock.",
  "not-found": () =>
    "there is no such thing. Check its name, account and region, and that it was not deleted.",
  network: ({ said }) =>
    `AWS was not reached, or broke off (${said}). Check the network, the endpoint and the region.`,
  unavailable: ({ said }) => `AWS failed (${said}). It is tried again.`,
  invalid: ({ said }) => `AWS refuses the request (${said}). Check the source's settings.`,
};

const inPolicy = "Allow it in their policy.";
const remedies: ReadonlyMap<string, string> = new Map([
  [
    "s3:GetObject",
    "Allow it in their policy and the bucket's, and s3:ListBucket on the bucket: without that, " +
      "S3 answers the same for objects that are gone. Check bucketOwner where it is set.",
  ],
  [
    "sts:AssumeRole",
    "Allow it in their policy and in the role's trust policy; check the externalId where one is " +
      "asked for.",
  ],
  [
    "sqs:ReceiveMessage",
    "Allow it in their policy, and in the queue's where it is in another account.",
  ],
]);

/** AWS names the key in most refusals of KMS. */
function keyIn(said: string): string {
  return /arn:[\w-]+:kms:[\w:/-]+/.exec(said)?.[0] ?? "the key";
}

const saidCharactersMax = 300;

function saidBy(error: unknown): string {
  if (!(error instanceof Error)) return "no reason was given";
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  const said = error.message === "" || error.message === code ? code : `${code}: ${error.message}`;
  return said.slice(0, saidCharactersMax).replace(/[.\s]+$/, "");
}
