import { explainMatch, type MatchTrace } from "./detections/explain-match.ts";
import type { Subject } from "./detections/detection.ts";
import { factLookup, facts } from "./facts/catalogue.ts";
import type { FactContext, FactValue } from "./facts/fact.ts";
import type { Finding } from "./findings/finding.ts";
import { factContext } from "./findings/judge.ts";
import { claimOf, fingerprint } from "./findings/part.ts";
import { eventsOf, gatherEvents } from "./judging/beyond.ts";
import { compareSessions } from "./judging/compare-sessions.ts";
import type { Bench } from "./judging/bench.ts";
import { gatherContexts } from "./judging/context.ts";
import { sessionsOf } from "./sessions/derive.ts";
import { isSuperseded } from "./sessions/find.ts";

/** Every step behind one event's judgement, with values and reasons. */
export interface Explanation {
  readonly context: FactContext;
  /** Why it was not judged, though stored; null when it was. */
  readonly leftOut: "superseded" | "twin" | null;
  /** Facts that are known of this event, in the catalogue's order. */
  readonly facts: readonly {
    readonly name: string;
    readonly value: FactValue;
    readonly unit: string | null;
  }[];
  readonly rulesConsideredCount: number;
  /** Rules that matched, and any rule asked for by name. */
  readonly traces: readonly MatchTrace[];
  readonly findings: readonly Finding[];
}

/**
 * Explains every stored event of this id: one, or several where an id was used twice.
 *
 * @param ruleNames rules to trace whether they matched or not
 */
export async function explainEvent(
  app: Bench,
  eventId: string,
  ruleNames: readonly string[],
): Promise<readonly Explanation[]> {
  const { lastAt } = await app.store.counts();
  const found = await app.store.recordsById(eventId);
  const explanations: Explanation[] = [];
  for (const { groupKey, record } of found) {
    const group = await app.store.group(groupKey);
    if (group === null) throw new Error("The store has an event without its group.");
    const contexts = await gatherContexts(app.store, app.config, [group]);
    const sessions = sessionsOf(group, contexts(group));
    const compared = await compareSessions(app, { group, sessions });
    const events = eventsOf([record], app.normalise);
    const judging = await gatherEvents(app, { events, asOf: lastAt ?? 0 });
    for (const event of events) {
      const context = factContext(event, { group, sessions, compared }, judging);
      const leftOut = isSuperseded(group, event)
        ? "superseded"
        : judging.isTwinJudged(event)
          ? null
          : "twin";
      explanations.push(await explained(app, { context, leftOut, ruleNames }));
    }
  }
  return explanations;
}

async function explained(
  app: Bench,
  {
    context,
    leftOut,
    ruleNames,
  }: Pick<Explanation, "context" | "leftOut"> & { readonly ruleNames: readonly string[] },
): Promise<Explanation> {
  const subject: Subject = { record: context.event.record, fact: factLookup(context) };
  const candidates = app.rules.candidates(context.event.source, context.event.name);
  const matched = candidates.filter((detection) => detection.matches(subject));
  const names = new Set([...matched.map(({ name }) => name), ...ruleNames]);
  const findings = await Promise.all(
    matched.map(async (detection) => {
      const { entity } = claimOf(detection, context, subject);
      return await app.store.finding(fingerprint(detection.name, entity));
    }),
  );
  return {
    context,
    leftOut,
    facts: facts
      .map(({ name, unit }) => ({ name, unit, value: subject.fact(name) }))
      .filter(({ value }) => value !== null),
    rulesConsideredCount: candidates.length,
    traces: app.rules.detections
      .filter(({ name }) => names.has(name))
      .map((detection) => explainMatch(detection, subject)),
    findings: findings.flat(),
  };
}
