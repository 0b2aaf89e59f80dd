import type { RuleHead } from "../detections/detection.ts";
import { levels } from "../detections/detection.ts";
import { accessClasses } from "../events/event.ts";
import { tellings } from "../notices/notice.ts";
import { objectKinds, rejectReasons } from "../records/record.ts";
import { awsFaultCodes } from "../aws/fault.ts";
import { wishOutcomes } from "./response.ts";
import { reconciledAs } from "../response/reconcile.ts";
import { revocationStates } from "../revocations/life-cycle.ts";
import { taskOutcomes } from "../sessions/task.ts";
import { poisonReasons } from "../sources/source.ts";
import { storeFaultCodes } from "../storage/fault.ts";
import { auditOutcomes } from "./audit-metrics.ts";
import { BoundedLabel } from "./bounded-label.ts";
import { deliveryOutcomes } from "./happenings.ts";
import type { Metrics } from "./metrics.ts";

/** What is known by name before anything happens. */
export interface Subjects {
  readonly sources: readonly string[];
  /** Of the outbox. */
  readonly receivers: readonly string[];
  /** Declared agents. */
  readonly agents: readonly string[];
  readonly rules: readonly RuleLevels[];
}

export type RuleLevels = Pick<RuleHead, "name" | "level" | "levelWhen" | "raises">;

export const recordOutcomes = ["new", "duplicate", "skipped", "rejected"] as const;
export const changesCounted = ["opened", "worse", "reopened", "withdrawn"] as const;
export const eventResults = ["allowed", "denied", "failed", "dry-run"] as const;

/**
 * How many values each open label may have. An agent's role in all its classes and results takes 36
 * series of 150 bytes or so: with these, a scrape stays below 2 MB.
 */
const maxima = {
  agent: 100,
  agent_role: 250,
  account_region: 1000,
  rule: 400,
  route: 100,
  code: 50,
} as const;
export const boundedLabels = Object.keys(maxima) as readonly (keyof typeof maxima)[];

export type Labels = Readonly<Record<keyof typeof maxima, BoundedLabel>>;

export function createLabels({ labelOverflow }: Metrics, { agents, rules }: Subjects): Labels {
  const label = (name: keyof typeof maxima, known: readonly string[] = []) => {
    return new BoundedLabel(maxima[name], known.slice(0, maxima[name]), () => {
      labelOverflow.inc({ label: name });
    });
  };
  return {
    agent: label("agent", agents),
    agent_role: label("agent_role"),
    account_region: label("account_region"),
    rule: label("rule", rules.map(({ name }) => name)),
    route: label("route"),
    code: label("code", awsFaultCodes),
  };
}

/** So that the first of a kind shows as an increase: of a series that begins at 1, it would not. */
export function startAtZero(metrics: Metrics, subjects: Subjects): void {
  for (const source of subjects.sources) startSource(metrics, source);
  for (const receiver of subjects.receivers) {
    metrics.outboxTold.inc({ receiver }, 0);
    metrics.outboxFailures.inc({ receiver }, 0);
    metrics.receiverUp.set({ receiver }, 1);
    for (const change of tellings) metrics.notifications.inc({ receiver, change }, 0);
  }
  for (const code of storeFaultCodes) metrics.storeFailures.inc({ code }, 0);
  for (const outcome of ["applied", "refused"]) metrics.reloads.inc({ outcome }, 0);
  for (const outcome of taskOutcomes) metrics.tasksEnded.inc({ outcome }, 0);
  for (const state of revocationStates) metrics.revocations.set({ state }, 0);
  for (const outcome of reconciledAs) metrics.revocationRounds.inc({ outcome }, 0);
  for (const code of awsFaultCodes) metrics.revocationFailures.inc({ code }, 0);
  for (const by of ["rule", "task-end"]) {
    for (const outcome of wishOutcomes) metrics.revocationWishes.inc({ by, outcome }, 0);
  }
  for (const outcome of ["denied", "succeeded"]) metrics.revocationCalls.inc({ outcome }, 0);
  for (const outcome of auditOutcomes) metrics.auditRuns.inc({ outcome }, 0);
  for (const label of boundedLabels) metrics.labelOverflow.inc({ label }, 0);
  for (const access of accessClasses) {
    for (const result of eventResults) metrics.backfilledEvents.inc({ access, result }, 0);
  }
  for (const level of levels) {
    for (const change of changesCounted) metrics.backfilledChanges.inc({ level, change }, 0);
  }
}

function startSource(metrics: Metrics, source: string): void {
  const { received, readBytes, eventsAhead, fetches, fetchedBytes } = metrics;
  for (const counter of [received, readBytes, eventsAhead, fetches, fetchedBytes]) {
    counter.inc({ source }, 0);
  }
  for (const outcome of deliveryOutcomes) metrics.ended.inc({ source, outcome }, 0);
  for (const reason of poisonReasons) metrics.poison.inc({ source, reason }, 0);
  for (const outcome of recordOutcomes) {
    metrics.records.inc({ source, outcome }, 0);
    metrics.backfilledRecords.inc({ source, outcome }, 0);
  }
  for (const reason of rejectReasons) metrics.rejected.inc({ source, reason }, 0);
  for (const kind of objectKinds) metrics.otherObjects.inc({ source, kind }, 0);
  for (const code of awsFaultCodes) metrics.sourceFailures.inc({ source, code }, 0);
  metrics.deliveryLag.zero({ source });
  metrics.eventLag.zero({ source });
  metrics.sourceUp.set({ source }, 1);
}

/** At every level a rule can give; those that others speak for give none. */
export function startRules(
  metrics: Metrics,
  labels: Labels,
  rules: readonly RuleLevels[],
): void {
  for (const { name, level, levelWhen, raises } of rules) {
    if (!raises) continue;
    const rule = labels.rule.of(name);
    const possible = [level, ...Object.values(levelWhen).flatMap((when) => Object.values(when))];
    for (const each of new Set(possible)) {
      for (const change of changesCounted) {
        metrics.findingChanges.inc({ rule, level: each, change }, 0);
      }
    }
  }
}
