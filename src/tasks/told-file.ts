import { createReadStream } from "node:fs";
import { SourceFault } from "../sources/fault.ts";
import { toldIn, type Told, type Untold } from "./told-line.ts";

/** A line of a file, counted from 1. */
export interface ToldLine {
  readonly line: number;
  readonly told: Told | Untold;
}

/** The longest call has some 10 kB; what has no line breaks is not for us. */
const lineCharsMax = 64 * 1024;

/** What a file of calls tells, line by line; empty lines are none. Throws a SourceFault. */
export async function* toldInFile(path: string): AsyncGenerator<ToldLine> {
  let line = 0;
  for await (const text of linesIn(path)) {
    line += 1;
    if (text.trim() === "") continue;
    yield { line, told: text.length > lineCharsMax ? tooLong : toldIn(text) };
  }
}

const tooLong: Untold = {
  kind: "untold", problems: [`The line is too long: expected at most ${lineCharsMax} characters.`],
};

/** Of a line that is too long, so much that it shows. */
async function* linesIn(path: string): AsyncGenerator<string> {
  let rest = "";
  try {
    for await (const chunk of createReadStream(path, "utf8") as AsyncIterable<string>) {
      const [first = "", ...lines] = chunk.split("\n");
      rest = `${rest}${first}`.slice(0, lineCharsMax + 1);
      for (const next of lines) {
        yield rest;
        rest = next;
      }
    }
  } catch (cause) {
    throw new SourceFault("path-unreadable", path, cause);
  }
  yield rest;
}
