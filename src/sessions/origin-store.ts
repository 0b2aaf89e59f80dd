import type { HeardDay, Origin } from "./origin.ts";

/** How late events were that came within a quarter of an hour, by our clock. */
export interface Arrival {
  /** When the quarter began, ms UTC. */
  readonly at: number;
  /** Of the one that was least late: from its happening to its commit. */
  readonly lagMs: number;
}

export interface DueOrigin {
  readonly origin: Origin;
  readonly revision: number;
  /** In order. */
  readonly days: readonly HeardDay[];
  /** The late ones, and those that ended a row of them; in order. */
  readonly arrivals: readonly Arrival[];
}

export interface JudgedOrigin {
  readonly origin: Origin;
  /** As it was read. */
  readonly revision: number;
  /** When something of it begins though nothing comes; ms UTC. */
  readonly dueAt: number | null;
}

/** What is kept of origins beside what ingest notes (`IngestTransaction.heard`). */
export interface OriginStore {
  /** Those of which something changed since they were judged, and those that are due by then. */
  dueOrigins(by: number, limit: number): Promise<readonly DueOrigin[]>;
  /** Unmarks those that have not changed since. */
  originsJudged(judged: readonly JudgedOrigin[], by: number): Promise<void>;
  /** The latest instant any were judged by. */
  originsJudgedBy(): Promise<number | null>;
  /** Since when somebody listens to what comes: since then, or what was said first; ms UTC. */
  listenedSince(at: number): Promise<number>;
  /** Of quarters told again the least lag counts. Those on time are kept where they end a row. */
  keepArrivals(
    arrivals: readonly (Origin & Arrival)[],
    objectiveMs: number,
  ): Promise<void>;
}
