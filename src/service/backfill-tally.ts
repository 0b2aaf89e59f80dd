import type { IngestSummary } from "../ingest-files.ts";
import type { Ingested } from "../pipeline.ts";
import type { Rejection } from "../records/record.ts";
import type { StoreWatcher } from "./committer.ts";
import type { ConsumerWatcher, Outcome } from "./consumer.ts";
import type { Fault } from "../sources/source.ts";
import type { StoreFault } from "../storage/fault.ts";

/** What a backfill tells while it goes on. */
export interface Telling {
  readonly progress: {
    start(total: number): void;
    advance(done: number, eventCount: number): void;
    stop(): void;
  };
  readonly onRejection: (rejection: Rejection) => void;
  /** What cannot be read: now (it is tried again after `delayMs`), or at all (null). */
  readonly onFault: (fault: Fault, delayMs: number | null) => void;
}

/** What a backfill came to. */
export interface BackfillSummary extends IngestSummary {
  /** Objects that are no log files by their keys. */
  readonly passedOverCount: number;
  readonly getCount: number;
  /** As stored. */
  readonly getBytes: number;
}

/** So many files that may not be read, and none that may: it is the permission, not the files. */
const unreadableMax = 20;

/** Counts what becomes of files, and tells of what goes wrong. */
export class Tally implements ConsumerWatcher, StoreWatcher {
  lastFault: Fault | null = null;
  readonly #telling: Telling;
  readonly #signal: AbortSignal;
  readonly #onHopeless: () => void;
  readonly #counts = {
    fileCount: 0, knownFileCount: 0, eventCount: 0, duplicateCount: 0, skippedCount: 0,
    rejectedCount: 0, faultCount: 0, passedOverCount: 0, getCount: 0, getBytes: 0,
  };
  readonly #others: Record<string, number> = {};
  #dayCount = 0;
  #committedCount = 0;

  constructor(telling: Telling, signal: AbortSignal, onHopeless: () => void) {
    this.#telling = telling;
    this.#signal = signal;
    this.#onHopeless = onHopeless;
  }

  summary(seconds: number): BackfillSummary {
    return { ...this.#counts, others: this.#others, seconds };
  }

  day(): void {
    this.#dayCount += 1;
    this.#advance();
  }

  passedOver(): void {
    this.#counts.passedOverCount += 1;
  }

  committed(ingested: readonly Ingested[]): void {
    const counts = this.#counts;
    for (const part of ingested) {
      counts.eventCount += part.eventCount;
      counts.duplicateCount += part.duplicateCount;
      counts.skippedCount += part.skippedCount;
      counts.rejectedCount += part.rejectedCount;
      for (const [kind, count] of Object.entries(part.others ?? {})) {
        this.#others[kind] = (this.#others[kind] ?? 0) + (count ?? 0);
      }
      part.rejections.forEach(this.#telling.onRejection);
    }
    this.#advance();
  }

  failed(_source: string, fault: Fault, delayMs: number | null): void {
    // What was under way when it was to stop breaks off.
    if (this.#signal.aborted) return;
    this.#telling.onFault(fault, delayMs);
    if (delayMs !== null) return;
    this.lastFault = fault;
    this.#counts.faultCount += 1;
    const { faultCount } = this.#counts;
    if (this.#committedCount === 0 && faultCount >= unreadableMax) this.#onHopeless();
  }

  ended(_source: string, outcome: Outcome): void {
    if (outcome === "known") this.#counts.knownFileCount += 1;
    if (outcome === "committed" || outcome === "poison") this.#counts.fileCount += 1;
    if (outcome === "committed") this.#committedCount += 1;
  }

  fetched(_source: string, bytes: number): void {
    this.#counts.getCount += 1;
    this.#counts.getBytes += bytes;
  }

  storeFailed(fault: StoreFault): void {
    this.#telling.onFault(fault, 0);
  }

  received(): void { /* Counted when it has ended. */ }
  recovered(): void { /* What failed was told, and what comes of it is counted. */ }
  storeRecovered(): void { /* As above. */ }
  depth(): void { /* There is no queue. */ }

  #advance(): void {
    const { eventCount, skippedCount } = this.#counts;
    this.#telling.progress.advance(this.#dayCount, eventCount + skippedCount);
  }
}
