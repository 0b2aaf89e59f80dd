import type { Access } from "../events/event.ts";
import type { EventResult } from "../events/result.ts";
import type { SessionGroup } from "../findings/judge.ts";
import type { Gain } from "../pipeline.ts";
import { sessionFor } from "../sessions/find.ts";

/** How many new events had this in common. */
export interface EventTally {
  readonly agent: string | null;
  /** The role's name. */
  readonly role: string | null;
  readonly access: Access;
  readonly result: EventResult["outcome"];
  readonly count: number;
}

/** Counts events as they come, once each, when it is known whose they are. */
export class EventTallies {
  readonly #waiting = new Map<string, Gain[]>();
  #counts = new Map<string, EventTally>();

  note(gain: Gain): void {
    const { key } = gain.state;
    const gains = this.#waiting.get(key);
    if (gains === undefined) this.#waiting.set(key, [gain]);
    else gains.push(gain);
  }

  /** Groups with events not counted yet. */
  get waiting(): readonly string[] {
    return [...this.#waiting.keys()];
  }

  /** Counts what came up to this revision of the group. */
  count({ group, sessions }: Pick<SessionGroup, "group" | "sessions">, revision: number): void {
    const gains = this.#waiting.get(group.key);
    if (gains === undefined) return;
    const later = gains.filter(({ before }) => before.revision >= revision);
    if (later.length === 0) this.#waiting.delete(group.key);
    else this.#waiting.set(group.key, later);
    for (const { before, events } of gains) {
      if (before.revision >= revision) continue;
      for (const event of events) {
        const session = sessionFor(group, sessions, event)?.session ?? null;
        this.#add({
          agent: session?.attribution.agent ?? null,
          role: (session?.role ?? event.principal.role)?.name ?? null,
          access: event.access,
          result: event.result.outcome,
        });
      }
    }
  }

  /** What was counted since this was last asked. */
  take(): readonly EventTally[] {
    const tallies = [...this.#counts.values()];
    this.#counts = new Map();
    return tallies;
  }

  #add(of: Omit<EventTally, "count">): void {
    const key = `${of.access} ${of.result} ${of.agent ?? ""}\u0000${of.role ?? ""}`;
    this.#counts.set(key, { ...of, count: (this.#counts.get(key)?.count ?? 0) + 1 });
  }
}
