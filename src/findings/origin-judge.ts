import type { Config } from "../config/schema.ts";
import type { TrailEvent } from "../events/event.ts";
import type { Normalise } from "../events/normalise.ts";
import { factLookup } from "../facts/catalogue.ts";
import type { FactContext } from "../facts/fact.ts";
import { originSource } from "../facts/source-facts.ts";
import type { Origin } from "../sessions/origin.ts";
import type { FindingPart } from "./finding.ts";
import { mergeByFinding } from "./merge.ts";
import type { Lag, OriginMoment, Silence } from "./origin-moments.ts";
import { claimOf, partOf } from "./part.ts";
import type { RuleBook } from "./rule-book.ts";

/** The group whose parts are an origin's: judged anew as a whole whenever it changes. */
export function originGroupKey({ account, region }: Origin): string {
  return `source:${account}/${region}`;
}

/** What the rules about sources say of an origin. */
export function judgeOrigin(
  origin: Origin,
  moment: OriginMoment | null,
  { rules, config, normalise }: {
    readonly rules: RuleBook;
    readonly config: Config;
    readonly normalise: Normalise;
  },
): readonly FindingPart[] {
  if (moment === null || rules.ofSources.length === 0) return [];
  const event = eventOf(normalise, recordOf(origin, moment, config));
  const facts: FactContext = {
    event, session: null, credential: null, issued: null, toolCall: null, compared: null, config,
    asOf: moment.at,
  };
  const subject = { record: event.record, fact: factLookup(facts) };
  const { overAt } = moment;
  return mergeByFinding(rules.ofSources.filter(({ matches }) => matches(subject))
    .map((detection): FindingPart => ({
      ...partOf(claimOf(detection, facts, subject), detection, { facts, subject }),
      // No call happened: nothing is counted, and there is nothing to look at.
      eventCount: 0, evidence: [], ...(overAt === null ? {} : { overAt }),
    })));
}

/** A moment as rules read it: see `facts/source-facts.ts`. */
function recordOf(
  { account, region }: Origin,
  moment: OriginMoment,
  { arrival: { lagObjectiveSeconds } }: Config,
): Readonly<Record<string, unknown>> {
  const { name, at } = moment;
  const since = new Date(moment.since).toISOString();
  return {
    eventVersion: "1.11",
    eventID: `${name} ${account} ${region} ${since}`,
    eventTime: new Date(at).toISOString(),
    eventSource: originSource,
    eventName: name,
    userIdentity: { type: "AWSService", invokedBy: originSource },
    recipientAccountId: account,
    awsRegion: region,
    moment: name,
    account,
    region,
    since,
    ...(moment.name === "SourceFellSilent"
      ? silenceIn(moment, since)
      : lagIn(moment, since, lagObjectiveSeconds)),
  };
}

function lagIn(
  { lagMs }: Lag,
  since: string,
  objectiveSeconds: number,
): Readonly<Record<string, unknown>> {
  const lagSeconds = Math.round(lagMs / 1000);
  return {
    lag_seconds: lagSeconds,
    lag_objective_seconds: objectiveSeconds,
    trouble: `has sent nothing since ${since} that was less than ${lagSeconds} s late`,
    usual: `${objectiveSeconds} s are allowed`,
  };
}

function silenceIn(
  { at, since: begunAt, overAt, missedHours, rhythm }: Silence,
  since: string,
): Readonly<Record<string, unknown>> {
  const missed = tenths(missedHours);
  const [usualMissed, gapSeconds] = [tenths(rhythm.missedMost), rhythm.longestHours * 3600];
  return {
    silent_seconds: ((overAt ?? at) - begunAt) / 1000,
    usual_gap_seconds: gapSeconds,
    missed_hours: missed,
    usual_missed_hours: usualMissed,
    learned_days: rhythm.days,
    trouble: `has been silent since ${since}, ` +
      `when ${missed} hours with events were to be expected`,
    usual: `in ${rhythm.days} days before it missed ${usualMissed} of them at most, and was ` +
      `never silent for more than ${gapSeconds} s`,
  };
}

function tenths(hours: number): number {
  return Math.round(hours * 10) / 10;
}

function eventOf(normalise: Normalise, record: Readonly<Record<string, unknown>>): TrailEvent {
  const normalised = normalise(record);
  if ("event" in normalised) return normalised.event;
  throw new Error(`A moment of a source is no event: ${normalised.rejected.detail}`);
}
