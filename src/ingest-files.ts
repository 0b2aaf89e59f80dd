import { setImmediate as nextTurn } from "node:timers/promises";
import type { App } from "./app.ts";
import { ingestParts, type Ingested, type Part } from "./pipeline.ts";
import { markersFor } from "./sessions/markers.ts";
import { readRecords, type ReadOptions, type RecordFile } from "./records/read.ts";
import type { Markers } from "./records/markers.ts";
import type { Rejection } from "./records/record.ts";
import { SourceFault } from "./sources/fault.ts";
import type { LocalFile } from "./sources/files.ts";
import { UsageError } from "./usage-error.ts";

/** What reading some files came to. */
export interface IngestSummary {
  readonly fileCount: number;
  /** Files the store had taken in before, left alone. */
  readonly knownFileCount: number;
  readonly eventCount: number;
  readonly duplicateCount: number;
  readonly skippedCount: number;
  readonly rejectedCount: number;
  /** Files that could not be opened, or not read to their end. */
  readonly faultCount: number;
  /** Objects beside API records, by kind. */
  readonly others: Readonly<Record<string, number>>;
  readonly seconds: number;
}

export interface IngestOptions {
  readonly agentsOnly: boolean;
  readonly progress: {
    start(total: number): void;
    advance(done: number, eventCount: number): void;
    stop(): void;
  };
  readonly onRejection: (rejection: Rejection) => void;
  /** Told of a file that cannot be read; the others go on. Absent: the first one is thrown. */
  readonly onFault?: (fault: SourceFault) => void;
}

/**
 * Small files share a transaction, up to about so many records: a commit costs as much as some
 * hundred events.
 */
const recordsPerTransaction = 2000;
/** Files opened ahead of the one being read: reading the disk and understanding records overlap. */
const openAheadMax = 16;

/** Reads files into the store; files it has already are skipped. */
export async function ingestFiles(
  app: App,
  files: readonly LocalFile[],
  options: IngestOptions,
): Promise<IngestSummary> {
  const startedAt = performance.now();
  const intake = new Intake(app, options);
  options.progress.start(files.reduce((sum, { bytes }) => sum + bytes, 0));
  try {
    const wanted = await intake.unread(files);
    const opening: Promise<RecordFile>[] = [];
    for (const [i, file] of wanted.entries()) {
      while (opening.length < Math.min(wanted.length - i, openAheadMax)) {
        opening.push(opened(wanted[i + opening.length] ?? file));
      }
      await intake.take(file, opening.shift() ?? file.open());
    }
    await intake.flush();
  } finally {
    options.progress.stop();
  }
  return { ...intake.totals, seconds: (performance.now() - startedAt) / 1000 };
}

/** Opening ahead may fail before anyone waits for it; the failure is met when its turn comes. */
function opened(file: LocalFile): Promise<RecordFile> {
  const opening = file.open();
  opening.catch(() => undefined);
  return opening;
}

type Totals = Omit<IngestSummary, "seconds">;

/** Gathers what files hold into transactions, and counts. */
class Intake {
  readonly totals: { -readonly [K in keyof Totals]: Totals[K] } & {
    others: Record<string, number>;
  } = {
    fileCount: 0, knownFileCount: 0, eventCount: 0, duplicateCount: 0, skippedCount: 0,
    rejectedCount: 0, faultCount: 0, others: {},
  };
  readonly #app: App;
  readonly #options: IngestOptions;
  readonly #read: ReadOptions;
  #waiting: Part[] = [];
  #waitingRecords = 0;
  #bytesDone = 0;

  constructor(app: App, options: IngestOptions) {
    this.#app = app;
    this.#options = options;
    this.#read = { limits: app.config.read, markers: options.agentsOnly ? markersOf(app) : null };
  }

  async unread(files: readonly LocalFile[]): Promise<readonly LocalFile[]> {
    const unread: LocalFile[] = [];
    for (const file of files) {
      if (await this.#app.store.isDone(file.delivery.id)) this.totals.knownFileCount += 1;
      else unread.push(file);
    }
    return unread;
  }

  async take(file: LocalFile, source: Promise<RecordFile>): Promise<void> {
    this.totals.fileCount += 1;
    try {
      await this.#takeParts(file, await source);
    } catch (error) {
      if (!(error instanceof SourceFault) || this.#options.onFault === undefined) throw error;
      this.totals.faultCount += 1;
      this.#options.onFault(error);
    }
    this.#bytesDone += file.bytes;
    const { eventCount, skippedCount } = this.totals;
    this.#options.progress.advance(this.#bytesDone, eventCount + skippedCount);
  }

  /**
   * Every part is committed by itself or with others; a file cut off in the middle goes on where it
   * stopped.
   */
  async #takeParts({ delivery }: LocalFile, source: RecordFile): Promise<void> {
    const batches = readRecords(source, this.#read);
    let next = await batches.next();
    for (let i = 0; next.done !== true; i += 1) {
      const batch = next.value;
      next = await batches.next();
      const id = next.done === true ? delivery.id : `${delivery.id}#${i}`;
      if (next.done !== true && (await this.#app.store.isDone(id))) continue;
      this.#waiting.push({ delivery: { id, name: delivery.name }, batch });
      this.#waitingRecords += batch.records.length;
      if (this.#waitingRecords >= recordsPerTransaction) await this.flush();
    }
  }

  async flush(): Promise<void> {
    const parts = this.#waiting;
    this.#waiting = [];
    this.#waitingRecords = 0;
    for (const counts of await ingestParts(this.#app, parts)) this.#count(counts);
    // The store never waits; an interrupt is heard between turns of the event loop only.
    await nextTurn();
  }

  #count(counts: Ingested): void {
    const { totals } = this;
    totals.eventCount += counts.eventCount;
    totals.duplicateCount += counts.duplicateCount;
    totals.skippedCount += counts.skippedCount;
    totals.rejectedCount += counts.rejectedCount;
    for (const [kind, count] of Object.entries(counts.others ?? {})) {
      totals.others[kind] = (totals.others[kind] ?? 0) + (count ?? 0);
    }
    counts.rejections.forEach(this.#options.onRejection);
  }
}

/**
 * With declared agents only what may be theirs is read; without any, whatever could have an agent
 * behind it.
 */
function markersOf({ config }: App): Markers {
  const markers = markersFor(config, config.agents.length > 0 ? "declared" : "any");
  if (!("none" in markers)) return markers;
  throw new UsageError(
    `Cannot tell agents' records apart: ${markers.none} Scan without --agents-only.`,
  );
}
