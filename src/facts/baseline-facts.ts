import type { Baseline } from "../baselines/baseline.ts";
import type { Compared } from "../baselines/compared.ts";
import { hourText, reasonTexts } from "../baselines/reasons.ts";
import { surpriseOf } from "../baselines/surprise.ts";
import { tailOf } from "../baselines/tail.ts";
import { hourOfWeek, serviceOf, type Category, type Measure } from "../baselines/traits.ts";
import { usualNumber, usualValues } from "../baselines/usual.ts";
import type { TrailEvent } from "../events/event.ts";
import { clientOf, errorOf, minuteOf, networkOf } from "../sessions/profile-tally.ts";
import { resourceFamilyOf } from "../sessions/resource-family.ts";
import type { Fact, FactContext, FactValue } from "./fact.ts";

type Kind = readonly [Fact["type"], string | null];
const text: Kind = ["text", null];
const truth: Kind = ["truth", null];
const list: Kind = ["list", null];
const count: Kind = ["number", "count"];
const probability: Kind = ["number", "probability"];
const bits: Kind = ["number", "bits"];

/** A comparison, and what it was made with. */
interface Judged extends Compared {
  readonly baseline: Baseline;
}

function judgedIn({ compared }: FactContext): Judged | null {
  const baseline = compared?.deviation.baseline ?? null;
  return compared === null || baseline === null ? null : { ...compared, baseline };
}

const of = (
  [name, [type, unit]]: readonly [name: string, kind: Kind],
  meaning: string,
  value: (judged: Judged, event: TrailEvent) => FactValue,
): Fact => ({
  name: `baseline.${name}`, type, unit, meaning,
  of: (context) => {
    const judged = judgedIn(context);
    return judged === null ? null : value(judged, context.event);
  },
});

/** Of the whole session: what it says of an earlier call changes as the session goes on. */
const growing = (
  named: readonly [name: string, kind: Kind],
  meaning: string,
  value: (compared: Compared, baseline: Baseline) => FactValue,
): Fact => ({
  ...of(named, meaning, (judged) => value(judged, judged.baseline)),
  grows: {
    with: "comparison",
    view: (compared) => {
      const { baseline } = compared.deviation;
      return baseline === null ? null : value(compared, baseline);
    },
  },
});

/** Each value that a call shows: what it is called, and whose fact it is. */
const shown: readonly (readonly [
  name: string, category: Category, what: string, of: (event: TrailEvent) => string | null,
])[] = [
  ["operation", "operation", "the operation", ({ operation }) => operation],
  ["service", "service", "the service", ({ operation }) => serviceOf(operation)],
  ["region", "region", "the region", ({ region }) => region],
  ["network", "network", "the network it came from", networkOf],
  ["user_agent", "userAgent", "the family and system of its user agent", clientOf],
  ["error", "error", "the way it failed", errorOf],
  ["resource", "resource", "the bucket, table, secret, key it named", resourceFamilyOf],
  ["hour", "hour", "the hour of the week", (event) => String(hourOfWeek(minuteOf(event)))],
];

/** Each number of a session. */
const counted: readonly (readonly [name: string, measure: Measure, what: string])[] = [
  ["calls", "calls", "its calls"],
  ["rate", "peakPerMinute", "the most calls of one minute"],
  ["operations", "operations", "its distinct operations"],
  ["services", "services", "its distinct services"],
  ["denied", "denials", "its denied calls"],
  ["writes", "writes", "its calls that write, grant or tag"],
  ["destructive", "deletes", "its calls that delete, terminate or schedule a deletion"],
  ["breadth", "breadth",
    "the most reading and listing operations it first called within any ten minutes"],
  ["resources", "resources", "the resources it named"],
  ["networks", "networks", "its networks"],
  ["minutes", "minutes", "the minutes from its first call to its last"],
];

/**
 * Facts of how a session and its calls compare with the past of its role, as of the day the session
 * began. All are absent while there is too little past; see docs/baselines.md.
 */
export const baselineFacts: readonly Fact[] = [
  of(["mature", truth], "Whether the role's own past judges, and not that of others.",
    ({ deviation }) => deviation.confidence !== "low"),
  of(["confidence", text], "high: the agent's own past in this role; medium: the role's " +
    "with all its agents; low: that of like agents, or of all.",
    ({ deviation }) => deviation.confidence),
  of(["sessions", count], "Sessions it is compared with.", ({ baseline }) => baseline.sessions),
  of(["days", count], "Days from the first of them.", ({ baseline }) => baseline.span),
  ...shown.flatMap(([name, category, what, valueIn]) => [
    of([`${name}.first_seen`, truth], `Whether ${what} is new to the role; absent where that is ` +
      "not known.", ({ baseline }, event) => {
      const value = valueIn(event);
      return value === null ? null : surpriseOf(baseline, category, value).isFirst;
    }),
    of([`${name}.surprise_bits`, bits], `How surprising ${what} is: -log2 of its probability.`,
      ({ baseline }, event) => {
        const value = valueIn(event);
        return value === null ? null : surpriseOf(baseline, category, value).bits;
      }),
    of([`${name}.usual`, list], "What the role shows most, at most three.",
      ({ baseline }) => usualValues(baseline, category).map(inWords(category))),
  ]),
  of(["hour.now", text], "The hour of the week of the call, such as `Sun 02:00`, UTC.",
    (_, event) => hourText(hourOfWeek(minuteOf(event)))),
  ...counted.flatMap(([name, measure, what]) => [
    growing([`${name}.value`, count], `Of the whole session: ${what}.`,
      ({ traits }) => traits.numbers[measure]),
    growing([`${name}.p_value`, probability], "How likely a session of the role reaches that.",
      ({ traits }, baseline) => tailOf(baseline, measure, traits.numbers[measure])),
    of([`${name}.usual`, count], "What 95 of 100 of the role's sessions stay within.",
      ({ baseline }) => usualNumber(baseline, measure)),
  ]),
  growing(["session.p_value", probability], "The share of the role's past sessions that were as " +
    "strange as this one.", ({ deviation }) => deviation.standing?.pValue ?? null),
  growing(["session.score_bits", bits], "How strange the session is as a whole.",
    ({ deviation: { score } }) => score === null ? null : Math.round(score * 10) / 10),
  growing(["session.unusual", truth], "Whether the session is strange enough to tell of: among " +
    "sessions that behave as ever, no more than the false-alert budget of the role are.",
    ({ deviation }) => deviation.standing?.isUnusual ?? false),
  growing(["session.reasons", list], "What makes it strange, at most three.",
    ({ traits }, baseline) => reasonTexts(traits, baseline)),
];

function inWords(category: Category): (value: string) => string {
  return category === "hour" ? (hour) => hourText(Number(hour)) : (value) => value;
}
