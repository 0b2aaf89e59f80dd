import type { TrailEvent } from "../events/event.ts";
import type { SessionGroup } from "../findings/judge.ts";
import { isSuperseded, sessionOf } from "../sessions/find.ts";
import { emptyProfile, type Profile } from "../sessions/profile.ts";
import { ProfileTally } from "../sessions/profile-tally.ts";

/** What the sessions of a group did, event by event, in any order. */
export class SessionProfiles {
  readonly #tallies = new Map<string, ProfileTally>();

  note({ group, sessions }: Pick<SessionGroup, "group" | "sessions">, event: TrailEvent): void {
    const session = sessionOf(group, sessions, event);
    if (session === undefined || isSuperseded(group, event)) return;
    const known = this.#tallies.get(session.id);
    const tally = known ?? new ProfileTally();
    if (known === undefined) this.#tallies.set(session.id, tally);
    tally.note(event);
  }

  of(sessionId: string): Profile {
    return this.#tallies.get(sessionId)?.toProfile() ?? emptyProfile;
  }
}
