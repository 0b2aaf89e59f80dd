import type { Rejection } from "../../records/record.ts";
import { printable } from "../../text/printable.ts";

/** Enough to see what a file is; one of garbage has a hundred thousand. */
const toldPerFileMax = 50;

/** Tells on standard error what cannot be read, as it is met. */
export class RejectionTelling {
  readonly #counts = new Map<string, number>();

  tell(rejection: Rejection): void {
    this.say(rejection.file, lineOf(rejection));
  }

  /** @param text on one line, the file named in it */
  say(file: string, text: string): void {
    const count = (this.#counts.get(file) ?? 0) + 1;
    this.#counts.set(file, count);
    if (count <= toldPerFileMax) process.stderr.write(`${printable(text)}\n`);
  }

  /** Says how many more there were. */
  finish(): void {
    for (const [file, count] of this.#counts) {
      const rest = count - toldPerFileMax;
      if (rest > 0) process.stderr.write(`${printable(file)}: and ${rest} more.\n`);
    }
    this.#counts.clear();
  }
}

/** `trail.json.gz (record 183, byte 200586): truncated: …`; records count from 0. */
function lineOf({ file, reason, offset, index, detail }: Rejection): string {
  const places = [
    ...(index === null ? [] : [`record ${index}`]),
    ...(offset === null ? [] : [`byte ${offset}`]),
  ];
  const place = places.length === 0 ? "" : ` (${places.join(", ")})`;
  return `${file}${place}: ${reason}: ${detail}`;
}
