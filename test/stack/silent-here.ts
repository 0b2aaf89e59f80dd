/** What has no data after the simulated day, and why that is well. */
export const silentHere: ReadonlyMap<string, string> = new Map([
  ["TrailwardenDown", "it asks for what is absent"],
  ["trailwarden-findings: Rounds (B)", "AWS refuses no revocation"],
  ["trailwarden-findings: Rounds (C)", "no rule asks for revocations"],
  ["trailwarden-pipeline: Faults (B)", "the store does not fail"],
]);
/** Security alerts that no test can wait for: promtool alone shows them. */
export const unprovoked: readonly string[] = [
  "TrailwardenRevocationSlow", // a quarter of an hour from request to force
];
/** Metrics of which there is nothing without an audit, and none runs here. */
export const unstaged = /^trailwarden_audit_/;
