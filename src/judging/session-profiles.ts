import type { TrailEvent } from "../events/event.ts";
import type { SessionGroup } from "../findings/judge.ts";
import { isSuperseded, sessionOf } from "../sessions/find.ts";
import { emptyProfile, type Profile } from "../sessions/profile.ts";
import { ProfileTally } from "../sessions/profile-tally.ts";
import type { Session } from "../sessions/session.ts";

/** What the sessions of a group did, event by event, in any order. */
export class SessionProfiles {
  readonly #tallies = new Map<string, ProfileTally>();
  /** Whose call was noted last: most groups have one session. */
  #last: { readonly session: Session; readonly tally: ProfileTally } | null = null;

  note({ group, sessions }: Pick<SessionGroup, "group" | "sessions">, event: TrailEvent): void {
    const session = sessionOf(group, sessions, event);
    if (session === undefined || isSuperseded(group, event)) return;
    if (this.#last?.session !== session) this.#last = { session, tally: this.#tallyOf(session) };
    this.#last.tally.note(event);
  }

  #tallyOf({ id }: Session): ProfileTally {
    const known = this.#tallies.get(id);
    if (known !== undefined) return known;
    const made = new ProfileTally();
    this.#tallies.set(id, made);
    return made;
  }

  of(sessionId: string): Profile {
    return this.#tallies.get(sessionId)?.toProfile() ?? emptyProfile;
  }
}
