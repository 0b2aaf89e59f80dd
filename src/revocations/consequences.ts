import type { Change, Concerned, HitSession } from "./plan.ts";
import { placeKey } from "./place.ts";

interface Hit extends Concerned {
  readonly hits: readonly HitSession[];
}

/** What goes on in spite of the changes, in sentences: first what is known of, then in general. */
export function doesNotStop(
  changes: readonly Change[],
  { meant, descendants, live, hits }: Hit,
): readonly string[] {
  const hit = new Set(hits.map(({ id }) => id));
  const left = (sessions: Concerned["live"]) => sessions.filter(({ id }) => !hit.has(id));
  const users = new Set(changes.flatMap((change) => change.kind === "key" ? change.userName : []));
  const borrowed = live.filter(({ kind, name, credentials }) =>
    kind === "iam-user" && users.has(name ?? "") &&
    credentials.some((credential) => credential.kind === "temporary"));
  const issuers = new Set(meant.flatMap(({ issuance }) => issuance?.issuer.principalId ?? []));
  return [
    ...left(meant).map(({ id }) => `Session ${id} goes on.`),
    ...left(descendants).map(({ id }) => `Session ${id}, assumed from one of these, goes on.`),
    ...left(borrowed).map(({ id }) => `Session ${id}, which the user asked STS for, goes on.`),
    ...[...issuers].map((id) => `${id}, who asked for the credential, can ask for a new one.`),
    ...(changes.some(({ kind }) => kind === "deny") ? ofDenials : []),
    ...(changes.some(({ kind }) => kind === "key") ? ofKeys : []),
  ];
}

/**
 * `sts:GetCallerIdentity` answers in spite of a deny: see the note on
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
const ofDenials: readonly string[] = [
  "sts:GetCallerIdentity still answers, and what is proved by it: EKS tokens (15 minutes), Vault.",
  "What it made stays: keys, login profiles, roles, functions, instances, open sessions of SSM.",
  "What it fetched stays valid: tokens of ECR (12 hours), web identity tokens, signed URLs of " +
    "CloudFront, sessions of S3 Express (5 minutes), connections to databases.",
  "IAM takes some seconds, at times minutes, to enforce it.",
];
const ofKeys: readonly string[] = [
  "Sessions that the key has already asked STS for go on to their end, up to 36 hours.",
];

/** How it is undone, in one sentence. */
export function wayBack(change: Change): string {
  if (change.kind === "key") {
    const key = `the key ${change.accessKeyId} of ${change.userName}`;
    return change.before === "Active"
      ? `Undoing sets ${key} active again.`
      : `Undoing leaves ${key} as it is: it was not seen active.`;
  }
  return `Undoing takes its entries out of ${placeKey(change.place)}; credentials that have not ` +
    "expired work again.";
}
