import type { Profile } from "../sessions/profile.ts";
import type { Session } from "../sessions/session.ts";
import type { Contribution } from "./day-bucket.ts";
import { deviationOf, type Deviation, type Levels } from "./deviation.ts";
import type { Budget } from "./standing.ts";
import { subjectOf, voiceOf, type Subject } from "./subject.ts";
import { traitsOf, type Traits } from "./traits.ts";

/** A session that has a past to be compared with, and how it compares. */
export interface Compared {
  readonly subject: Subject;
  /** On which it began, since the epoch, UTC. */
  readonly day: number;
  readonly voice: number;
  readonly traits: Traits;
  readonly deviation: Deviation;
}

/** Of whom, and of which day, a session needs baselines; null where it has none. */
export function placeOf(session: Session): Pick<Compared, "subject" | "day"> | null {
  const subject = subjectOf(session);
  return subject === null ? null : { subject, day: Math.floor(session.firstAt / dayMs) };
}

export function comparedOf(
  { session, profile }: { readonly session: Session; readonly profile: Profile },
  place: Pick<Compared, "subject" | "day">,
  { levels, budget }: { readonly levels: Levels; readonly budget: Budget },
): Compared {
  const traits = traitsOf(profile);
  const deviation = deviationOf({ id: session.id, traits }, levels, budget);
  return { ...place, voice: voiceOf(session), traits, deviation };
}

/** A session that was compared before, by what is known of it since. */
export function comparedAgain(
  { id, subject, day, contribution: { voice, traits } }: {
    readonly id: string;
    readonly subject: Subject;
    readonly day: number;
    readonly contribution: Contribution;
  },
  { levels, budget }: { readonly levels: Levels; readonly budget: Budget },
): Compared {
  return { subject, day, voice, traits, deviation: deviationOf({ id, traits }, levels, budget) };
}

export function contributionOf({ voice, traits, deviation }: Compared): Contribution {
  return { voice, traits, ...deviation.learned };
}

const dayMs = 86_400_000;
