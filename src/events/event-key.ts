import { hash } from "node:crypto";
import { isFields, type Fields } from "./field.ts";

/** What tells one call from another, beside its id. */
export interface KeyParts {
  readonly account: string | null;
  readonly source: string;
  readonly name: string;
  readonly requestId: string | null;
  readonly eventTime: string;
  /** The principal id, else its ARN. */
  readonly principal: string | null;
}

/**
 * The key an event is deduplicated on: `<id>/<account>/<digest>`. AWS says that duplicates share
 * the event id "in most cases", and an id proves nothing in a file that someone forged; the digest
 * keeps two calls apart that share one.
 */
export function eventKey(id: string, parts: KeyParts): string {
  const { account, source, name, requestId, eventTime, principal } = parts;
  const call = `${sized(id)}${sized(account)}${sized(source)}${sized(name)}`;
  const content = `${call}${sized(requestId)}${sized(eventTime)}${sized(principal)}`;
  return `${id}/${account ?? ""}/${digest(content, 16)}`;
}

/**
 * The id of a record that has none (eventVersion 1.0): the same for the same content, whatever the
 * order of its fields.
 */
export function derivedId(record: Fields): string {
  return `derived:${digest(canonical(record, 0), 24)}`;
}

/** With its length before it, no part can borrow from the next. */
function sized(part: string | null): string {
  return part === null ? "-" : `${part.length}:${part}`;
}

/**
 * Hexadecimal: 16 digits are 64 bits, 24 are 96. SHA-1 is the fastest at hand; nobody gains by a
 * collision among records that AWS itself wrote, and one who forges whole files needs none.
 */
function digest(text: string, digits: number): string {
  return hash("sha1", text, "hex").slice(0, digits);
}

/**
 * Deeper than the reader lets through (at most 512): what lies below does not tell records apart.
 */
const depthMax = 600;

function canonical(value: unknown, depth: number): string {
  if (depth > depthMax) return "…";
  if (Array.isArray(value)) {
    return `[${value.map((inner: unknown) => canonical(inner, depth + 1)).join(",")}]`;
  }
  if (!isFields(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  const pairs = keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key], depth + 1)}`);
  return `{${pairs.join(",")}}`;
}
