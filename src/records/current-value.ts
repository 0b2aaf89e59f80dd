import { ValueWalk } from "./value-walk.ts";
import type { HeldBytes } from "./held-bytes.ts";
import type { Stop } from "./value-walk.ts";

export interface WalkLimits {
  readonly recordBytesMax: number;
  readonly depthMax: number;
}

/** A key that may be that of the records is shorter. */
const keyBytesMax = 16;

/**
 * The value the walk is in: where it began, what it has turned out to be, and which of its bytes
 * are needed.
 */
export class CurrentValue {
  /** Offset in the file where it begins. */
  start = 0;
  isTooLarge = false;
  /** It is an object that holds an array of records, so it is no record itself. */
  isContainer = false;
  readonly #held: HeldBytes;
  readonly #walk: ValueWalk;
  readonly #bytesMax: number;

  constructor(held: HeldBytes, { recordBytesMax, depthMax }: WalkLimits) {
    this.#held = held;
    this.#walk = new ValueWalk(depthMax);
    this.#bytesMax = recordBytesMax;
  }

  get isTooDeep(): boolean {
    return this.#walk.isTooDeep;
  }

  /** Position of its first byte among those held, when they are. */
  get position(): number {
    return this.start - this.#held.base;
  }

  /**
   * Whether all its bytes so far are held, to be read as a record or to be searched after damage.
   */
  get isHeld(): boolean {
    return !this.isContainer && !this.isTooLarge;
  }

  begin(isAlone: boolean): void {
    this.start = this.#held.offset;
    this.isTooLarge = false;
    this.isContainer = false;
    this.#walk.begin(this.#held.at, isAlone);
  }

  /** Goes on in the object around an array of records that has ended. */
  resumeContainer(): void {
    this.isContainer = true;
    this.#walk.resumeContainer(this.#held.at);
  }

  /** Walks on to its end, or to what a record's size allows, which is then `outgrown`. */
  walk(): Stop | "outgrown" {
    const { bytes } = this.#held;
    const bound = this.isHeld ? this.position + this.#bytesMax : Infinity;
    const limit = Math.min(bytes.length, bound);
    const stop = this.#walk.walk(bytes, limit);
    this.#held.at = this.#walk.at;
    return stop === "starved" && limit === bound ? "outgrown" : stop;
  }

  /** Takes the next bytes of the file. */
  push(chunk: Buffer): void {
    this.#walk.shift(this.#held.push(chunk, this.#neededFrom()));
  }

  #neededFrom(): number {
    if (this.isHeld) return this.position;
    const keyStart = this.#walk.openKeyStart ?? -Infinity;
    return this.#held.at - keyStart > keyBytesMax ? this.#held.at : keyStart;
  }
}
