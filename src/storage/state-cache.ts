import type { GroupState } from "../sessions/state.ts";

/**
 * A state takes some 10 kB: 5 MB in all. A scan finds half of its states here; 85 % among twice as
 * many would spare half a percent of its time.
 */
const statesMax = 512;

/**
 * States lately saved or read, so that a group in use is not parsed again with each delivery. A
 * state is that of one row at one revision, which nothing can change without raising it; row ids
 * are never given twice.
 */
export class StateCache {
  readonly #states = new Map<number, { readonly revision: number; readonly state: GroupState }>();

  get(id: number, revision: number): GroupState | undefined {
    const known = this.#states.get(id);
    return known?.revision === revision ? known.state : undefined;
  }

  /** @param revision of what is committed */
  put(id: number, revision: number, state: GroupState): void {
    this.#states.delete(id);
    this.#states.set(id, { revision, state });
    if (this.#states.size <= statesMax) return;
    const [oldest] = this.#states.keys();
    if (oldest !== undefined) this.#states.delete(oldest);
  }
}
