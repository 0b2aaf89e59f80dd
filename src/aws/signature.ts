import { createHash, createHmac } from "node:crypto";

export interface SigningKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | null;
}

/** A form to be posted to the root of a service. */
export interface Form {
  readonly host: string;
  readonly service: string;
  readonly region: string;
  readonly body: string;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac("sha256", key).update(text).digest();

export const formType = "application/x-www-form-urlencoded; charset=utf-8";

/**
 * The headers of a form, signed after AWS's version 4. The SDK's signer does the same, and takes as
 * long to load as all else that starting an agent takes.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signedHeaders(
  { host, service, region, body }: Form,
  { accessKeyId, secretAccessKey, sessionToken }: SigningKey,
  at: Date,
): Readonly<Record<string, string>> {
  const date = at.toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  const day = date.slice(0, "20260301".length);
  const headers = {
    "content-type": formType,
    host,
    "x-amz-date": date,
    ...(sessionToken === null ? {} : { "x-amz-security-token": sessionToken }),
  };
  // In the order of their names, as the signature wants them.
  const names = Object.keys(headers).join(";");
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}`);
  const canonical = ["POST", "/", "", ...lines, "", names, sha256(body)].join("\n");
  const scope = [day, region, service, "aws4_request"];
  const text = ["AWS4-HMAC-SHA256", date, scope.join("/"), sha256(canonical)].join("\n");
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  const signature = hmac(key, text).toString("hex");
  return {
    ...headers,
    authorization:
      `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope.join("/")}, ` +
      `SignedHeaders=${names}, Signature=${signature}`,
  };
}
