import { render } from "../detections/because.ts";
import {
  firingValues,
  type Correlation,
  type CorrelationFiring,
} from "../detections/correlation.ts";
import { entityTypes, type EntityType } from "../detections/detection.ts";
import type { Entity, FindingPart } from "./finding.ts";
import { evidenceMax } from "./merge.ts";
import { fingerprint, templateOf } from "./part.ts";

/** The group whose parts are those of correlations: judged anew as a whole, after all others. */
export const correlationGroupKey = "correlations";

/** What a correlation's firing contributes to a finding. */
export function correlatedPart(correlation: Correlation, firing: CorrelationFiring): FindingPart {
  const entity = entityOf(correlation.entity, firing);
  const valueOf = firingValues(correlation, firing);
  const group = firing.group;
  return {
    fingerprint: fingerprint(correlation.name, entity),
    rule: correlation.name,
    title: correlation.title,
    level: firing.level,
    confidence: correlation.status === "experimental" ? "low" : "high",
    because: sentence(correlation, valueOf),
    entity,
    agent:
      group["agent.name"] === undefined
        ? null
        : { name: group["agent.name"], basis: "correlation" },
    role: group["role.arn"] === undefined ? null : { arn: group["role.arn"], mode: "unknown" },
    session:
      group["session.id"] === undefined
        ? null
        : { id: group["session.id"], arn: null, name: group["session.name"] ?? null },
    credential:
      group["credential.id"] === undefined ? null : { accessKeyId: group["credential.id"] },
    account: group["event.account"] ?? null,
    firstEventAt: firing.firstAt,
    lastEventAt: firing.lastAt,
    eventCount: firing.eventCount,
    evidence: firing.eventIds
      .slice(0, evidenceMax)
      .map((eventId) => ({ eventId, at: firing.firstAt })),
    values: { ...group, "correlation.value": firing.value, "correlation.rules": firing.rules },
    decidedAt: firing.firedAt,
    decidedBy: firing.eventIds[0] ?? "",
    tags: correlation.tags,
  };
}

/** The group-by field that names the entity a correlation asks for. */
const fieldOfEntity: Readonly<Partial<Record<EntityType, string>>> = {
  session: "session.id",
  credential: "credential.id",
  role: "role.arn",
  agent: "agent.name",
  account: "event.account",
  principal: "principal.arn",
};

/**
 * The entity asked for where the correlation groups by it; else the correlation and its whole
 * group.
 */
function entityOf(wanted: EntityType, { correlation, group }: CorrelationFiring): Entity {
  for (const type of [wanted, ...entityTypes]) {
    const id = group[fieldOfEntity[type] ?? ""];
    if (id !== undefined) return { type, id };
  }
  const values = Object.entries(group).map(([field, value]) => `${field}=${value}`);
  return { type: "correlation", id: [correlation, ...values.sort()].join(" ") };
}

function sentence(correlation: Correlation, valueOf: (name: string) => unknown): string {
  const text =
    correlation.because ??
    "{correlation.rules} came together: {correlation.event_count} events in " +
    "{correlation.duration_seconds} s.";
  return render(templateOf(text), valueOf);
}
