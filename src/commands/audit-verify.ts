import { createPublicKey, type KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { proved } from "../audit/manifest.ts";
import { printable } from "../text/printable.ts";
import { UsageError } from "../usage-error.ts";
import { exitCodes } from "./exit-codes.ts";

interface VerifyOptions {
  readonly publicKey?: string;
}

const examples = `
Examples:
  trailwarden audit verify audits/2026-03-02T06-00-41Z/manifest.json --public-key audit-key.pub.pem

The key's public half: openssl pkey -in audit-key.pem -pubout. Without --public-key, whoever changed
the files may have signed them anew: hold the fingerprint that is printed against your key's.

Exit codes: 0 all is as it was, 1 something differs, 2 usage.`;

export function addAuditVerifyCommand(audit: Command): void {
  audit.command("verify")
    .summary("prove that a run's reports are as they were written")
    .description("Holds the files beside a manifest against its hashes, and checks its signature.")
    .argument("<manifest>", "the manifest.json of a run")
    .option("--public-key <file>", "the PEM file of the key that must have signed it")
    .addHelpText("after", examples)
    .action(async (file: string, options: VerifyOptions) => {
      process.exitCode = await verifyManifest(file, options);
    });
}

async function verifyManifest(file: string, { publicKey }: VerifyOptions): Promise<number> {
  const text = await bytesOf(file);
  if (text === null) throw new UsageError(`There is no manifest at ${file}.`);
  const proof = await proved(text.toString(), {
    read: (name) => bytesOf(join(dirname(file), name)),
    trusted: publicKey === undefined ? null : await keyAt(publicKey),
  });
  if (proof === null) throw new UsageError(`${file} is no manifest of an audit.`);
  const { problems, fileCount, at, keyFingerprint } = proof;
  for (const problem of problems) process.stdout.write(`${printable(problem)}\n`);
  if (problems.length > 0) return exitCodes.findings;
  const by = keyFingerprint === null
    ? "as an unsigned manifest says" : `signed by ${keyFingerprint}`;
  process.stdout.write(`All ${fileCount} files are those of the audit of ${at}, ${by}.\n`);
  return exitCodes.ok;
}

async function keyAt(file: string): Promise<KeyObject> {
  try {
    return createPublicKey(await readFile(file));
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    throw new UsageError(`--public-key is ${file}: expected a PEM file with a public key.`);
  }
}

async function bytesOf(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
