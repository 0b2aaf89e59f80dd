import type {
  Commit, CommittedDelivery, CredentialSeconds, Judged, Standing, Tally,
} from "./happenings.ts";
import { forgetAudit, showAudit } from "./audit-metrics.ts";
import { forgetBaselines, showBaselines } from "./baseline-metrics.ts";
import { none, other } from "./bounded-label.ts";
import type { Labels } from "./labels.ts";
import type { Metrics } from "./metrics.ts";

/** An event's time is cut to the second, so that it is never early by itself: this is our clock. */
const aheadMs = 5000;

/** One `inc` costs 0.6 µs: what is counted is added up first. */
export function countCommitted(metrics: Metrics, commit: Commit): void {
  metrics.commitSeconds.observe(commit.seconds);
  for (const delivery of commit.deliveries) {
    countRecords(metrics, delivery);
    if (delivery.isBackfill === true) continue;
    countReading(metrics, delivery);
    countLags(metrics, delivery, commit.committedAt);
  }
}

function countRecords(metrics: Metrics, { source, counts, isBackfill }: CommittedDelivery): void {
  const counter = isBackfill === true ? metrics.backfilledRecords : metrics.records;
  const byOutcome = {
    new: counts.eventCount,
    duplicate: counts.duplicateCount,
    skipped: counts.skippedCount,
    rejected: counts.rejectedCount,
  };
  for (const [outcome, count] of Object.entries(byOutcome)) {
    if (count > 0) counter.inc({ source, outcome }, count);
  }
}

function countReading(metrics: Metrics, { source, counts }: CommittedDelivery): void {
  metrics.readBytes.inc({ source }, counts.bytes);
  for (const { reason } of counts.rejections) metrics.rejected.inc({ source, reason });
  for (const [kind, count = 0] of Object.entries(counts.others ?? {})) {
    metrics.otherObjects.inc({ source, kind }, count);
  }
}

function countLags(metrics: Metrics, delivery: CommittedDelivery, committedAt: number): void {
  const { source, events, receivedAt } = delivery;
  metrics.deliveryLag.observe({ source }, secondsBetween(receivedAt, committedAt));
  let aheadCount = 0;
  for (const { at } of events) {
    metrics.eventLag.observe({ source }, secondsBetween(at, committedAt));
    if (at > committedAt + aheadMs) aheadCount += 1;
  }
  if (aheadCount > 0) metrics.eventsAhead.inc({ source }, aheadCount);
}

/** Two clocks never agree: what would be negative is nothing. */
function secondsBetween(from: number, to: number): number {
  return Math.max(0, to - from) / 1000;
}

export function countJudged(metrics: Metrics, labels: Labels, judged: Judged): void {
  const { tallies, changes, receivedAt, judgedAt, seconds, isBackfill } = judged;
  metrics.judgeSeconds.observe(seconds);
  const counted = countedOf(changes);
  if (isBackfill === true) {
    for (const { access, result, count } of tallies) {
      metrics.backfilledEvents.inc({ access, result }, count);
    }
    for (const { change, level } of counted) metrics.backfilledChanges.inc({ change, level });
    return;
  }
  for (const tally of tallies) {
    const { access, result, count } = tally;
    metrics.events.inc({ ...whose(labels, tally), access, result }, count);
  }
  countChanges(metrics, labels, changes);
  for (const { change } of counted) {
    if (change !== "opened" || receivedAt === null) continue;
    metrics.detectionSeconds.observe(secondsBetween(receivedAt, judgedAt));
  }
}

function countedOf(changes: Judged["changes"]) {
  return changes.flatMap(({ what, finding: { rule, level } }) =>
    what === "grown" ? [] : [{ change: what, rule, level }]);
}

export function countChanges(metrics: Metrics, labels: Labels, changes: Judged["changes"]): void {
  for (const { change, rule, level } of countedOf(changes)) {
    metrics.findingChanges.inc({ change, rule: labels.rule.of(rule), level });
  }
}

/**
 * Agents and their roles are bounded together: it is the pairs that make series. An account's other
 * roles may be thousands, and are not what is watched.
 */
function whose(
  { agent, agent_role }: Labels,
  tally: Pick<Tally, "agent" | "role">,
): { agent: string; role: string } {
  if (tally.agent === null) return { agent: none, role: none };
  const name = agent.of(tally.agent);
  if (name === other || !agent_role.has(`${name} ${tally.role ?? none}`)) {
    return { agent: name, role: other };
  }
  return { agent: name, role: tally.role ?? none };
}

/** Replaces what stood at the last scrape. */
export function showStanding(metrics: Metrics, labels: Labels, standing: Standing): void {
  const { liveSessions, liveCredentials, openFindings, storeBytes, outboxMessages } = metrics;
  forgetStanding(metrics);
  for (const { agent, status, count } of standing.liveSessions) {
    liveSessions.inc({ agent: labels.agent.of(agent), attribution: status }, count);
  }
  for (const { agent, count } of standing.liveCredentials) {
    liveCredentials.inc({ agent: labels.agent.of(agent) }, count);
  }
  for (const seconds of standing.credentialSeconds) showSeconds(metrics, labels, seconds);
  showBaselines(metrics, standing.baselines, (of) => whose(labels, of));
  for (const { rule, level, count } of standing.openFindings) {
    openFindings.inc({ rule: labels.rule.of(rule), level }, count);
  }
  showAudit(metrics, standing.audit);
  for (const { receiver, count } of standing.outbox) outboxMessages.set({ receiver }, count);
  storeBytes.set(standing.storeBytes);
}

function showSeconds(
  { zombieCredentials, credentialSeconds }: Metrics,
  labels: Labels,
  seconds: CredentialSeconds,
): void {
  const { agent, roleArn, zombieCount } = seconds;
  const of = whose(labels, { agent, role: roleArn?.split("/").at(-1) ?? null });
  zombieCredentials.inc({ agent: of.agent }, zombieCount);
  for (const part of ["issued", "used", "zombie", "saved"] as const) {
    credentialSeconds.inc({ ...of, part }, seconds[`${part}Seconds`]);
  }
}

/** What is not known is not told: a stale figure looks like a good one. */
export function forgetStanding(metrics: Metrics): void {
  const { liveSessions, liveCredentials, openFindings, storeBytes, outboxMessages } = metrics;
  const { zombieCredentials, credentialSeconds } = metrics;
  const gauges = [
    liveSessions, liveCredentials, openFindings, outboxMessages, zombieCredentials,
    credentialSeconds,
  ];
  for (const gauge of gauges) gauge.reset();
  forgetAudit(metrics);
  forgetBaselines(metrics);
  storeBytes.remove();
}
