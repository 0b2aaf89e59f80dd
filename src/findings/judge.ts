import type { Compared } from "../baselines/compared.ts";
import type { Config } from "../config/schema.ts";
import { findingFieldNames, findingFields, type Hit } from "../detections/correlation.ts";
import type { Detection, Subject } from "../detections/detection.ts";
import type { TrailEvent } from "../events/event.ts";
import { factCatalogue, factReader } from "../facts/catalogue.ts";
import { isExpired } from "../facts/session-facts.ts";
import type { FactContext } from "../facts/fact.ts";
import { valueAt } from "../facts/fields.ts";
import type { Issuance } from "../sessions/issuance.ts";
import { credentialOf, isSuperseded, sessionOf, toolCallOf } from "../sessions/find.ts";
import { accessKeyOf } from "../sessions/lane.ts";
import type { Session } from "../sessions/session.ts";
import type { GroupState } from "../sessions/state.ts";
import { Candidates } from "./candidates.ts";
import type { FindingPart } from "./finding.ts";
import { decides, grown, mergeTwo } from "./merge.ts";
import { claimOf, partOf } from "./part.ts";
import type { RuleBook } from "./rule-book.ts";
import type { Judgement } from "./store.ts";

/**
 * What judging events needs from beyond their group: all of it final, so that order cannot matter.
 */
export interface JudgeContext {
  readonly config: Config;
  readonly asOf: number;
  readonly issuedBy: (event: TrailEvent) => Issuance | null;
  /** Calls made with what was issued and has expired. */
  readonly useCountOf: (issuance: Issuance) => number;
  /**
   * Whether this copy of a call delivered to several accounts (`sharedEventID`) is the one to
   * judge.
   */
  readonly isTwinJudged: (event: TrailEvent) => boolean;
}

export interface SessionGroup {
  readonly group: GroupState;
  readonly sessions: readonly Session[];
  /** How they compare with their roles' pasts, by session id. */
  readonly compared: ReadonlyMap<string, Compared>;
}

/** Judges one group's events one at a time, in any order, with memory bounded by its findings. */
export class GroupJudge {
  readonly #rules: RuleBook;
  readonly #factsOf = factReader();
  #of: SessionGroup;
  #candidates: Candidates;
  readonly #parts = new Map<string, FindingPart>();
  /** Parts that came or changed, and how many hits there were, when what is new was last taken. */
  readonly #changed = new Set<string>();
  #hitsTaken = 0;
  #hits: Hit[] = [];

  constructor(of: SessionGroup, rules: RuleBook) {
    this.#of = of;
    this.#rules = rules;
    this.#candidates = new Candidates(of, rules);
  }

  /** How much it holds: parts and hits. */
  get size(): number {
    return this.#parts.size + this.#hits.length;
  }

  /** Goes on with the group as it is now: for events judged before, it must look the same. */
  goOn(of: SessionGroup): void {
    this.#of = of;
    this.#candidates = new Candidates(of, this.#rules);
  }

  /** Takes back what these rules gave, so that they can be asked again. */
  forget(rules: ReadonlySet<string>): void {
    for (const [key, { rule }] of this.#parts) if (rules.has(rule)) this.#parts.delete(key);
    this.#hits = this.#hits.filter(({ rule }) => !rules.has(rule));
  }

  /**
   * @param only these rules; absent: all
   * @returns the rules that matched
   */
  add(event: TrailEvent, context: JudgeContext, only?: ReadonlySet<string>): readonly string[] {
    const candidates = this.#candidates.of(event);
    if (
      candidates.length === 0 ||
      isSuperseded(this.#of.group, event) ||
      !context.isTwinJudged(event)
    )
      return none;
    const facts = factContext(event, this.#of, context);
    const subject: Subject = { record: event.record, fact: this.#factsOf(facts) };
    let matched: string[] | null = null;
    for (const detection of this.#candidates.open(candidates, facts, subject)) {
      if (only?.has(detection.name) === false || !detection.matches(subject)) continue;
      (matched ??= []).push(detection.name);
      if (detection.raises) this.#raise(detection, facts, subject);
      const fields = this.#rules.hitFields.get(detection.name);
      if (fields !== undefined)
        this.#hits.push(hitOf(detection, { event, subject, fields, group: this.#of.group.key }));
    }
    return matched ?? none;
  }

  /** Everything, to stand in the place of what was stored. */
  whole(): Judgement {
    this.#take();
    const { group, sessions } = this.#of;
    return { groupKey: group.key, sessions, parts: [...this.#parts.values()], hits: this.#hits };
  }

  /** Fingerprints of the findings of high or above that a session's events raised. */
  blemishes(sessionId: string): readonly string[] {
    return [...this.#parts.values()]
      .filter(({ level, session }) => isGrave(level) && session?.id === sessionId)
      .map(({ fingerprint }) => fingerprint)
      .sort();
  }

  /** What came since this or the whole was last asked for; not after `forget`. */
  news(): Judgement {
    const { group, sessions } = this.#of;
    const parts = [...this.#changed].flatMap((key) => this.#parts.get(key) ?? []);
    const hits = this.#hits.slice(this.#hitsTaken);
    this.#take();
    return { groupKey: group.key, isAddition: true, sessions, parts, hits };
  }

  #take(): void {
    this.#changed.clear();
    this.#hitsTaken = this.#hits.length;
  }

  /**
   * Most matches only grow a finding that is there: its sentence and values are made for the
   * deciding event alone.
   */
  #raise(detection: Detection, facts: FactContext, subject: Subject): void {
    const claim = claimOf(detection, facts, subject);
    this.#changed.add(claim.key);
    const known = this.#parts.get(claim.key);
    if (known === undefined)
      this.#parts.set(claim.key, partOf(claim, detection, { facts, subject }));
    else if (decides(known, claim)) this.#parts.set(claim.key, grown(known, facts.event));
    else this.#parts.set(claim.key, mergeTwo(known, partOf(claim, detection, { facts, subject })));
  }
}

function isGrave(level: FindingPart["level"]): boolean {
  return level === "high" || level === "critical";
}

const none: readonly string[] = [];

/** An event in its context: what facts are computed from. */
export function factContext(
  event: TrailEvent,
  { group, sessions, compared }: SessionGroup,
  context: JudgeContext,
): FactContext {
  const session = sessionOf(group, sessions, event) ?? null;
  const issuance = context.issuedBy(event);
  return {
    event,
    session,
    credential: session === null ? null : credentialOf(session, event),
    compared: session === null ? null : (compared.get(session.id) ?? null),
    issued:
      issuance === null
        ? null
        : { issuance, useCount: useCount(issuance, context) },
    toolCall: toolCallOf(group, event),
    config: context.config,
    asOf: context.asOf,
  };
}

function useCount(issuance: Issuance, { asOf, useCountOf }: JudgeContext): number | null {
  return isExpired(issuance, asOf) ? useCountOf(issuance) : null;
}

/**
 * Calls made with what was issued: with its key where that is logged, else in the session it
 * opened.
 */
export function usesIn({ accessKeyId }: Issuance, users: readonly GroupState[]): number {
  return users.reduce((sum, { lanes, eventCount }) => {
    const lane = lanes.entries.find(
      ([name]) => accessKeyId !== null && accessKeyOf(name) === accessKeyId,
    )?.[1];
    return (
      sum +
      (lane === undefined
        ? eventCount
        : lane.windows.reduce((uses, window) => uses + window.eventCount, 0))
    );
  }, 0);
}

type HitContext = {
  readonly event: TrailEvent;
  readonly subject: Subject;
  readonly fields: readonly string[];
  readonly group: string;
};

function hitOf(detection: Detection, { event, subject, fields, group }: HitContext): Hit {
  const values: Record<string, string | number | boolean | readonly string[]> = {};
  const own = findingFields(detection, detection.level);
  for (const field of fields) {
    const value = isOwn(field) ? own[field] : hitValue(field, subject);
    if (value !== null) values[field] = value;
  }
  return {
    rule: detection.name,
    eventKey: event.key,
    eventId: event.id,
    at: event.at,
    groupKey: group,
    fields: values,
  };
}

function isOwn(field: string): field is (typeof findingFieldNames)[number] {
  return findingFieldNames.some((name) => name === field);
}

function hitValue(field: string, subject: Subject): Hit["fields"][string] | null {
  const value = factCatalogue.names.has(field)
    ? subject.fact(field)
    : valueAt(subject.record, field);
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  if (Array.isArray(value)) return value.filter((item) => typeof item === "string");
  return null;
}
