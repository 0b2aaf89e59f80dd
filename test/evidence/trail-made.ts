import { createHash, createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { gzipSync } from "node:zlib";

/** A pair of CloudTrail's, and how its public key is told. */
export interface KeyPair {
  readonly fingerprint: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** DER. */
  readonly value: Buffer;
}

export function keyPair(encoding: "pkcs1" | "spki"): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const value = publicKey.export({ format: "der", type: encoding });
  const fingerprint = createHash("md5").update(value).digest("hex");
  return { fingerprint, privateKey, publicKey, value };
}

/** As ListPublicKeys' reference says, and as AWS's example has one. */
export const firstKey = keyPair("pkcs1");
export const secondKey = keyPair("spki");
/** Nobody's at AWS. */
export const foreignKey = keyPair("pkcs1");

export interface StoredFile {
  readonly body: Buffer;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface DigestJson {
  readonly digestS3Object: string;
  readonly previousDigestSignature: string | null;
  readonly digestEndTime: string;
  readonly digestS3Bucket: string;
  readonly logFiles: readonly { readonly s3Object: string; readonly hashValue: string }[];
  readonly [field: string]: unknown;
}

interface Hour {
  readonly logCount?: number;
  readonly key?: KeyPair;
  /** Validation begins, or begins again. */
  readonly isStart?: boolean;
  readonly isBackfill?: boolean;
}

interface TrailOptions {
  readonly prefix?: string;
  readonly region?: string;
  readonly trail?: string;
}

export const account = "111111111111";
const hash = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** `2026-03-01T05:01:31Z`: when the digest of the hour before the n-th ends. */
export function endOf(n: number): string {
  return new Date(Date.UTC(2026, 2, 1, n, 1, 31)).toISOString().replace(".000Z", "Z");
}

/** A trail's bucket as CloudTrail fills it, hour by hour, with digests signed as AWS signs them. */
export class MadeTrail {
  readonly files = new Map<string, StoredFile>();
  readonly bucket: string;
  readonly #prefix: string;
  readonly #region: string;
  readonly #trail: string;
  readonly #last = new Map<boolean, { json: DigestJson; body: Buffer; signature: string }>();

  constructor(bucket: string, options: TrailOptions = {}) {
    const { prefix = "", region = "eu-west-1", trail = "my_trail" } = options;
    this.bucket = bucket;
    this.#prefix = prefix;
    this.#region = region;
    this.#trail = trail;
  }

  /** Hours from `first` to `last`, with two log files each. */
  hours(first: number, last: number, hour: Hour = {}): this {
    for (let n = first; n <= last; n += 1) {
      this.hour(n, { ...hour, isStart: n === first && hour.isStart !== false });
    }
    return this;
  }

  /** The hour until `n`:01:31. */
  hour(n: number, hour: Hour = {}): this {
    const { logCount = 2, key = firstKey, isStart = false, isBackfill = false } = hour;
    const logFiles = Array.from({ length: logCount }, (_, i) => this.#log(n, isBackfill ? 8 : i));
    const last = isStart ? undefined : this.#last.get(isBackfill);
    const json: DigestJson = {
      awsAccountId: account,
      digestStartTime: endOf(n - 1),
      digestEndTime: endOf(n),
      digestS3Bucket: this.bucket,
      digestS3Object: this.digestKey(n, isBackfill),
      digestPublicKeyFingerprint: key.fingerprint,
      digestSignatureAlgorithm: "SHA256withRSA",
      newestEventTime: logCount === 0 ? null : endOf(n),
      oldestEventTime: logCount === 0 ? null : endOf(n - 1),
      previousDigestS3Bucket: last?.json.digestS3Bucket ?? null,
      previousDigestS3Object: last?.json.digestS3Object ?? null,
      previousDigestHashValue: last === undefined ? null : hash(last.body),
      previousDigestHashAlgorithm: last === undefined ? null : "SHA-256",
      previousDigestSignature: last?.signature ?? null,
      logFiles,
    };
    const { body, signature } = this.putDigest(json, key);
    this.#last.set(isBackfill, { json, body, signature });
    return this;
  }

  /** Signs it, and puts it where it says to lie. */
  putDigest(json: DigestJson, key: KeyPair) {
    const body = Buffer.from(JSON.stringify(json));
    const { digestEndTime, digestS3Bucket, digestS3Object, previousDigestSignature } = json;
    const text = `${digestEndTime}\n${digestS3Bucket}/${digestS3Object}\n${hash(body)}\n` +
      (previousDigestSignature ?? "null");
    const signature = createSign("RSA-SHA256").update(text).sign(key.privateKey, "hex");
    const made = digestS3Object.includes("_backfill")
      ? { "backfill-generation-timestamp": "2026-04-15T12:00:00Z" } : {};
    this.files.set(digestS3Object, {
      body: gzipSync(body),
      metadata: { signature, "signature-algorithm": "SHA256withRSA", ...made },
    });
    return { body, signature };
  }

  digestKey(n: number, isBackfill = false): string {
    const stamp = endOf(n).replaceAll(/[-:]/g, "");
    return `${this.#folder("CloudTrail-Digest", n)}${account}_CloudTrail-Digest_${this.#region}_` +
      `${this.#trail}_eu-west-1_${stamp}${isBackfill ? "_backfill" : ""}.json.gz`;
  }

  /** The `i`-th log file that the digest of that hour lists: `10:03`, `10:18`, … */
  logKey(n: number, i: number): string {
    const at = new Date(Date.UTC(2026, 2, 1, n - 1, 3 + 15 * (i % 4))).toISOString();
    const stamp = at.slice(0, 16).replaceAll(/[-:]/g, "");
    return `${this.#folder("CloudTrail", n)}${account}_CloudTrail_${this.#region}_${stamp}Z_` +
      `Ab3dE6gH9jK2mN5${i}.json.gz`;
  }

  /** Takes it away, and says what it was. */
  take(key: string): StoredFile {
    const file = this.files.get(key);
    if (file === undefined) throw new Error(`There is no ${key} to take.`);
    this.files.delete(key);
    return file;
  }

  /** Changes a file's content, and leaves its metadata. */
  change(key: string, content: string): void {
    const { metadata } = this.take(key);
    this.files.set(key, { body: gzipSync(content), metadata });
  }

  /** What a digest holds now. */
  #log(n: number, i: number) {
    const key = this.logKey(n, i);
    const content = Buffer.from(JSON.stringify({ Records: [{ eventID: `${n}-${i}` }] }));
    this.files.set(key, { body: gzipSync(content), metadata: {} });
    return {
      s3Bucket: this.bucket, s3Object: key, hashValue: hash(content), hashAlgorithm: "SHA-256",
      newestEventTime: endOf(n), oldestEventTime: endOf(n - 1),
    };
  }

  #folder(kind: string, n: number): string {
    const day = endOf(n).slice(0, 10).replaceAll("-", "/");
    return `${this.#prefix}AWSLogs/${account}/${kind}/${this.#region}/${day}/`;
  }
}
