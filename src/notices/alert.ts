import type { Finding } from "../findings/finding.ts";
import { line, lookAt, particulars } from "./wording.ts";

/** As Alertmanager's API v2 takes it. */
export interface Alert {
  /** What it is told apart by: other labels make another alert. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
}

export type Labels = Alert["labels"];

/** What fits on a page and in a chat message; Alertmanager has no limit of its own. */
const textMax = 1024;

/** @param own the config's, which go before ours */
export function labelsOf({ id, rule, level, agent, account }: Finding, own: Labels): Labels {
  return {
    alertname: "TrailwardenFinding",
    finding: id,
    rule,
    severity: level,
    ...(agent === null ? {} : { agent: agent.name }),
    ...(account === null ? {} : { account }),
    ...own,
  };
}

/**
 * A finding as an alert that is over at `endsAt`, ms UTC, unless it is sent again. Text that others
 * chose is in annotations only.
 * https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
 */
export function alertOf(finding: Finding, labels: Labels, endsAt: number): Alert {
  const details = particulars(finding).map(([name, value]) => `${name}: ${line(value, textMax)}`);
  return {
    labels,
    annotations: {
      summary: line(finding.title, textMax),
      description: line(finding.because, textMax),
      details: details.join("\n"),
      status: finding.status,
      look: lookAt(finding.id),
    },
    startsAt: new Date(finding.firstEventAt).toISOString(),
    endsAt: new Date(endsAt).toISOString(),
  };
}
