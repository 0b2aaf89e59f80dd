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
  /**
   * By when sources are silent that were not heard, in the events' time. Absent: they are not
   * judged, since nobody listens to them, or not for long enough to tell.
   */
  readonly sourcesAsOf?: number | undefined;
}
