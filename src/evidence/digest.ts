import { z } from "zod";
import { readInstant } from "../events/instant.ts";

/** An object of S3's. */
export interface Location {
  readonly bucket: string;
  readonly key: string;
}

/** A log file as a digest lists it. */
export interface ListedLog extends Location {
  /** SHA-256 of its inflated bytes, hex. */
  readonly sha256: string;
}

/** What a digest tells of the one before it. */
export interface PreviousDigest extends Location {
  /** SHA-256 of its inflated bytes, hex. */
  readonly sha256: string;
  /** Hex; the same that lies in its metadata. */
  readonly signature: string;
}

/** A digest file: which log files CloudTrail delivered in an hour. */
export interface Digest extends Location {
  /** Delivery times, ms UTC. */
  readonly startAt: number;
  readonly endAt: number;
  /** As it is written, which is what is signed. */
  readonly endText: string;
  readonly fingerprint: string;
  /** Null where validation began, for the first time or again. */
  readonly previous: PreviousDigest | null;
  readonly logs: readonly ListedLog[];
}

/**
 * Reads a digest's inflated bytes, as the page "CloudTrail digest file structure" of its user guide
 * tells.
 *
 * @returns a sentence where they are none
 */
export function readDigest(bytes: Buffer): Digest | string {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch {
    return "It holds no JSON.";
  }
  const { success, data, error } = Shape.safeParse(value);
  if (success) return digestOf(data);
  const { path = [], message = "" } = error.issues[0] ?? {};
  return `It is no digest: ${path.map(String).join(".")}: ${message}.`;
}

const Name = z.string().min(1).max(2048);
const Hex = z.string().regex(/^(?:[0-9a-f]{2})+$/i, "expected hex digits").max(4096);
const Sha256 = Hex.length(64).toLowerCase();
/** The only one that CloudTrail uses. */
const HashAlgorithm = z.literal("SHA-256");
const Time = z.string().refine((text) => readInstant(text) !== null, "expected an instant");

const Shape = z.object({
  digestStartTime: Time,
  digestEndTime: Time,
  digestS3Bucket: Name,
  digestS3Object: Name,
  digestPublicKeyFingerprint: Hex,
  digestSignatureAlgorithm: z.literal("SHA256withRSA"),
  previousDigestS3Bucket: Name.nullable(),
  previousDigestS3Object: Name.nullable(),
  previousDigestHashValue: Sha256.nullable(),
  previousDigestHashAlgorithm: HashAlgorithm.nullable(),
  previousDigestSignature: Hex.nullable(),
  logFiles: z.array(z.object({
    s3Bucket: Name, s3Object: Name, hashValue: Sha256, hashAlgorithm: HashAlgorithm,
  })),
});

function digestOf(data: z.infer<typeof Shape>): Digest {
  return {
    bucket: data.digestS3Bucket,
    key: data.digestS3Object,
    startAt: readInstant(data.digestStartTime) ?? 0,
    endAt: readInstant(data.digestEndTime) ?? 0,
    endText: data.digestEndTime,
    fingerprint: data.digestPublicKeyFingerprint,
    previous: previousIn(data),
    logs: data.logFiles.map(({ s3Bucket, s3Object, hashValue }) =>
      ({ bucket: s3Bucket, key: s3Object, sha256: hashValue })),
  };
}

function previousIn(data: z.infer<typeof Shape>): PreviousDigest | null {
  const { previousDigestS3Bucket: bucket, previousDigestS3Object: key } = data;
  const { previousDigestHashValue: sha256, previousDigestSignature: signature } = data;
  const isWhole = bucket !== null && key !== null && sha256 !== null && signature !== null;
  return isWhole ? { bucket, key, sha256, signature } : null;
}
