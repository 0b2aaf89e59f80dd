import type { KeyObject } from "node:crypto";
import type { Digest, PreviousDigest } from "./digest.ts";
import { digestName, fromAwsLogs } from "./digest-name.ts";
import { iso, rangeText, type Flaw, type FlawKind } from "./flaw.ts";
import { isSigned, signedText } from "./signature.ts";

/** What was read of one digest file. */
export interface DigestFile {
  /** Where it lies. */
  readonly key: string;
  /** As its name tells, ms UTC. */
  readonly endAt: number;
  readonly content: Digest | Unusable;
  /** Of its inflated bytes, hex. */
  readonly sha256: string;
  /** As its metadata tells, hex; null in a copy, which has none. */
  readonly signature: string | null;
  /** CloudTrail's, of the digest's fingerprint; null where there is none. */
  readonly publicKey: KeyObject | null;
  /** Whether it says to lie where it does. */
  readonly isInPlace: boolean;
}

export interface Unusable {
  readonly flaw: "digest-tampered" | "unreadable";
  readonly detail: string;
}

/** Delivery times, ms UTC. */
export interface WalkRange {
  readonly from: number;
  readonly to: number;
  /** Until when digests must be there by now. */
  readonly dueUntil: number;
  /** Of backfill digests: they come when there is need, not by the hour. */
  readonly isBackfill: boolean;
}

export interface Step {
  /** What is proven to be CloudTrail's: log files can be held against it. */
  readonly proven: Digest | null;
  readonly flaws: readonly Flaw[];
}

/** What a digest tells of the one before it. */
interface Promised {
  readonly previous: PreviousDigest;
  readonly endAt: number;
  /** When the digest that tells it begins. */
  readonly startAt: number;
  readonly toldBy: string;
  /** Whether that digest is proven. A signature proves itself, whoever tells it. */
  readonly isProven: boolean;
}

/**
 * Walks a chain of digests from the newest to the oldest, as AWS's page tells it, and goes on where
 * it is broken: each digest is proven by its own signature, or by the one after it, which holds a
 * copy of its signature and hash.
 * docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html
 */
export class ChainWalk {
  readonly #range: WalkRange;
  #promise: Promised | null = null;
  /** The proven one before which nothing was found wrong yet. */
  #newer: Digest | null = null;
  /** Until when the one before is to prove something, where it is not proven itself. */
  #doubtEndAt: number | null = null;
  #isFirst = true;

  constructor(range: WalkRange) {
    this.#range = range;
  }

  /**
   * Takes the one behind the range, for what it tells of the one before it. Which it is, its name
   * says: what it holds may be anybody's.
   */
  witness(file: DigestFile): void {
    this.#isFirst = false;
    this.#follow(file, flawOf(file, null) === null);
  }

  /** Takes the next one, not newer than those before it. */
  next(file: DigestFile): Step {
    const flaws = [...this.#missingAtEnd(file), ...this.#missingBefore(file)];
    const promise = isPromised(file, this.#promise) ? this.#promise : null;
    const flaw = flawOf(file, promise);
    const digest = "flaw" in file.content ? null : file.content;
    const isProven = flaw === null && digest !== null;
    // One that is not the next of the chain stands beside it, and proves itself or not.
    if (promise === this.#promise) {
      if (isProven) flaws.push(...this.#gapBehind(digest));
      this.#follow(file, isProven);
    }
    if (flaw !== null) flaws.push(flaw);
    if (isProven) flaws.push(...elsewhere(digest));
    return { proven: isProven ? digest : null, flaws };
  }

  #follow(file: DigestFile, isProven: boolean): void {
    this.#newer = isProven && !("flaw" in file.content) ? file.content : null;
    this.#doubtEndAt = isProven ? null : file.endAt;
    this.#promise = promiseOf(file, isProven);
  }

  /** When there is no older one. */
  end(): readonly Flaw[] {
    const { from, isBackfill } = this.#range;
    const promise = this.#promise;
    if (promise?.isProven === true && promise.endAt > from) return [missing(promise, from)];
    const newer = this.#newer;
    if (isBackfill) return [];
    if (newer === null) return this.#doubtfulSince(from);
    if (newer.previous !== null || newer.startAt <= from) return [];
    return [{
      kind: "begins", key: newer.key, fromAt: from, toAt: newer.startAt,
      detail: `Validation began at ${iso(newer.startAt)}: what was delivered before is not proven.`,
    }];
  }

  #missingAtEnd({ endAt }: DigestFile): readonly Flaw[] {
    const { dueUntil, to, isBackfill } = this.#range;
    const isNewest = this.#isFirst;
    this.#isFirst = false;
    return isNewest && !isBackfill && endAt < dueUntil ? [endless(endAt, to)] : [];
  }

  /** The digest that should have come now, and did not. */
  #missingBefore(file: DigestFile): readonly Flaw[] {
    const promise = this.#promise;
    if (promise === null || isPromised(file, promise) || file.endAt > promise.endAt) return [];
    this.#promise = null;
    this.#newer = null;
    return promise.isProven ? [missing(promise, file.endAt)] : [];
  }

  /** Where a digest proves nothing, it does not prove that there was one before it either. */
  #doubtfulSince(from: number): readonly Flaw[] {
    const until = this.#doubtEndAt;
    if (until === null || until - from < hourMs + slackMs) return [];
    return [gap(from, until, "The next digest proves nothing, and there is none between")];
  }

  #gapBehind(older: Digest): readonly Flaw[] {
    const newer = this.#newer;
    if (this.#range.isBackfill) return [];
    if (newer === null) return this.#doubtfulSince(older.endAt);
    if (older.endAt >= newer.startAt) return [];
    const why = newer.previous === null
      ? "Validation, or logging, was off, and then on again"
      : "The chain goes on, and leaves it out";
    return [gap(older.endAt, newer.startAt, why)];
  }
}

function isPromised({ key }: DigestFile, promise: Promised | null): boolean {
  return promise !== null && fromAwsLogs(key) === fromAwsLogs(promise.previous.key);
}

function promiseOf({ content }: DigestFile, isProven: boolean): Promised | null {
  if ("flaw" in content || content.previous === null) return null;
  const { previous, bucket, startAt, key: toldBy } = content;
  if (previous.bucket !== bucket) return null;
  const endAt = digestName(previous.key)?.endAt ?? startAt;
  return { previous, endAt, startAt, toldBy, isProven };
}

/** What is wrong with one digest by itself; null when it is CloudTrail's. */
function flawOf(file: DigestFile, promise: Promised | null): Flaw | null {
  const { content, sha256, publicKey, key } = file;
  const flaw = (kind: FlawKind, detail: string): Flaw => {
    const startAt = "flaw" in content ? null : content.startAt;
    // Whoever changed a digest may have changed its times.
    const fromAt = startAt !== null && startAt < file.endAt ? startAt : null;
    return { kind, key, fromAt, toAt: file.endAt, detail };
  };
  if ("flaw" in content) return flaw(content.flaw, content.detail);
  if (!file.isInPlace) {
    return flaw("digest-moved", `It was delivered as s3://${content.bucket}/${content.key}.`);
  }
  if (publicKey === null) {
    const { fingerprint } = content;
    return flaw("key-unknown", `No public key of CloudTrail's has the fingerprint ${fingerprint}.`);
  }
  if (promise?.isProven === true && promise.previous.sha256 !== sha256) {
    return flaw("digest-tampered", "Its SHA-256 is not the one that the digest after it holds.");
  }
  const signature = (promise?.isProven === true ? promise.previous.signature : file.signature) ??
    promise?.previous.signature ?? null;
  if (signature === null) {
    return flaw("unsigned", "Neither its metadata nor a digest after it tells its signature.");
  }
  return isSigned(signedText(content, sha256), signature, publicKey)
    ? null : flaw("digest-tampered", "Its signature does not fit what it holds.");
}

function missing({ previous, startAt, toldBy }: Promised, fromAt: number): Flaw {
  return {
    kind: "digest-missing", key: previous.key, fromAt, toAt: startAt,
    detail: `${toldBy} names it. ${unproven(fromAt, startAt)}`,
  };
}

function gap(fromAt: number, toAt: number, why: string): Flaw {
  return { kind: "gap", key: null, fromAt, toAt, detail: `${why}. ${unproven(fromAt, toAt)}` };
}

function endless(fromAt: number, toAt: number): Flaw {
  return gap(fromAt, toAt, "There is no newer digest");
}

function elsewhere({ previous, bucket, key, startAt }: Digest): readonly Flaw[] {
  if (previous === null || previous.bucket === bucket) return [];
  const detail = `The digest before it is s3://${previous.bucket}/${previous.key}: ` +
    "verify that bucket too.";
  return [{ kind: "other-bucket", key, fromAt: null, toAt: startAt, detail }];
}

const hourMs = 3600 * 1000;
/** Digests do not begin and end to the second. */
const slackMs = hourMs / 2;

/** `Nothing proves what was delivered from … to … (3 hours).` */
function unproven(from: number, to: number): string {
  const hours = Math.round((to - from) / hourMs);
  return `Nothing proves what was delivered ${rangeText({ from, to })} ` +
    `(${hours} hour${hours === 1 ? "" : "s"}).`;
}
