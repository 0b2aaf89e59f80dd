import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import type {
  DeliveryRange, EvidenceFile, EvidencePlace, NotRead, TrailArchive,
} from "../evidence/archive.ts";
import type { Location } from "../evidence/digest.ts";
import { fromAwsLogs } from "../evidence/digest-name.ts";
import { trailKey, type TrailKey } from "../records/trail-key.ts";
import { dayOf } from "./archive-days.ts";
import type { PlaceFilter } from "./archive-places.ts";
import { SourceFault } from "./fault.ts";

interface Copy {
  readonly path: string;
  /** From `AWSLogs/` on. */
  readonly key: string;
  readonly name: TrailKey;
}

/**
 * A copy of a trail's bucket in a folder, `AWSLogs/…` in it or above it. What stands before that in
 * the bucket's keys, and the files' metadata, are lost in a copy. Throws a SourceFault.
 */
export class TrailFolder implements TrailArchive {
  readonly #copies: ReadonlyMap<string, Copy>;

  private constructor(copies: readonly Copy[]) {
    this.#copies = new Map(copies.map((copy) => [copy.key, copy]));
  }

  static async at(folder: string, filter: Omit<PlaceFilter, "kind">): Promise<TrailFolder> {
    const copies = (await pathsUnder(resolve(folder))).flatMap((path) => {
      const key = fromAwsLogs(path.replaceAll(sep, "/"));
      const name = trailKey(key);
      const isWanted = name !== null && isAmong(name.account, filter.accounts) &&
        isAmong(name.region, filter.regions);
      return isWanted ? [{ path, key, name }] : [];
    });
    return new TrailFolder(copies);
  }

  places(): Promise<readonly EvidencePlace[]> {
    const places = new Map<string, EvidencePlace>();
    for (const { key, name: { account, region, kind } } of this.#copies.values()) {
      if (kind !== "digest" && kind !== "log") continue;
      const folder = key.split("/").slice(0, -4).join("/");
      const id = folder.replace(/CloudTrail(?:-Digest)?\/[^/]+$/, region);
      const known = places.get(id) ?? { account, region, digestFolder: null, logFolder: null };
      const field = kind === "digest" ? "digestFolder" : "logFolder";
      places.set(id, { ...known, [field]: `${folder}/` });
    }
    return Promise.resolve([...places.values()]);
  }

  async *keys(folder: string, { from, to }: DeliveryRange): AsyncGenerator<string> {
    const [first, last] = [dayOf(from), dayOf(to)];
    const within = [...this.#copies.values()].filter(({ key, name }) =>
      key.startsWith(folder) && name.day >= first && name.day <= last);
    yield* await Promise.resolve(within.map(({ key }) => key));
  }

  async read<T>(at: Location, use: (file: EvidenceFile) => Promise<T>): Promise<T | NotRead> {
    return await this.readKey(fromAwsLogs(at.key), use);
  }

  async readKey<T>(key: string, use: (file: EvidenceFile) => Promise<T>): Promise<T | NotRead> {
    const path = this.#copies.get(key)?.path;
    if (path === undefined) return "missing";
    try {
      return await use({ metadata: {}, body: createReadStream(path) });
    } catch (error) {
      if (!(error instanceof Error && "errno" in error)) throw error;
      return { unreadable: new SourceFault("path-unreadable", path, error).message };
    }
  }

  isAt(key: string, location: Location): boolean {
    return fromAwsLogs(location.key) === key;
  }
}

async function pathsUnder(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory())
      .map(({ parentPath, name }) => join(parentPath, name)).sort();
  } catch (cause) {
    throw new SourceFault("path-unreadable", folder, cause);
  }
}

function isAmong(value: string, wanted: readonly string[]): boolean {
  return wanted.length === 0 || wanted.includes(value);
}
