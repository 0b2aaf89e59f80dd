export interface JudgeProgress {
  advance(groupCount: number, eventCount: number): void;
}

/** Instants in ms UTC. */
export interface JudgeTime {
  /** Judged as of this, or as of the newest event where that is later. */
  readonly asOf: number;
  /** See `FindingStore.judged`. */
  readonly announceFrom: number;
  /**
   * What is true of tasks by then, though no event says so: by the clock, where tasks are told of
   * as they happen. Absent: by `asOf`.
   */
  readonly tasksAsOf?: number;
}
