import { createHash, createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** A request as it was signed. */
export interface SignedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac("sha256", key).update(text).digest();

/** The access key id that a request names; null when it is not signed. */
export function signerOf({ headers }: SignedRequest): string | null {
  return /Credential=([^/]+)\//.exec(headers.authorization ?? "")?.[1] ?? null;
}

/**
 * Whether a POST to / was signed with this secret key.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function isSignedBy(secret: string, { headers, body }: SignedRequest): boolean {
  const found = /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})/
    .exec(headers.authorization ?? "");
  const [, scope = "", signed = "", signature = ""] = found ?? [];
  const canonical = [
    "POST", "/", "",
    ...signed.split(";").map((name) => `${name}:${String(headers[name]).trim()}`),
    "", signed, sha256(body),
  ].join("\n");
  const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(canonical)].join("\n");
  const key = scope.split("/").reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, text).toString("hex") === signature;
}
