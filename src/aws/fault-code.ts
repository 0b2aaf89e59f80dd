import type { AwsFaultCode } from "./fault.ts";

/**
 * What an error of the SDK is to us, told by the name AWS or the SDK gives it, else by what Node
 * says of the connection, else by the HTTP status.
 */
export function faultCodeOf(error: unknown): AwsFaultCode {
  if (!(error instanceof Error)) return "invalid";
  const { name, message } = error;
  if (deniedByName.has(name)) return isAboutKey(message) ? "kms-denied" : "denied";
  const known = codesByName.get(name) ?? codesByName.get(errnoOf(error) ?? "");
  if (known !== undefined) return known;
  if (/^KMS/i.test(name)) return /throttl/i.test(name) ? "throttled" : "kms-denied";
  return codeByStatus(statusOf(error)) ?? codeByMessage(message) ?? "invalid";
}

/**
 * S3 says AccessDenied for its own refusals and for those of KMS, which it quotes: `… is not
 * authorized to perform: kms:Decrypt on resource: <key>`, before 2021 `The ciphertext refers to a
 * customer master key that does not exist, …`.
 * https://repost.aws/knowledge-center/s3-troubleshoot-403
 */
function isAboutKey(message: string): boolean {
  return /\bkms:|\bKMS key\b|customer master key/i.test(message);
}

const deniedByName: ReadonlySet<string> = new Set([
  "AccessDenied", "AccessDeniedException", "AccessDeniedFault", "UnauthorizedOperation",
  "AuthorizationError", "Forbidden", "AllAccessDisabled", "AccountProblem", "NotSignedUp",
  "OptInRequired",
]);

/**
 * Names as services and the SDK give them. Those of throttling: the SDK's own list in
 * `@smithy/service-error-classification`.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
 */
const codesByName: ReadonlyMap<string, AwsFaultCode> = new Map<string, AwsFaultCode>([
  ...named("throttled", [
    "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled",
    "RequestThrottledException", "TooManyRequestsException", "RequestLimitExceeded", "SlowDown",
    "LimitExceededException", "BandwidthLimitExceeded", "PriorRequestNotComplete",
    "RequestThrottledException", "OverLimit", "AWS.SimpleQueueService.OverLimit", "KmsThrottled",
  ]),
  ...named("no-credentials", [
    "CredentialsProviderError", "TokenProviderError", "ProviderError", "ExpiredToken",
    "ExpiredTokenException", "TokenRefreshRequired", "InvalidToken", "InvalidAccessKeyId",
    "InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch",
    "InvalidSignatureException", "IncompleteSignature", "MissingAuthenticationToken",
    "MissingAuthenticationTokenException", "RequestExpired", "RequestTimeTooSkewed", "AuthFailure",
  ]),
  ...named("not-found", [
    "NoSuchKey", "NoSuchBucket", "NoSuchVersion", "NotFound", "NoSuchEntity",
    "NoSuchEntityException",
    "QueueDoesNotExist", "QueueDeletedRecently", "AWS.SimpleQueueService.NonExistentQueue",
    "ResourceNotFoundException",
  ]),
  ...named("network", [
    "TimeoutError", "NetworkingError", "AbortError", "ECONNREFUSED", "ECONNRESET",
    "ECONNABORTED", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EPIPE", "EHOSTUNREACH",
    "ENETUNREACH", "ENETDOWN", "ERR_STREAM_PREMATURE_CLOSE", "ERR_TLS_CERT_ALTNAME_INVALID",
    "CERT_HAS_EXPIRED", "DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  ]),
  // A request timeout of S3's: our bytes came too slowly.
  ...named("unavailable", [
    "InternalError", "InternalFailure", "InternalServerError", "ServiceUnavailable",
    "ServiceUnavailableException", "RequestTimeout",
    // IAM's, while somebody else changes the same, or it has just been changed.
    "ConcurrentModificationException", "EntityTemporarilyUnmodifiableException",
  ]),
  // An archived object: S3 says 403, and no permission helps.
  ...named("invalid", ["InvalidObjectState", "AuthorizationHeaderMalformed"]),
]);

function named(code: AwsFaultCode, names: readonly string[]): readonly [string, AwsFaultCode][] {
  return names.map((name) => [name, code]);
}

function codeByStatus(status: number | null): AwsFaultCode | null {
  if (status === null) return null;
  if (status === 401 || status === 403) return "denied";
  if (status === 404) return "not-found";
  if (status === 429) return "throttled";
  return status >= 500 ? "unavailable" : null;
}

/** Where neither name nor code nor status says it. */
function codeByMessage(message: string): AwsFaultCode | null {
  if (/socket hang up|premature close|\baborted\b/i.test(message)) return "network";
  return /could not load credentials/i.test(message) ? "no-credentials" : null;
}

function errnoOf(error: Error): string | null {
  return "code" in error && typeof error.code === "string" ? error.code : null;
}

function statusOf(error: Error): number | null {
  const metadata = "$metadata" in error ? error.$metadata : null;
  if (typeof metadata !== "object" || metadata === null) return null;
  const status = "httpStatusCode" in metadata ? metadata.httpStatusCode : null;
  return typeof status === "number" ? status : null;
}
