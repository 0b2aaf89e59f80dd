import type { KeyObject } from "node:crypto";
import { readInstant } from "../events/instant.ts";
import type { EvidenceFile } from "./archive.ts";
import type { DigestFile, Unusable } from "./chain-walk.ts";
import { contentOf } from "./content.ts";
import { readDigest, type Digest } from "./digest.ts";
import type { DigestName } from "./digest-name.ts";
import { deliveryDelayMs, type Verification } from "./verification.ts";

/** A digest file by its key. */
export interface NamedDigest {
  readonly key: string;
  readonly name: DigestName;
}

/** 160,000 log files: those of an hour are some kilobytes. */
const digestBytesMax = 64 * 1024 ** 2;

/** Reads a digest, with the key it is signed with. */
export async function digestFile(
  { key, name }: NamedDigest,
  verification: Verification,
): Promise<DigestFile> {
  const { archive, slots } = verification;
  const unusable = (content: Unusable): DigestFile => ({
    key, endAt: name.endAt, content, sha256: "", signature: null, publicKey: null, isInPlace: false,
  });
  const read = await slots.run(() => archive.readKey(key, readWhole));
  if (read === "missing") {
    return unusable({ flaw: "unreadable", detail: "It was listed, and then it was gone." });
  }
  if ("unreadable" in read) return unusable({ flaw: "unreadable", detail: read.unreadable });
  const { metadata, content, sha256 } = read;
  if (typeof content === "string") return unusable({ flaw: "digest-tampered", detail: content });
  const publicKey = await publicKeyOf(content, { name, metadata, verification });
  return {
    key, endAt: name.endAt, content, sha256, signature: metadata["signature"] ?? null, publicKey,
    isInPlace: archive.isAt(key, content),
  };
}

async function readWhole({ metadata, body }: EvidenceFile) {
  const { sha256, bytes, damage } =
    await contentOf(body, { bytesMax: digestBytesMax, isKept: true });
  const content = damage ?? readDigest(bytes ?? Buffer.alloc(0));
  return { metadata, sha256, content };
}

interface Signing {
  readonly name: DigestName;
  readonly metadata: EvidenceFile["metadata"];
  readonly verification: Verification;
}

const hourMs = 3600 * 1000;

/**
 * A backfill digest is signed when it is made, long after its hour: its metadata tells when, and
 * AWS's own tool takes keys of an hour before to an hour after.
 * https://github.com/aws/aws-cli/pull/10059
 */
async function publicKeyOf(
  { fingerprint }: Digest,
  { name, metadata, verification }: Signing,
): Promise<KeyObject | null> {
  const { publicKeys, from, to, now } = verification;
  const signed = { from, to: Math.min(to + deliveryDelayMs, now) };
  const keys = await publicKeys.keys(name.region, signed);
  const key = keys.get(fingerprint);
  const madeAt = readInstant(metadata["backfill-generation-timestamp"]);
  if (key !== undefined || madeAt === null) return key ?? null;
  const then = { from: madeAt - hourMs, to: madeAt + hourMs };
  return (await publicKeys.keys(name.region, then)).get(fingerprint) ?? null;
}
