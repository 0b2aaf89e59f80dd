import { stat } from "node:fs/promises";
import { relative, sep } from "node:path";
import type { DirectorySourceConfig } from "../config/schema.ts";
import { readRecords } from "../records/read.ts";
import { systemClock, type Clock } from "./clock.ts";
import { isCutOff } from "./cut-off.ts";
import { SourceFault } from "./fault.ts";
import { lookForFiles, type LocalFile } from "./files.ts";
import type { Handover, Parcel, Source, SourceWatcher } from "./source.ts";

/**
 * How long a gzip file without its end may still be on its way. Then it is taken as it is: what
 * stands in it is read, the rest is told.
 */
const unfinishedMs = 60_000;

/** A file as the last look saw it. */
interface Seen {
  readonly file: LocalFile;
  /** When this size and time of change were first seen, in ms UTC. */
  readonly since: number;
  isHandedOver: boolean;
}

/**
 * Follows a folder: each file that is new or changed, once it has been left alone from one look to
 * the next. Looks cost a `stat` per file: what has been read may be moved away.
 */
export class DirectorySource implements Source {
  readonly kind = "directory";
  readonly name: string;
  readonly #config: DirectorySourceConfig;
  readonly #watcher: SourceWatcher;
  readonly #clock: Clock;
  #seen = new Map<string, Seen>();
  /** What is wrong and was told: it is told again when it is another thing. */
  #told = "";

  constructor(config: DirectorySourceConfig, watcher: SourceWatcher, clock: Clock = systemClock) {
    this.name = config.name;
    this.#config = config;
    this.#watcher = watcher;
    this.#clock = clock;
  }

  async *handovers(signal: AbortSignal): AsyncGenerator<Handover> {
    const isOver = (): boolean => signal.aborted;
    while (!isOver()) {
      for (const seen of await this.#look()) {
        if (await this.#isStillWritten(seen)) continue;
        seen.isHandedOver = true;
        yield handoverOf(seen);
        if (isOver()) return;
      }
      await this.#clock.wait(this.#config.everySeconds * 1000, signal);
    }
  }

  /** The files that have not changed since the last look, and were not handed over since. */
  async #look(): Promise<readonly Seen[]> {
    const files = await this.#files();
    if (files === null) return [];
    const now = this.#clock.now();
    const before = this.#seen;
    this.#seen = new Map(files.map((file) => {
      const last = before.get(file.delivery.name);
      const isSame = last?.file.delivery.id === file.delivery.id;
      return [file.delivery.name, isSame ? last : { file, since: now, isHandedOver: false }];
    }));
    return [...this.#seen.values()].filter((seen) =>
      !seen.isHandedOver && before.get(seen.file.delivery.name) === seen);
  }

  /** Null while the folder is not there: what was seen in it stays known. */
  async #files(): Promise<readonly LocalFile[] | null> {
    const { path } = this.#config;
    try {
      const { files, faults } = await lookForFiles([path]);
      // A file that goes between two glances was moved away.
      this.#tell(faults.find((fault) => !isGone(fault)) ?? null);
      return files.filter(({ delivery }) => !isHidden(relative(path, delivery.name)));
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      this.#tell(error);
      return null;
    }
  }

  #tell(fault: SourceFault | null): void {
    const text = fault?.message ?? "";
    if (text === this.#told) return;
    this.#told = text;
    if (fault === null) this.#watcher.recovered(this.name);
    else this.#watcher.failed(this.name, fault, this.#config.everySeconds * 1000);
  }

  /** Only what changed lately is looked into: old files are as finished as they will be. */
  async #isStillWritten({ file: { delivery } }: Seen): Promise<boolean> {
    const info = await stat(delivery.name).catch(() => null);
    if (info === null) return true;
    const isRecent = info.mtimeMs > this.#clock.now() - unfinishedMs;
    return isRecent && (await isCutOff(delivery.name));
  }
}

function handoverOf(seen: Seen): Handover {
  const { delivery, bytes, open } = seen.file;
  const parcel: Parcel = {
    delivery,
    storedBytes: bytes,
    batches: async function* (read) {
      yield* readRecords(await open(), read);
    },
  };
  return {
    name: delivery.name,
    receivedAt: seen.since,
    parcels: [parcel],
    poison: null,
    acknowledge: () => Promise.resolve(),
    giveBack: (why) => {
      // What is damaged stays as it is until somebody changes it.
      seen.isHandedOver = why === "poison";
      return Promise.resolve();
    },
  };
}

/** Dot files, and all in dot folders: how tools call what they have not finished. */
function isHidden(path: string): boolean {
  return path.split(sep).some((part) => part.startsWith("."));
}

function isGone({ cause }: SourceFault): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ENOENT";
}
