/** Sums over windows that several alerts and panels ask for, computed once. */
export interface Recording {
  /** `level:metric:operation`, as Prometheus asks. https://prometheus.io/docs/practices/rules/ */
  readonly record: string;
  readonly expr: string;
}

/** What we promise, and of how many in a month. */
export const objectives = {
  /** Of findings, told within a second of their delivery becoming visible to us. */
  detection: 0.99,
  /** Of records, read. */
  completeness: 0.999,
} as const;

/**
 * How many times faster than allowed a month's budget is spent, over which two windows: after two
 * days it would be gone; after a month. The short window ends the alert soon after the trouble.
 * https://sre.google/workbook/alerting-on-slos/#6-multiwindow-multi-burn-rate-alerts
 */
export const burns = {
  fast: { rate: 14.4, long: "1h", short: "5m" },
  slow: { rate: 1, long: "3d", short: "6h" },
} as const;
export const windows = Object.values(burns).flatMap(({ long, short }) => [long, short]);

/** Shares of what missed its objective: nothing where nothing happened. */
export const missedDetection = (window: string) => `trailwarden:findings_late:ratio_rate${window}`;
export const missedRecords = (window: string) => `trailwarden:records_rejected:ratio_rate${window}`;

export const recordings: readonly Recording[] = windows.flatMap((window) => [
  {
    record: missedDetection(window),
    expr: "1 - sum(rate(trailwarden_detection_seconds_bucket{le=\"1\"}" + `[${window}]))\n` +
      `/ (sum(rate(trailwarden_detection_seconds_count[${window}])) > 0)`,
  },
  {
    record: missedRecords(window),
    expr: `sum(rate(trailwarden_records_total{outcome="rejected"}[${window}]))\n` +
      `/ (sum(rate(trailwarden_records_total[${window}])) > 0)`,
  },
]);
