import type { TrailEvent } from "../events/event.ts";
import type { Fact } from "./fact.ts";
import { textAt, valueAt } from "./fields.ts";

/** What stands where a call has its service: AWS sends no such source. */
export const originSource = "sources.trailwarden";

const text = (name: string, meaning: string): Fact => ({
  name: `source.${name}`, type: "text", unit: null, meaning,
  of: ({ event }) => (isMoment(event) ? textAt(event.record, name) : null),
});

const number = (name: string, unit: "seconds" | "hours" | "count", meaning: string): Fact => ({
  name: `source.${name}`, type: "number", unit, meaning,
  of: ({ event }) => {
    const value = isMoment(event) ? valueAt(event.record, name) : null;
    return typeof value === "number" ? value : null;
  },
});

/**
 * Facts of where events come from, for rules with `logsource: {product: trailwarden, service:
 * sources}`: an account's region fell silent, or what it sends comes late. Absent for every call.
 */
export const sourceFacts: readonly Fact[] = [
  text("moment", "SourceFellSilent or SourceLagged."),
  text("account", "The account that sends, or sent."),
  text("region", "Its region."),
  text("since", "Since when it is silent, by the hour, or late (ISO 8601)."),
  text("trouble", "In words: `has been silent since …`."),
  text("usual", "What was usual or is allowed, in words."),
  number("silent_seconds", "seconds",
    "How long it was silent when that stood out; once it is heard again, in all."),
  number("usual_gap_seconds", "seconds", "The longest silence of its weeks before."),
  number("missed_hours", "hours",
    "Hours with events that its weeks before make expect until the silence stood out."),
  number("usual_missed_hours", "hours", "The most it ever missed in those weeks."),
  number("learned_days", "count", "How many days its rhythm was learned from."),
  number("lag_seconds", "seconds",
    "How late everything was that came from it, until that stood out."),
  number("lag_objective_seconds", "seconds", "How late it may be (`arrival.lagObjectiveSeconds`)."),
];

/** `111111111111/eu-west-1`, where it is about such a moment; null for every call. */
export function originIdOf(event: TrailEvent): string | null {
  return isMoment(event) ? `${event.account ?? ""}/${event.region}` : null;
}

function isMoment({ source }: TrailEvent): boolean {
  return source === originSource;
}
