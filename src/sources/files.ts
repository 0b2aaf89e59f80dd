import { randomUUID } from "node:crypto";
import { createReadStream, type Stats } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, normalize, resolve } from "node:path";
import type { RecordFile } from "../records/read.ts";
import type { Delivery } from "../sessions/store.ts";
import { SourceFault } from "./fault.ts";

/** A local file to scan: what it is delivered as, and how to open it. */
export interface LocalFile {
  readonly delivery: Delivery;
  readonly bytes: number;
  /** Where anybody can read it as a whole; null for what is not there or not so small. */
  readonly path: string | null;
  /** Throws a SourceFault, as do the chunks it gives. */
  readonly open: () => Promise<RecordFile>;
}

/** What some paths hold. */
export interface Found {
  /** In name order, each once. */
  readonly files: readonly LocalFile[];
  /** Files in folders left alone, since their names are not CloudTrail's. */
  readonly passedOverCount: number;
  /** What in the folders cannot be looked at, a link to nowhere say. */
  readonly faults: readonly SourceFault[];
}

/** What a folder may hold of CloudTrail; a file named outright is read whatever its name. */
const cloudTrailName = /\.(?:json|ndjson|jsonl|log)(?:\.gz)?$|\.gz$/i;

/**
 * Below this a file is read whole; above, in chunks. CloudTrail's own files stay under 50 MB
 * compressed.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
const wholeBytesMax = 64 * 1024 ** 2;

/** Every file under the given paths, folders walked whole. Throws a SourceFault for one of them. */
export async function lookForFiles(paths: readonly string[]): Promise<Found> {
  const found = await Promise.all(paths.map(filesAt));
  const all = found.flatMap(({ files }) => files);
  const files = [...new Map(all.map((file) => [file.delivery.id, file])).values()];
  return {
    files: files.sort((a, b) => (a.delivery.name < b.delivery.name ? -1 : 1)),
    passedOverCount: found.reduce((sum, { passedOverCount }) => sum + passedOverCount, 0),
    faults: found.flatMap(({ faults }) => faults),
  };
}

/** The same, where everything must be there. */
export async function findFiles(paths: readonly string[]): Promise<readonly LocalFile[]> {
  const { files, faults } = await lookForFiles(paths);
  if (faults[0] !== undefined) throw faults[0];
  return files;
}

async function filesAt(path: string): Promise<Found> {
  if (path === "-") return justThis(standardInput());
  const info = await statOf(path);
  if (!info.isDirectory()) return justThis(localFile(path, info));
  const { names, faults } = await namesUnder(path);
  const wanted = names.filter((name) => cloudTrailName.test(name));
  const looked = await Promise.all(wanted.map(lookedAt));
  return {
    files: looked.flatMap((one) => (one === null || one instanceof SourceFault ? [] : [one])),
    passedOverCount: names.length - wanted.length,
    faults: [...faults, ...looked.filter((one) => one instanceof SourceFault)],
  };
}

function justThis(file: LocalFile): Found {
  return { files: [file], passedOverCount: 0, faults: [] };
}

async function lookedAt(name: string): Promise<LocalFile | SourceFault | null> {
  try {
    const info = await statOf(name);
    return info.isFile() ? localFile(name, info) : null;
  } catch (error) {
    if (error instanceof SourceFault) return error;
    throw error;
  }
}

interface Names {
  readonly names: readonly string[];
  /** Folders below that may not be listed. */
  readonly faults: readonly SourceFault[];
}

/**
 * Every file's name in a folder and those below it; links to folders are not followed. Throws a
 * SourceFault when the folder itself cannot be listed: one below it does not hide the others.
 */
async function namesUnder(folder: string): Promise<Names> {
  const names: string[] = [];
  const faults: SourceFault[] = [];
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const here = next;
    try {
      for (const entry of await readdir(here, { withFileTypes: true })) {
        (entry.isDirectory() ? waiting : names).push(join(here, entry.name));
      }
    } catch (cause) {
      const fault = new SourceFault("path-unreadable", here, cause);
      if (here === folder) throw fault;
      faults.push(fault);
    }
  }
  return { names, faults };
}

async function statOf(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (cause) {
    throw new SourceFault("path-unreadable", path, cause);
  }
}

function localFile(path: string, info: Stats): LocalFile {
  const name = normalize(path);
  // A pipe (`<(zcat …)`) has no identity, and nobody knows how much will come.
  if (!info.isFile()) return unnamed(name, () => createReadStream(name));
  const id = `file:${resolve(name)}#${info.size}-${Math.trunc(info.mtimeMs)}`;
  const isWhole = info.size <= wholeBytesMax;
  const open = async (): Promise<RecordFile> =>
    isWhole
      ? { name, bytes: await bytesOf(name) }
      : { name, chunks: guarded(name, createReadStream(name, { highWaterMark: 1024 ** 2 })) };
  return { delivery: { id, name }, bytes: info.size, path: isWhole ? name : null, open };
}

function standardInput(): LocalFile {
  return unnamed("standard input", () => process.stdin);
}

/** What is piped in is always read. Its events still count once, by their keys. */
function unnamed(name: string, stream: () => AsyncIterable<Buffer>): LocalFile {
  return {
    delivery: { id: `stream:${randomUUID()}`, name },
    bytes: 0,
    path: null,
    open: () => Promise.resolve({ name, chunks: guarded(name, stream()) }),
  };
}

async function* guarded(name: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* chunks;
  } catch (cause) {
    throw new SourceFault("path-unreadable", name, cause);
  }
}

async function bytesOf(name: string): Promise<Buffer> {
  try {
    return await readFile(name);
  } catch (cause) {
    throw new SourceFault("path-unreadable", name, cause);
  }
}

export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/** The text files of a folder with these endings, by name; a file named outright is itself. */
export async function readTexts(
  path: string,
  endings: readonly string[],
): Promise<readonly TextFile[]> {
  const info = await statOf(path);
  const { names: found, faults } = info.isDirectory() ? await namesUnder(path) : named(path);
  if (faults[0] !== undefined) throw faults[0];
  const names = info.isDirectory()
    ? found.filter((name) => endings.some((ending) => name.endsWith(ending)))
    : found;
  return await Promise.all([...names].sort().map(async (name) =>
    ({ name, text: (await bytesOf(name)).toString() })));
}

function named(path: string): Names {
  return { names: [path], faults: [] };
}
