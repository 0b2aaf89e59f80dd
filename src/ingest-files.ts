import { hash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { App } from "./app.ts";
import { ingestParts, type Ingested, type Part } from "./pipeline.ts";
import { markersFor, serviceMarkersFor, type NoMarkers } from "./sessions/markers.ts";
import { readRecords, type ReadOptions, type RecordFile } from "./records/read.ts";
import { inflateAhead } from "./records/inflate.ts";
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
const openAheadMax = 8;
/** Files inflated ahead, on a thread beside this one: one is enough to keep two cores busy. */
const inflateAheadMax = 1;

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
    const sources = new SourcesAhead(wanted);
    for (const file of wanted) await intake.take(file, sources.next() ?? file.open());
    await intake.flush();
  } finally {
    options.progress.stop();
  }
  return { ...intake.totals, seconds: (performance.now() - startedAt) / 1000 };
}

/** Files in their order, opened and inflated before their turn comes. */
class SourcesAhead {
  readonly #files: Iterator<LocalFile>;
  readonly #opened: Promise<RecordFile>[] = [];
  readonly #inflated: Promise<RecordFile>[] = [];

  constructor(files: readonly LocalFile[]) {
    this.#files = files.values();
  }

  next(): Promise<RecordFile> | undefined {
    while (this.#opened.length < openAheadMax) {
      const file = this.#files.next();
      if (file.done === true) break;
      this.#opened.push(quiet(file.value.open()));
    }
    while (this.#inflated.length <= inflateAheadMax) {
      const source = this.#opened.shift();
      if (source === undefined) break;
      this.#inflated.push(quiet(source.then(inflated)));
    }
    return this.#inflated.shift();
  }
}

/** The same file inflated, where that can be done beforehand. */
async function inflated(file: RecordFile): Promise<RecordFile> {
  if (!("bytes" in file)) return file;
  return { name: file.name, bytes: (await inflateAhead(file.bytes)) ?? file.bytes };
}

/** What fails before anyone waits for it is met when its turn comes. */
function quiet<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
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
  readonly #choice: string;
  #waiting: Part[] = [];
  #waitingRecords = 0;
  #bytesDone = 0;

  constructor(app: App, options: IngestOptions) {
    this.#app = app;
    this.#options = options;
    const chosen = options.agentsOnly ? markersOf(app) : { markers: null };
    this.#read = { limits: app.config.read, ...chosen };
    this.#choice = choiceOf(this.#read);
  }

  async unread(files: readonly LocalFile[]): Promise<readonly LocalFile[]> {
    const unread: LocalFile[] = [];
    for (const file of files) {
      if (await this.#isRead(file.delivery.id)) this.totals.knownFileCount += 1;
      else unread.push(file);
    }
    return unread;
  }

  /** Whether it was read whole, or with the same choice of records as now. */
  async #isRead(id: string): Promise<boolean> {
    const { store } = this.#app;
    return (await store.isDone(id)) || (await store.isDone(`${id}${this.#choice}`));
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
      const whole = `${delivery.id}${this.#choice}`;
      const id = next.done === true ? whole : `${whole}#${i}`;
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
 * Tells deliveries of which only some records were taken: what was skipped is read when a later
 * scan wants it, because it wants everything, or because other agents are declared.
 */
function choiceOf({ markers, serviceMarkers }: ReadOptions): string {
  if (markers === null) return "";
  return `~${hash("sha256", JSON.stringify([markers, serviceMarkers]), "hex").slice(0, 16)}`;
}

/**
 * With declared agents only what may be theirs is read; without any, whatever could have an agent
 * behind it.
 */
function markersOf({ config }: App): Pick<ReadOptions, "markers" | "serviceMarkers"> {
  if (config.agents.length === 0) return { markers: certain(markersFor(config, "any")) };
  return {
    markers: certain(markersFor(config, "declared")),
    serviceMarkers: certain(serviceMarkersFor(config)),
  };
}

function certain(markers: Markers | NoMarkers): Markers {
  if (!("none" in markers)) return markers;
  throw new UsageError(
    `Cannot tell agents' records apart: ${markers.none} Scan without --agents-only.`,
  );
}
