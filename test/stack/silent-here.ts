/** What has no data after the simulated day, and why that is well. */
export const silentHere: ReadonlyMap<string, string> = new Map([
  ["TrailwardenDown", "it asks for what is absent"],
  ["trailwarden-findings: Rounds (B)", "AWS refuses no revocation"],
  ["trailwarden-pipeline: Faults (B)", "the store does not fail"],
]);
