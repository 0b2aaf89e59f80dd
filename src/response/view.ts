import {
  appliedAtOf, awaitedVersion, standingVersion, stateOf,
} from "../revocations/life-cycle.ts";
import type { Change, Plan } from "../revocations/plan.ts";
import type { Decision, PlanVersion, Revocation, Span } from "../revocations/revocation.ts";
import { targetValue } from "../revocations/target.ts";
import type { ChangeView, PlanView, RevocationView } from "./contract.ts";

/** What the contract answers: its instants are text, ours numbers. ms UTC. */
export function revocationView(revocation: Revocation, asOf: number): RevocationView {
  const { id, reason, trigger, requestedBy, requestedAt, releasedAt, target } = revocation;
  const awaited = awaitedVersion(revocation, asOf);
  const { plan, digest, people } = awaited ?? shownVersion(revocation);
  return {
    id,
    state: stateOf(revocation, asOf),
    target: { kind: target.kind, value: targetValue(target) },
    reason,
    trigger: trigger.by,
    subject: trigger.subject,
    requestedBy,
    requestedAt: isoOf(requestedAt),
    version: digest,
    people,
    approvals: revocation.approvals.map(({ by, digest: version, at }) =>
      ({ by, version, at: isoOf(at) })),
    isAwaited: awaited !== null,
    declined: decisionView(revocation.declined),
    releasedAt: isoOrNull(releasedAt),
    appliedAt: isoOrNull(appliedAtOf(revocation)),
    denied: spanView(revocation.denied),
    succeeded: spanView(revocation.succeeded),
    tampered: spanView(revocation.tampered),
    undone: decisionView(revocation.undone),
    plan: planView(plan),
  };
}

function shownVersion(revocation: Revocation): PlanVersion {
  const shown = standingVersion(revocation) ?? revocation.versions.at(-1);
  if (shown === undefined) throw new Error(`The revocation ${revocation.id} has no plan.`);
  return shown;
}

export function planView(plan: Plan): PlanView {
  return {
    changes: plan.changes.map(changeView),
    refusals: [...plan.refusals],
    hits: plan.hits.map((hit) => ({ ...hit, endsAt: isoOrNull(hit.endsAt) })),
    doesNotStop: [...plan.doesNotStop],
    wayBack: [...plan.wayBack],
    endsAt: isoOrNull(plan.endsAt),
    removableAt: isoOrNull(plan.removableAt),
  };
}

function changeView(change: Change): ChangeView {
  if (change.kind === "key") return { ...change, because: [...change.because] };
  const { kind, roleArn, place, denials, widening, because, document, attach, isSeen } = change;
  return {
    kind, roleArn, widening, document, attach, isSeen,
    carrier: place.carrier,
    policy: place.carrier === "inline" ? place.policyName : place.policyArn,
    denials: denials.map(({ kind: by, value, issuedBefore }) =>
      ({ kind: by, value, issuedBefore: isoOrNull(issuedBefore) })),
    because: [...because],
  };
}

export function decisionView(decision: Decision | null) {
  return decision && { ...decision, at: isoOf(decision.at) };
}

function spanView(span: Span | null) {
  return span && {
    firstAt: isoOf(span.firstAt), lastAt: isoOf(span.lastAt), lastBy: span.lastBy,
  };
}

function isoOf(at: number): string {
  return new Date(at).toISOString();
}

/** Null is for ever, as is what no instant can say. */
function isoOrNull(at: number | null): string | null {
  return at === null || !Number.isFinite(at) ? null : isoOf(at);
}
