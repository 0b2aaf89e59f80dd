import { hash } from "node:crypto";
import { parseTemplate, render, type Template } from "../detections/because.ts";
import {
  type Detection,
  type EntityType,
  type Level,
  type Subject,
} from "../detections/detection.ts";
import { factCatalogue } from "../facts/catalogue.ts";
import type { FactContext } from "../facts/fact.ts";
import { valueAt } from "../facts/fields.ts";
import { momentAgentOf } from "../facts/moment-facts.ts";
import { originIdOf } from "../facts/source-facts.ts";
import { taskAt } from "../sessions/task-tie.ts";
import type { Confidence, Entity, FindingPart } from "./finding.ts";
import type { Deciding } from "./merge.ts";

/**
 * What a match is about and how bad it is: enough to see whether it decides what the finding says.
 */
export interface Claim extends Deciding {
  /** Rule and entity: parts with the same key are of the same finding. */
  readonly key: string;
  readonly entity: Entity;
}

export interface MatchContext {
  readonly facts: FactContext;
  readonly subject: Subject;
}

export function claimOf(detection: Detection, facts: FactContext, subject: Subject): Claim {
  const entity = entityOf(detection.entity, facts);
  return {
    key: `${detection.name}\u0000${entity.type}\u0000${entity.id}`,
    entity,
    level: levelOf(detection, subject),
    decidedAt: facts.event.at,
    decidedBy: facts.event.id,
  };
}

/** What one match contributes to a finding. */
export function partOf(
  claim: Claim,
  detection: Detection,
  { facts, subject }: MatchContext,
): FindingPart {
  const { event } = facts;
  const { entity, level, decidedAt, decidedBy } = claim;
  return {
    fingerprint: fingerprint(detection.name, entity),
    rule: detection.name,
    title: detection.title,
    level,
    confidence: confidenceOf(detection, facts),
    because: sentence(detection, subject),
    entity,
    ...about(facts),
    account: event.account,
    firstEventAt: event.at,
    lastEventAt: event.at,
    eventCount: 1,
    evidence: [{ eventId: event.id, at: event.at }],
    values: valuesOf(detection, subject),
    decidedAt,
    decidedBy,
    tags: detection.tags,
  };
}

/** The same rule about the same entity is the same finding, whatever happens around it. */
export function fingerprint(rule: string, { type, id }: Entity): string {
  return hash("sha256", `${rule}\u0000${type}\u0000${id}`, "hex");
}

function about({
  session,
  credential,
}: FactContext): Pick<FindingPart, "agent" | "role" | "session" | "credential"> {
  const attribution = session?.attribution;
  return {
    agent:
      attribution?.agent == null
        ? null
        : { name: attribution.agent, basis: attribution.basis.map(({ by }) => by).join(", ") },
    role: session?.role == null ? null : { arn: session.role.arn, mode: session.mode.mode },
    session: session === null ? null : { id: session.id, arn: session.arn, name: session.name },
    credential: credential === null ? null : { accessKeyId: credential.accessKeyId },
  };
}

/** The entity a rule asks for, or the nearest wider one the event has. */
function entityOf(wanted: EntityType, context: FactContext): Entity {
  const { event, session, credential } = context;
  const task = taskAt(credential?.tasks ?? [], event.at);
  const ids: Readonly<Partial<Record<EntityType, string | null | undefined>>> = {
    credential: credential?.accessKeyId,
    session: session?.id,
    role: session?.role?.arn,
    agent: momentAgentOf(event) ?? session?.attribution.agent,
    principal: event.principal.arn ?? event.principal.id,
    account: event.account,
    event: event.id,
    task: task?.id,
    source: originIdOf(event),
  };
  const wider: readonly EntityType[] = [wanted, "session", "principal", "account", "event"];
  for (const type of wider) {
    const id = ids[type];
    if (id != null) return { type, id };
  }
  return { type: "event", id: event.id };
}

function levelOf(detection: Detection, subject: Subject): Level {
  for (const [fact, byValue] of Object.entries(detection.levelWhen)) {
    const value = subject.fact(fact);
    const level = value === null ? undefined : byValue[String(value)];
    if (level !== undefined) return level;
  }
  return detection.level;
}

const rank: readonly Confidence[] = ["low", "medium", "high"];
const byStatus: Readonly<Record<string, Confidence>> = { experimental: "low", test: "medium" };

/**
 * The weakest of: the rule's own maturity, the attribution and the role's mode, where the rule
 * leans on them.
 */
function confidenceOf(detection: Detection, { session, compared }: FactContext): Confidence {
  const leansOn = (prefix: string) => detection.usedFacts.some((fact) => fact.startsWith(prefix));
  const reasons: Confidence[] = [byStatus[detection.status ?? ""] ?? "high"];
  if (session?.attribution.agent != null && leansOn("agent.")) {
    reasons.push(session.attribution.confidence);
  }
  if (session !== null && leansOn("role.mode") && session.mode.isGuessed) reasons.push("low");
  if (compared !== null && leansOn("baseline.")) reasons.push(compared.deviation.confidence);
  return reasons.reduce((a, b) => (rank.indexOf(a) < rank.indexOf(b) ? a : b));
}

/** Text kept per deciding value: a policy or a user agent shows its beginning. */
const valueCharactersMax = 300;

/** The values that decided: every fact and field the rule looks at, as this event has them. */
function valuesOf(detection: Detection, subject: Subject): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const name of detection.usedFacts) values[name] = bounded(subject.fact(name));
  for (const name of detection.usedFields) {
    const value = valueAt(subject.record, name);
    if (value !== undefined) values[name] = bounded(value);
  }
  return values;
}

function bounded(value: unknown): unknown {
  if (typeof value === "object" && value !== null) {
    const text = JSON.stringify(value);
    return text.length <= valueCharactersMax ? value : `${text.slice(0, valueCharactersMax)}…`;
  }
  if (typeof value !== "string" || value.length <= valueCharactersMax) return value;
  return `${value.slice(0, valueCharactersMax)}…`;
}

/**
 * The sentence a finding carries: the rule's own, or, for a foreign rule, what was called and by
 * whom.
 */
function sentence(detection: Detection, subject: Subject): string {
  const template =
    detection.because ?? "{principal.arn} called {event.operation} ({event.result}).";
  return render(templateOf(template), (name) =>
    factCatalogue.names.has(name) ? subject.fact(name) : valueAt(subject.record, name),
  );
}

const templates = new Map<string, Template>();

/** A rule's sentence, parsed once. It was checked when the rule was loaded. */
export function templateOf(text: string): Template {
  const known = templates.get(text);
  if (known !== undefined) return known;
  const parsed = parseTemplate(text);
  if ("error" in parsed)
    throw new Error(`A rule was loaded with a broken sentence: ${parsed.error}`);
  templates.set(text, parsed);
  return parsed;
}
