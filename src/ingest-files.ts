import { setImmediate as nextTurn } from "node:timers/promises";
import type { App } from "./app.ts";
import type { LiveJudge } from "./judging/live-judge.ts";
import { ingestParts, type Ingested, type Part } from "./pipeline.ts";
import { readingChoice } from "./reading-choice.ts";
import type { ReadBatch, ReadOptions } from "./records/read.ts";
import type { Rejection } from "./records/record.ts";
import { SourceFault } from "./sources/fault.ts";
import type { LocalFile } from "./sources/files.ts";
import { filesAhead, type Opening } from "./sources/files-ahead.ts";

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
  /** Takes note of what is read: where that is little, judging need not read the store again. */
  readonly judge?: LiveJudge | undefined;
  /** Told of a file that cannot be read; the others go on. Absent: the first one is thrown. */
  readonly onFault?: (fault: SourceFault) => void;
}

/**
 * Small files share a transaction, up to about so many records: a commit costs as much as some
 * hundred events. 5,000 take no less time, and 20 MB more. (Measured.)
 */
const recordsPerTransaction = 3000;
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
    await options.judge?.begin();
    const wanted = await intake.unread(files);
    await intake.takeAll(wanted);
    await intake.flush();
  } finally {
    options.progress.stop();
  }
  return { ...intake.totals, seconds: (performance.now() - startedAt) / 1000 };
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
    const { read, mark } = readingChoice(app.config, options.agentsOnly);
    this.#read = read;
    this.#choice = mark;
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

  async takeAll(files: readonly LocalFile[]): Promise<void> {
    let i = 0;
    for await (const batches of filesAhead(files, this.#read)) {
      const file = files[i++];
      if (file !== undefined) await this.#take(file, batches);
    }
  }

  async #take(file: LocalFile, batches: Opening): Promise<void> {
    this.totals.fileCount += 1;
    try {
      await this.#takeParts(file, await batches());
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
  async #takeParts(
    { delivery: { id: file, name } }: LocalFile,
    batches: AsyncIterable<ReadBatch>,
  ): Promise<void> {
    const id = `${file}${this.#choice}`;
    let i = 0;
    let held: ReadBatch | null = null;
    for await (const batch of batches) {
      if (held !== null) await this.#takePart(`${id}#${i++}`, name, held);
      held = batch;
    }
    if (held !== null) this.#add({ delivery: { id, name }, batch: held });
    if (this.#waitingRecords >= recordsPerTransaction) await this.flush();
  }

  async #takePart(id: string, name: string, batch: ReadBatch): Promise<void> {
    if (await this.#app.store.isDone(id)) return;
    this.#add({ delivery: { id, name }, batch });
    if (this.#waitingRecords >= recordsPerTransaction) await this.flush();
  }

  #add(part: Part): void {
    this.#waiting.push(part);
    this.#waitingRecords += part.batch.records.length;
  }

  async flush(): Promise<void> {
    const parts = this.#waiting;
    this.#waiting = [];
    this.#waitingRecords = 0;
    const { ingested, gains } = await ingestParts(this.#app, parts);
    this.#options.judge?.note(gains);
    this.#options.judge?.spare();
    for (const counts of ingested) this.#count(counts);
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
