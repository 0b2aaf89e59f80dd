import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { RecordFile } from "../records/read.ts";
import type { Delivery } from "../sessions/store.ts";
import { SourceFault } from "./fault.ts";

/** A local file to scan: what it is delivered as, and how to open it. */
export interface LocalFile {
  readonly delivery: Delivery;
  readonly bytes: number;
  readonly open: () => Promise<RecordFile>;
}

/** What a folder may hold of CloudTrail; a file named outright is read whatever its name. */
const cloudTrailName = /\.(?:json|ndjson|jsonl|log)(?:\.gz)?$|\.gz$/i;

/**
 * Below this a file is read whole; above, in chunks. CloudTrail's own files stay under 50 MB compressed.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
const wholeBytesMax = 64 * 1024 ** 2;

/** Every file under the given paths, folders walked whole, in name order. Throws a Fault for a path that is not there. */
export async function findFiles(paths: readonly string[]): Promise<readonly LocalFile[]> {
  const found = await Promise.all(paths.map(filesAt));
  const byName = new Map(found.flat().map((file) => [file.delivery.name, file]));
  return [...byName.values()].sort((a, b) => (a.delivery.name < b.delivery.name ? -1 : 1));
}

async function filesAt(path: string): Promise<readonly LocalFile[]> {
  if (path === "-") return [standardInput()];
  const info = await statOf(path);
  if (!info.isDirectory()) return [localFile(path, info)];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isDirectory() && cloudTrailName.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  const infos = await Promise.all(names.map(async (name) => ({ name, info: await statOf(name) })));
  return infos.filter(({ info }) => info.isFile()).map(({ name, info }) => localFile(name, info));
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (cause) {
    throw new SourceFault("path-unreadable", path, cause);
  }
}

function localFile(name: string, info: { size: number; mtimeMs: number }): LocalFile {
  const delivery = { id: `file:${name}#${info.size}-${Math.trunc(info.mtimeMs)}`, name };
  const open = async (): Promise<RecordFile> =>
    info.size <= wholeBytesMax
      ? { name, bytes: await readFile(name) }
      : { name, chunks: createReadStream(name, { highWaterMark: 1024 ** 2 }) };
  return { delivery, bytes: info.size, open };
}

function standardInput(): LocalFile {
  const name = "standard input";
  // What is piped in has no identity: it is always read. Its events still count once, by their keys.
  return {
    delivery: { id: `stdin:${randomUUID()}`, name },
    bytes: 0,
    open: () => Promise.resolve({ name, chunks: process.stdin as AsyncIterable<Buffer> }),
  };
}

/** The text files of a folder with one of these endings, sorted by name; a file named outright is itself. */
export async function readTexts(
  path: string,
  endings: readonly string[],
): Promise<readonly { readonly name: string; readonly text: string }[]> {
  const info = await statOf(path);
  if (!info.isDirectory()) return [{ name: path, text: await readFile(path, "utf8") }];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(name, "utf8") })));
}
