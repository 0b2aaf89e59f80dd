import * as json from "./json-bytes.ts";

/**
 * Each new start after damage reads bytes again, up to a record's: this bounds what that costs, to
 * about a second. Lines of plain text cost next to nothing, so that any number of them may stand
 * between records.
 */
export const rereadBytesMax = 512 * 1024 * 1024;

/**
 * How far before a chunk's end a record's beginning is still looked for when the next chunk comes.
 */
export const seekTailBytes = 512;

/**
 * What every record of CloudTrail's begins with. Inside a JSON string the quotes would be escaped.
 */
const firstKey = '"eventVersion"';

/**
 * The first place from `from` on where a record visibly begins; -1 when there is none.
 *
 * In an array that is an object behind a comma whose first key is `eventVersion`, as AWS writes
 * them. Elsewhere it is a line that begins with an object, or with a string holding one.
 */
export function findRecordStart(bytes: Buffer, from: number, isInArray: boolean): number {
  return isInArray ? findElement(bytes, from) : findLine(bytes, from);
}

function findLine(bytes: Buffer, from: number): number {
  const find = (start: number): number => bytes.indexOf(json.newline, start);
  for (let at = find(from); at !== -1; at = find(at + 1)) {
    const first = bytes[at + 1];
    if (first === json.openBrace) return at + 1;
    if (first === json.quote && bytes[at + 2] === json.openBrace) return at + 1;
  }
  return -1;
}

function findElement(bytes: Buffer, from: number): number {
  const find = (start: number): number => bytes.indexOf(firstKey, start);
  for (let at = find(from); at !== -1; at = find(at + 1)) {
    const brace = indexBeforeSpace(bytes, at - 1);
    const comma = indexBeforeSpace(bytes, brace - 1);
    if (comma < from) continue;
    if (bytes[brace] === json.openBrace && bytes[comma] === json.comma) return brace;
  }
  return -1;
}

function indexBeforeSpace(bytes: Buffer, last: number): number {
  let at = last;
  while (at >= 0 && json.space[bytes[at] ?? 0] === 1) at -= 1;
  return at;
}
