import { bounded, mergeSorted, mergeSpans, noSpans, type Bounded, type Spans } from "./spans.ts";

/**
 * What a stretch of a session did, for comparison with other sessions: mergeable state, like the
 * rest of a group's. Whatever else is asked of it follows from these (see
 * `baselines/traits.ts`).
 */
export interface Profile {
  /** `<access> <operation>`, e.g. `list ec2:DescribeInstances`. */
  readonly operations: Spans;
  readonly regions: Spans;
  /** `<kind> <name>`, e.g. `ipv4 203.0.113.0/24`. */
  readonly networks: Spans;
  /** `<family>/<os>` of user agents. */
  readonly userAgents: Spans;
  /** `<outcome> <error code>` of calls that were not allowed. */
  readonly errors: Spans;
  /** See `resource-family.ts`. */
  readonly resources: Spans;
  /** Minutes since the epoch in which it called, and how often. */
  readonly minutes: Bounded<number>;
}

/**
 * How many of each are kept. Minutes: AWS's longest temporary credential lives 36 hours, a session
 * of a long-term key ends with the UTC day, so that peaks are exact for whatever AWS issues.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 * The rest: no less than what a day's baseline keeps of them.
 */
export const profileLimits = {
  operations: 256,
  regions: 48,
  networks: 48,
  userAgents: 32,
  errors: 32,
  resources: 128,
  minutes: 2160,
} as const;

export const emptyProfile: Profile = {
  operations: noSpans,
  regions: noSpans,
  networks: noSpans,
  userAgents: noSpans,
  errors: noSpans,
  resources: noSpans,
  minutes: { entries: [], overflow: false },
};

/** Of different events. Commutative and associative; `emptyProfile` changes nothing. */
export function mergeProfiles(a: Profile, b: Profile): Profile {
  const spans = (of: Exclude<keyof Profile, "minutes">): Spans =>
    mergeSpans(a[of], b[of], profileLimits[of]);
  const minutes = mergeSorted(a.minutes.entries, b.minutes.entries, (x, y) => x + y);
  const isCut = a.minutes.overflow || b.minutes.overflow;
  return {
    operations: spans("operations"),
    regions: spans("regions"),
    networks: spans("networks"),
    userAgents: spans("userAgents"),
    errors: spans("errors"),
    resources: spans("resources"),
    minutes: bounded(minutes, profileLimits.minutes, isCut),
  };
}
