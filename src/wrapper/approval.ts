import { setTimeout as sleep } from "node:timers/promises";
import { askApprovalCall, isoAt } from "../tasks/call.ts";
import { ApprovalView } from "../tasks/contract.ts";
import { TaskFault } from "../tasks/fault.ts";
import { answered, approvalOf, tellService, type ServiceAddress } from "../tasks/service.ts";
import { NotRun } from "./not-run.ts";
import type { Plan } from "./plan.ts";

export interface ApprovalAsked {
  readonly plan: Plan;
  readonly taskId: string;
  readonly externalId: string;
  readonly address: ServiceAddress;
  readonly approvalSeconds: number;
  readonly signal: AbortSignal;
  readonly say: (sentence: string) => void;
}

/** When the service does not hold the question open, or cannot be reached. */
const pauseMs = 2000;

/** Returns once another person has said yes; else throws NotRun, or a TaskFault. */
export async function approved(asked: ApprovalAsked): Promise<void> {
  const { plan, taskId, externalId, address, say } = asked;
  const expiresAt = Date.now() + asked.approvalSeconds * 1000;
  const body = { reason: plan.reason, expiresAt: isoAt(expiresAt) };
  let view = answered(
    ApprovalView, await tellService(address, askApprovalCall(taskId, body)), address,
  );
  if (view.state === "pending") {
    say(
      `Task ${externalId} (${plan.agent}, ${plan.mode}) waits for another person to approve it, ` +
      `until ${isoAt(expiresAt)}: trailwarden task approve ${taskId}`,
    );
  }
  while (view.state === "pending" && Date.now() < expiresAt) {
    view = await decidedOrLater(asked, expiresAt) ?? view;
  }
  if (view.state === "granted") return;
  const by = view.decidedBy === null ? "" : ` by ${view.decidedBy}`;
  const comment = view.comment === null ? "" : ` (${view.comment})`;
  throw new NotRun(
    view.state === "denied"
      ? `Task ${externalId} was denied${by}${comment}. Nothing was run.`
      : `Nobody approved task ${externalId} in time. Nothing was run.`,
  );
}

/** Null when nothing is known yet. */
async function decidedOrLater(
  { address, taskId, signal }: ApprovalAsked,
  expiresAt: number,
): Promise<ApprovalView | null> {
  const askedAt = Date.now();
  const pause = () =>
    sleep(Math.max(0, Math.min(pauseMs, expiresAt - Date.now())), undefined, { signal });
  try {
    const waitSeconds = (expiresAt - askedAt) / 1000;
    const view = await approvalOf(address, taskId, { waitSeconds, signal });
    if (view.state === "pending" && Date.now() - askedAt < pauseMs / 2) await pause();
    return view;
  } catch (error) {
    if (signal.aborted || !(error instanceof TaskFault && error.retryable)) throw error;
    await pause();
    return null;
  }
}
