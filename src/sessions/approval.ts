/** Another person's yes or no to a task, and the question. */
export interface Approval {
  readonly taskId: string;
  readonly reason: string | null;
  /** Who asked: `token:ci`. */
  readonly askedBy: string;
  /** ms UTC. */
  readonly askedAt: number;
  /** ms UTC: nobody can say yes from then on. */
  readonly expiresAt: number;
  readonly decision: ApprovalDecision | null;
}

export interface ApprovalDecision {
  readonly decision: "granted" | "denied";
  readonly comment: string | null;
  /** `token:bob`, `cli:bob`. */
  readonly by: string;
  /** ms UTC. */
  readonly at: number;
}

export type ApprovalState = "pending" | "granted" | "denied" | "expired";

export function approvalState({ decision, expiresAt }: Approval, asOf: number): ApprovalState {
  if (decision !== null) return decision.decision;
  return asOf < expiresAt ? "pending" : "expired";
}

/**
 * What becomes of a decision. `same`: it was decided so before. `own`: by who asked, or by whom the
 * task is for.
 */
export type Decided = "decided" | "same" | "own" | "expired" | "decided-otherwise";

/** Whether the decision counts, and why not. */
export function judgeDecision(
  approval: Approval,
  { actor }: { readonly actor: string | null },
  { by, at, decision }: ApprovalDecision,
): Decided {
  if (by === approval.askedBy || isSameName(by, actor)) return "own";
  const state = approvalState(approval, at);
  if (state === "pending") return "decided";
  if (state === "expired") return "expired";
  return state === decision ? "same" : "decided-otherwise";
}

/** `token:alice` and `cli:alice` are the task's `Alice`. */
function isSameName(by: string, actor: string | null): boolean {
  const name = by.slice(by.indexOf(":") + 1);
  return actor !== null && name.toLowerCase() === actor.toLowerCase();
}
