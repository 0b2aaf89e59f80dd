/** Colours of what has a fixed meaning, the same on every dashboard. */
export const levelColours = {
  critical: "dark-red", high: "red", medium: "orange", low: "yellow", informational: "blue",
} as const;

export const noAgents = "No agent has called anything yet.";
export const notScraped = "Nothing is scraped: is trailwarden up?";
export const noFindings = "No findings: none have come up.";
export const noRevocations = "Nothing is revoked here.";
export const noLearning = "Baselines are still being learned.";
export const noAudit = "No audit has run yet.";

export const writes = "access=~\"write|permissions|tagging\"";
export const reads = "access=~\"read|list\"";
/** Everything else: credentials, execution, sign-in, unknown. */
export const others = "access!~\"write|permissions|tagging|read|list\"";
