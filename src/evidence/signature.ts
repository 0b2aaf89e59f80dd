import { createPublicKey, verify, type KeyObject } from "node:crypto";
import type { Digest } from "./digest.ts";

/** By fingerprint, as digests name them. */
export type PublicKeys = ReadonlyMap<string, KeyObject>;

/**
 * What CloudTrail signs: the end of the digest's hour, where it lies, the SHA-256 of its inflated
 * bytes, and the signature of the digest before it, a line each. The first of a chain has the word
 * `null` for the last.
 * docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html
 *
 * @param sha256 of the digest's inflated bytes, hex
 */
export function signedText({ endText, bucket, key, previous }: Digest, sha256: string): string {
  return `${endText}\n${bucket}/${key}\n${sha256}\n${previous?.signature ?? "null"}`;
}

/**
 * Whether the signature, in hex, is CloudTrail's: RSA (PKCS #1 v1.5) over SHA-256.
 *
 * @param text as `signedText` puts it together
 */
export function isSigned(text: string, signature: string, key: KeyObject): boolean {
  return verify("RSA-SHA256", Buffer.from(text), key, Buffer.from(signature, "hex"));
}

/**
 * A public key as ListPublicKeys gives it: DER, of PKCS #1 as its reference says, or of X.509
 * (SubjectPublicKeyInfo), as AWS's own example has one. Null where it is no RSA key.
 */
export function publicKeyIn(der: Buffer): KeyObject | null {
  for (const type of ["pkcs1", "spki"] as const) {
    try {
      const key = createPublicKey({ key: der, format: "der", type });
      return key.asymmetricKeyType === "rsa" ? key : null;
    } catch {
      continue;
    }
  }
  return null;
}
