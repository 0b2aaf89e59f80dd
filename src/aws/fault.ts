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
