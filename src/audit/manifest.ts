import { createPublicKey, hash, sign, verify, type KeyObject } from "node:crypto";
import { z } from "zod";

/** What a run read, and what it wrote. */
const ManifestFile = z.object({
  /** In the manifest's own folder. */
  name: z.string().regex(/^[\w-][\w.-]*$/),
  role: z.enum(["input", "output"]),
  bytes: z.int(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ManifestFile = z.infer<typeof ManifestFile>;

const Manifest = z.object({
  format: z.literal("trailwarden-manifest-1"),
  /** Of the program that wrote it. */
  version: z.string(),
  at: z.iso.datetime(),
  files: z.array(ManifestFile),
  /** PEM; null: it is not signed. */
  publicKey: z.string().nullable(),
  /** Ed25519 over the rest as JSON without white space, in base64. */
  signature: z.string().nullable(),
});
type Manifest = z.infer<typeof Manifest>;

export interface WrittenFile {
  readonly name: string;
  readonly role: ManifestFile["role"];
  readonly content: string;
}

/**
 * What proves later that these files are those of a run.
 *
 * @param key an Ed25519 private key; null: only hashes
 */
export function manifestOf(
  files: readonly WrittenFile[],
  { at, version, key }: {
    readonly at: number; readonly version: string; readonly key: KeyObject | null;
  },
): string {
  const unsigned = {
    format: "trailwarden-manifest-1" as const, version, at: new Date(at).toISOString(),
    files: files.map(({ name, role, content }) =>
      ({ name, role, bytes: Buffer.byteLength(content), sha256: hash("sha256", content, "hex") })),
    publicKey: key === null ? null : pemOf(createPublicKey(key)),
  };
  const signature = key === null ? null : sign(null, signedBytes(unsigned), key).toString("base64");
  return `${JSON.stringify({ ...unsigned, signature }, null, 2)}\n`;
}

function signedBytes(manifest: Omit<Manifest, "signature">): Buffer {
  const { format, version, at, files, publicKey } = manifest;
  const listed = files.map(({ name, role, bytes, sha256 }) => ({ name, role, bytes, sha256 }));
  return Buffer.from(JSON.stringify({ format, version, at, files: listed, publicKey }));
}

function pemOf(key: KeyObject): string {
  return key.export({ type: "spki", format: "pem" }).toString();
}

export interface Proof {
  readonly at: string;
  readonly fileCount: number;
  /** What is not as it was; empty: all is. */
  readonly problems: readonly string[];
  /** Whose signature holds; null: none does. */
  readonly keyFingerprint: string | null;
}

export interface Proving {
  /** A file's bytes; null: it is not there. */
  readonly read: (name: string) => Promise<Buffer | null>;
  /** Whose signature it must be; null: of whichever key it names. */
  readonly trusted: KeyObject | null;
}

/** Whether files and signature are as they were; null: the text is no manifest. */
export async function proved(text: string, { read, trusted }: Proving): Promise<Proof | null> {
  const manifest = manifestIn(text);
  if (manifest === null) return null;
  const problems = [...signatureProblems(manifest, trusted)];
  const isSigned = manifest.signature !== null && problems.length === 0;
  for (const file of manifest.files) {
    const problem = fileProblem(file, await read(file.name));
    if (problem !== null) problems.push(problem);
  }
  return {
    at: manifest.at, fileCount: manifest.files.length, problems,
    keyFingerprint: isSigned ? fingerprintOf(manifest.publicKey ?? "") : null,
  };
}

function manifestIn(text: string): Manifest | null {
  try {
    return Manifest.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function signatureProblems(manifest: Manifest, trusted: KeyObject | null): readonly string[] {
  const { publicKey, signature } = manifest;
  if (publicKey === null || signature === null) {
    return trusted === null ? [] : ["It is not signed."];
  }
  const key = keyIn(publicKey);
  if (key?.asymmetricKeyType !== "ed25519") return ["The key that it names is no Ed25519 key."];
  if (trusted !== null && pemOf(trusted) !== pemOf(key)) {
    return ["It is signed with another key than the one that was given."];
  }
  const holds = verify(null, signedBytes(manifest), key, Buffer.from(signature, "base64"));
  return holds ? [] : ["The signature does not fit: the manifest was changed."];
}

function keyIn(pem: string): KeyObject | null {
  try {
    return createPublicKey(pem);
  } catch (error) {
    if (error instanceof Error && "code" in error) return null;
    throw error;
  }
}

function fileProblem({ name, bytes, sha256 }: ManifestFile, content: Buffer | null): string | null {
  if (content === null) return `${name} is not there.`;
  if (content.length !== bytes) return `${name} has ${content.length} bytes, not ${bytes}.`;
  return hash("sha256", content, "hex") === sha256 ? null : `${name} was changed.`;
}

/** As OpenSSH shows keys: `SHA256:…`, over the key as DER. */
export function fingerprintOf(pem: string): string {
  const der = createPublicKey(pem).export({ type: "spki", format: "der" });
  return `SHA256:${hash("sha256", der, "base64").replace(/=+$/, "")}`;
}
