/** What of a finding on a session decides whether the session is learned from. */
export interface Blemish {
  readonly level: string;
  readonly status: "open" | "acknowledged" | "suppressed" | "closed";
  readonly verdict: "true-positive" | "false-positive" | "benign" | "withdrawn" | null;
}

/**
 * Whether a session with these findings is learned from. Not while one of high or above waits for a
 * person, and never once one was found true. `status` must be as of the finding's own last event,
 * never of now: a suppression that has expired since would unlearn what it let pass.
 */
export function isLearned(findings: readonly Blemish[]): boolean {
  return !findings.some(keepsFromLearning);
}

export function keepsFromLearning({ level, status, verdict }: Blemish): boolean {
  if (status === "closed") return verdict === "true-positive";
  return status !== "suppressed" && (level === "high" || level === "critical");
}
