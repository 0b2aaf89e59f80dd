/** A value standing where a record may stand. `start` and `end` are positions in `bytes`. */
export interface ValueSpan {
  readonly type: "value";
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** Of its first byte in the inflated file. */
  readonly offset: number;
  /** Among the file's values, from 0. */
  readonly index: number;
  /** Null when nobody looked. */
  readonly isTooDeep: boolean | null;
}
