import * as json from "./json-bytes.ts";

/**
 * Why walking a value stopped: it closed; the key of an array of records was followed by `[`; a
 * line ended inside a string; the bytes ended.
 */
export type Stop = "closed" | "container" | "line-end" | "starved";

/** Keys whose array holds the records: a log file's, and that of a page of LookupEvents. */
const containerKeys = ['"Records"', '"Events"'];
const noByte = -1;

/**
 * Walks over one JSON object, array or string in bytes that arrive in pieces, counting brackets and
 * skipping strings. It tells where the value ends, not whether it is JSON.
 */
export class ValueWalk {
  /** Next byte to look at; one past the end when a backslash was the last byte. */
  at = 0;
  isTooDeep = false;
  readonly #depthMax: number;
  #isAlone = false;
  #depth = 0;
  #isInString = false;
  #stringStart = 0;
  #isContainerKey = false;

  constructor(depthMax: number) {
    this.#depthMax = depthMax;
  }

  /**
   * `isAlone`: the value is no element of an array. Then it may be an object around the records;
   * and it may be a line: no JSON string holds a raw line end, so a line end inside a string means
   * that the line is damaged.
   */
  begin(at: number, isAlone: boolean): void {
    this.at = at;
    this.isTooDeep = false;
    this.#isAlone = isAlone;
    this.#depth = 0;
    this.#isInString = false;
    this.#isContainerKey = false;
  }

  /** Goes on behind the array of records, in the object around it. */
  resumeContainer(at: number): void {
    this.begin(at, true);
    this.#depth = 1;
  }

  /** The bytes held begin `count` bytes later from now on. */
  shift(count: number): void {
    this.at -= count;
    this.#stringStart -= count;
  }

  /**
   * Where a string begins that may yet turn out to be the key of the records; null when none does.
   */
  get openKeyStart(): number | null {
    return this.#isAlone && this.#isInString && this.#depth === 1 ? this.#stringStart : null;
  }

  /** The loop that sees every byte of every file: state in locals, few comparisons a byte. */
  walk(bytes: Buffer, limit: number): Stop {
    // Copies: an imported name may be looked up anew at each use.
    const { structure, quote, backslash, openBracket, opensString, closes } = json;
    const lineEnd = this.#isAlone ? json.newline : noByte;
    let at = this.at;
    let depth = this.#depth;
    let isInString = this.#isInString;
    let stop: Stop = "starved";
    while (at < limit) {
      if (isInString) {
        let byte = bytes[at] ?? 0;
        while (byte !== quote && byte !== lineEnd) {
          at += byte === backslash ? 2 : 1;
          if (at >= limit) break;
          byte = bytes[at] ?? 0;
        }
        if (at >= limit) break;
        at += 1;
        isInString = false;
        if (byte === lineEnd) stop = "line-end";
        else if (depth === 0) stop = "closed";
        else if (depth > 1 || !this.#isAlone) continue;
        else this.#isContainerKey = this.#isKeyOfRecords(bytes, at);
        if (stop === "starved") continue;
        break;
      }
      const byte = bytes[at] ?? 0;
      const kind = structure[byte];
      at += 1;
      if (kind === 0) continue;
      if (kind === opensString) {
        isInString = true;
        this.#stringStart = at - 1;
      } else if (kind === closes) {
        depth -= 1;
        if (depth > 0) continue;
        stop = "closed";
        break;
      } else {
        if (depth === 1 && this.#isContainerKey && byte === openBracket) {
          stop = "container";
          break;
        }
        depth += 1;
        if (depth > this.#depthMax) this.isTooDeep = true;
      }
    }
    this.at = at;
    this.#depth = depth;
    this.#isInString = isInString;
    return stop;
  }

  #isKeyOfRecords(bytes: Buffer, end: number): boolean {
    const length = end - this.#stringStart;
    return containerKeys.some(
      (key) => key.length === length && bytes.toString("latin1", this.#stringStart, end) === key,
    );
  }
}
