import { createPrivateKey, type KeyObject } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { manifestOf, type WrittenFile } from "../audit/manifest.ts";
import type { Audited } from "../service/auditing.ts";
import { UsageError } from "../usage-error.ts";
import { version } from "../version.ts";
import { auditTexts, type AuditFormat } from "./output/print-audit.ts";
import { inventoryTexts } from "./output/print-inventory.ts";

const reports: readonly (readonly [name: string, format: AuditFormat])[] = [
  ["audit.json", "json"], ["audit.csv", "csv"], ["audit.md", "markdown"], ["audit.html", "html"],
  ["audit.sarif", "sarif"], ["audit.ocsf.jsonl", "ocsf"],
];

/** Whatever a run read and found, in one folder, for its owner alone; with a manifest of it all. */
export async function writeReports(folder: string, audited: Audited): Promise<void> {
  const key = await signingKey(audited.config.audit.signingKeyFile);
  const files = [...inputs(audited), ...outputs(audited)];
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const { name, content } of files) await keep(folder, name, content);
  const { at } = audited.report;
  await keep(folder, "manifest.json", manifestOf(files, { at, version, key }));
}

/** Where a scheduled run leaves its own: `audits/2026-03-02T06-00-41Z`. */
export function folderOf(reportsFolder: string, at: number): string {
  const name = new Date(at).toISOString().slice(0, 19).replaceAll(":", "-");
  return join(reportsFolder, `${name}Z`);
}

async function keep(folder: string, name: string, content: string): Promise<void> {
  await writeFile(join(folder, name), content, { mode: 0o600 });
}

/** What decides beside IAM: none of it is secret. */
function inputs({ snapshot, history, config }: Audited): readonly WrittenFile[] {
  const { agents, roles, zones, audit } = config;
  const accounts = audit.accounts.map(({ id }) => id);
  const decided = {
    agents, roles, zones, audit: { ...audit, accounts }, historyOf: history.watchedTime(),
  };
  return [
    { name: "snapshot.json", role: "input", content: `${JSON.stringify(snapshot)}\n` },
    { name: "inputs.json", role: "input", content: `${JSON.stringify(decided, null, 2)}\n` },
  ];
}

function outputs({ report }: Audited): readonly WrittenFile[] {
  const { at, accountIds, inventory } = report;
  const listed = { ...inventory, at, accountIds };
  const written = (name: string, texts: Iterable<string>): WrittenFile =>
    ({ name, role: "output", content: [...texts].join("") });
  return [
    ...reports.map(([name, format]) => written(name, auditTexts(report, format))),
    written("inventory.json", inventoryTexts(listed, "json")),
    written("inventory.csv", inventoryTexts(listed, "csv")),
    written("become.mmd", inventoryTexts(listed, "mermaid")),
  ];
}

/** A UsageError where there is none of the kind. */
export async function signingKey(file: string | undefined): Promise<KeyObject | null> {
  if (file === undefined) return null;
  const key = await keyIn(file);
  if (key?.asymmetricKeyType === "ed25519") return key;
  throw new UsageError(`audit.signingKeyFile is ${file}: expected a PEM file with an Ed25519 ` +
    `private key. Make one with: openssl genpkey -algorithm ed25519 -out ${file}`);
}

async function keyIn(file: string): Promise<KeyObject | null> {
  try {
    return createPrivateKey(await readFile(file));
  } catch (error) {
    if (error instanceof Error && "code" in error) return null;
    throw error;
  }
}
