import { Chronicles } from "../baselines/chronicles.ts";
import { comparedOf, placeOf, type Compared } from "../baselines/compared.ts";
import type { Levels } from "../baselines/deviation.ts";
import { levelsAsOf } from "../baselines/levels.ts";
import type { BaselineSettings, BaselineStore } from "../baselines/store.ts";
import type { Subject } from "../baselines/subject.ts";
import type { SessionGroup } from "../findings/judge.ts";
import type { SessionProfiles } from "./session-profiles.ts";

/** Days of which baselines are held: sessions that go on began today or yesterday. */
const daysMax = 4;

/**
 * The baselines as of the days that are judged, made when first asked for; all of what was learned
 * by one version.
 */
export class BaselineBook {
  readonly #store: BaselineStore;
  readonly #settings: BaselineSettings;
  readonly #byDay = new Map<number, (subject: Subject) => Levels>();
  readonly #chronicles = new Chronicles();
  #version = -1;

  constructor(store: BaselineStore, settings: BaselineSettings) {
    this.#store = store;
    this.#settings = settings;
  }

  /** What was learned by now; what was made of less is let go. */
  async refresh(): Promise<number> {
    const version = await this.#store.baselinesVersion();
    if (version !== this.#version) this.#byDay.clear();
    this.#version = version;
    return version;
  }

  /** The levels that judge sessions which begin on a day, subject by subject. */
  async asOf(day: number): Promise<(subject: Subject) => Levels> {
    const known = this.#byDay.get(day);
    if (known !== undefined) return known;
    const { memory } = this.#settings;
    const pasts = await this.#store.pasts(day - memory.windowDays, day);
    const levels = levelsAsOf(pasts, day, { memory, chronicles: this.#chronicles });
    const [oldest] = this.#byDay.keys();
    if (this.#byDay.size >= daysMax && oldest !== undefined) this.#byDay.delete(oldest);
    this.#byDay.set(day, levels);
    return levels;
  }

  /** How a group's sessions compare, by session id; those without a past are left out. */
  async compare(
    { sessions }: Pick<SessionGroup, "sessions">,
    profiles: SessionProfiles,
  ): Promise<ReadonlyMap<string, Compared>> {
    const compared = new Map<string, Compared>();
    for (const session of sessions) {
      const place = placeOf(session);
      if (place === null) continue;
      const levels = (await this.asOf(place.day))(place.subject);
      const { budget } = this.#settings;
      const profile = profiles.of(session.id);
      compared.set(session.id, comparedOf({ session, profile }, place, { levels, budget }));
    }
    return compared;
  }
}
