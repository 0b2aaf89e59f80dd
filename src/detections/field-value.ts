/** One value of a field that a test looks at: never null, never an array. */
export type Leaf = string | number | boolean | object;

export type LeafTest = (leaf: Leaf) => boolean;

/**
 * Arrays directly within arrays are followed this far: beyond any record that was let in
 * (`read.depthMax` is at most 512), so that a hostile one cannot exhaust the stack.
 */
export const nestedArraysMax = 512;

/**
 * Whether a value, or for an array any element of it, passes. Null is no value, and passes nothing.
 */
export function someLeaf(value: unknown, test: LeafTest, depth = 0): boolean {
  if (value === null || value === undefined) return false;
  if (!Array.isArray(value)) return test(value);
  if (depth === nestedArraysMax) return false;
  for (const element of value) if (someLeaf(element, test, depth + 1)) return true;
  return false;
}

/**
 * A value as the text string tests see: numbers and booleans as JSON writes them, an object as its
 * JSON text, so that `requestParameters|contains: '"Effect":"Allow"'` means what public rules mean
 * by it.
 */
export function textOf(leaf: Leaf): string {
  if (typeof leaf === "string") return leaf;
  return typeof leaf === "object" ? jsonOf(leaf) : String(leaf);
}

function jsonOf(value: object): string {
  try {
    const json = JSON.stringify(value);
    return json.includes(escapedQuote) ? `${json}\n${json.replaceAll(escapedQuote, '"')}` : json;
  } catch (cause) {
    // Nested beyond the stack: no record that was let in is, and such a one has no text to match.
    if (cause instanceof RangeError) return "";
    throw cause;
  }
}

/**
 * IAM's records carry policies as JSON in a string. Rules write what such a policy says, not how it
 * is escaped: an object that holds one is followed by itself with these unescaped.
 */
const escapedQuote = String.raw`\"`;

/**
 * A number, or a text that is one: CloudTrail writes many numbers as text. Null for anything else.
 */
export function numberOf(leaf: Leaf): number | null {
  if (typeof leaf === "number") return leaf;
  if (typeof leaf !== "string" || leaf === "") return null;
  const first = leaf.charCodeAt(0);
  // A digit, `-` or `.`: what a decimal number begins with. Spares `Number` its work on every other
  // text.
  if (!(first >= 48 && first <= 57) && first !== 45 && first !== 46) return null;
  const found = decimal.test(leaf) ? Number(leaf) : Number.NaN;
  return Number.isFinite(found) ? found : null;
}

const decimal = /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;

/**
 * Every string, number and boolean in a record, at any depth: what keywords are looked for in. Keys
 * are left out.
 */
export function someText(record: unknown, test: LeafTest): boolean {
  const open: unknown[] = [record];
  while (open.length > 0) {
    const value = open.pop();
    if (value === null || value === undefined) continue;
    if (Array.isArray(value)) for (const element of value) open.push(element);
    else if (typeof value === "object") for (const inner of Object.values(value)) open.push(inner);
    else if (test(value)) return true;
  }
  return false;
}
