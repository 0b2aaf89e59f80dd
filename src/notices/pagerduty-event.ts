import type { Level } from "../detections/detection.ts";
import { findingJson } from "../findings/finding-json.ts";
import type { Finding } from "../findings/finding.ts";
import type { Digest } from "./digest.ts";
import type { Telling } from "./notice.ts";
import { digestLine, digestRest, digestTitle, headline, line, lookAt } from "./wording.ts";

const severities: Readonly<Record<Level, "info" | "warning" | "error" | "critical">> = {
  informational: "info", low: "info", medium: "warning", high: "error", critical: "critical",
};

const actions: Readonly<Record<Telling, "trigger" | "acknowledge" | "resolve">> = {
  opened: "trigger", worse: "trigger", again: "trigger", changed: "trigger",
  acknowledged: "acknowledge", over: "resolve",
};

/** PagerDuty's limit. */
const summaryMax = 1024;
/** An event may have 512 kB; what decided is among the details, and may be large. */
const detailsMax = 100_000;

/**
 * A finding as PagerDuty's Events API v2 takes it, without the routing key: one incident a finding,
 * whatever is told of it.
 * https://developer.pagerduty.com/docs/send-alert-event
 */
export function pagerDutyEvent(what: Telling, finding: Finding): object {
  const head = { event_action: actions[what], dedup_key: finding.fingerprint };
  if (head.event_action !== "trigger") return head;
  return {
    ...head,
    client: "trailwarden",
    payload: {
      summary: headline(finding, summaryMax),
      source: finding.account ?? "trailwarden",
      severity: severities[finding.level],
      timestamp: new Date(finding.lastEventAt).toISOString(),
      component: line(finding.agent?.name ?? finding.entity.id, 255),
      group: line(finding.role?.arn ?? finding.entity.type, 255),
      class: line(finding.rule, 255),
      custom_details: { ...details(finding), look: lookAt(finding.id) },
    },
  };
}

function details(finding: Finding): object {
  const whole = findingJson(finding);
  return JSON.stringify(whole).length <= detailsMax ? whole : { ...whole, values: {} };
}

/** One incident until somebody resolves it: a storm pages once. */
export function pagerDutyDigest(receiver: string, digest: Digest): object {
  const rest = digestRest(digest);
  return {
    event_action: "trigger",
    dedup_key: `trailwarden-digest-${receiver}`,
    client: "trailwarden",
    payload: {
      summary: `Digest: ${digestTitle(digest)}`,
      source: "trailwarden",
      severity: severities[digest.worst],
      class: "digest",
      custom_details: {
        lines: [...digest.lines.map(digestLine), ...(rest === null ? [] : [rest])],
        look: lookAt(null),
      },
    },
  };
}
