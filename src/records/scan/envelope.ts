import type { Buffer } from "node:buffer";

const key = '"Records"';
const brace = 0x7b;
const bracket = 0x5b;
const colon = 0x3a;
const closingBrace = 0x7d;

/** Where the list of records begins, behind its `[`; null unless the text starts `{"Records":[`. */
export function openingOf(document: Buffer): number | null {
  let at = pastBlanks(document, 0);
  if (document[at] !== brace) return null;
  at = pastBlanks(document, at + 1);
  if (document.toString("latin1", at, at + key.length) !== key) return null;
  at = pastBlanks(document, at + key.length);
  if (document[at] !== colon) return null;
  at = pastBlanks(document, at + 1);
  return document[at] === bracket ? at + 1 : null;
}

/** Whether from `offset` on there is nothing but the closing brace of the document. */
export function closesAfter(document: Buffer, offset: number): boolean {
  const at = pastBlanks(document, offset);
  return document[at] === closingBrace && pastBlanks(document, at + 1) === document.length;
}

/** White space as JSON has it (RFC 8259, section 2). */
function pastBlanks(document: Buffer, offset: number): number {
  let at = offset;
  while (isBlank(document[at])) at++;
  return at;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
