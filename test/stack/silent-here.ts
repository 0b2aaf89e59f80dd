/** What has no data after the simulated day, and why that is well. */
export const silentHere: ReadonlyMap<string, string> = new Map([
  ["TrailwardenDown", "it asks for what is absent"],
  ["TrailwardenBaselineDrift", "within a day no role has a past to drift from"],
  ["trailwarden-agent: First seen (A)", "nor anything new to show"],
  ["trailwarden-agent: Odd sessions (A)", "nor sessions that stand out from it"],
  ["trailwarden-findings: Rounds (B)", "AWS refuses no revocation"],
  ["trailwarden-findings: Rounds (C)", "no rule asks for revocations"],
  ["trailwarden-pipeline: Faults (B)", "the store does not fail"],
]);
/** Security alerts that no test can wait for: promtool alone shows them. */
export const unprovoked: readonly string[] = [
  "TrailwardenRevocationSlow", // a quarter of an hour from request to force
  "TrailwardenAuditHigh", // what our history alone answers is of lower levels
  "TrailwardenAuditStale", // two days without an audit
  "TrailwardenBaselineDrift", // weeks of sessions, and then a change of habits
  "TrailwardenBaselinesTruncated", // thousands of different values
];
/** Metrics of which there is nothing within a day: it takes the days before. */
export const unstaged = /^trailwarden_baseline_measure/;
