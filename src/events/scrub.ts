import type { RawRecord } from "../records/record.ts";
import { memoise } from "./memo.ts";

/**
 * The record without session tokens, passwords and other secrets, at any depth, also inside JSON
 * held as text. The same object when there was nothing to remove, so that the usual record is not
 * copied; nothing outside sees the original.
 *
 * CloudTrail logs the session token of every credential it sees issued
 * (`responseElements.credentials.sessionToken`), and hides most other secrets itself; a service
 * that forgets to is caught by the same list.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
 */
export function scrub(record: RawRecord): RawRecord {
  return scrubObject(record, 0);
}

export const scrubbed = "[scrubbed]";

/** Secret by name, whatever the letter case and with or without `-` and `_`. */
const secretNames: ReadonlySet<string> = new Set([
  ...["sessiontoken", "secretaccesskey", "securitytoken", "xamzsecuritytoken", "xamzsignature"],
  ...["accesstoken", "refreshtoken", "idtoken", "bearertoken", "authtoken", "authorizationtoken"],
  ...["authorization", "webidentitytoken", "samlassertion", "assertion", "tradeintoken"],
  ...["tokenvalue"],
  ...["clientsecret", "codeverifier", "devicecode", "secretstring", "secretbinary", "secretkey"],
  ...["password", "masteruserpassword", "newpassword", "oldpassword", "temporarypassword"],
  ...["userpassword", "dbpassword", "servicepassword", "serviceapikeyvalue", "passworddata"],
  ...["servicecredentialsecret", "apikeyvalue", "privatekey", "keymaterial", "plaintext"],
  ...["presignedurl", "signintoken"],
]);

/**
 * What AWS puts where it removed a secret itself: worth keeping, as evidence that there was one.
 */
const hiddenByAws: ReadonlySet<string> = new Set([
  "HIDDEN_DUE_TO_SECURITY_REASONS",
  "<sensitiveDataRemoved>",
  "***",
  scrubbed,
]);

/**
 * Deeper than the reader lets through (`depthMax`, at most 512); what lies below is not worth a
 * stack overflow.
 */
const depthMax = 600;

/** Field names repeat; all the names AWS uses are some ten thousand. */
const isSecretName = memoise(16_384, (name) => {
  return name.length < 64 && secretNames.has(name.replace(/[-_]/g, "").toLowerCase());
});

function scrubObject(value: RawRecord, depth: number): RawRecord {
  let copy: Record<string, unknown> | null = null;
  for (const key in value) {
    const inner = value[key];
    const kept = typeof inner === "string" ? scrubText(key, inner) : scrubField(key, inner, depth);
    if (kept === inner) continue;
    copy ??= copyOf(value);
    define(copy, key, kept);
  }
  return copy ?? value;
}

function scrubField(key: string, value: unknown, depth: number): unknown {
  if (value === null || value === undefined || typeof value === "boolean") return value;
  if (isSecretName(key)) return scrubbed;
  return typeof value === "object" ? scrubInner(value, depth + 1) : value;
}

function scrubInner(value: object, depth: number): unknown {
  if (depth > depthMax) return scrubbed;
  return Array.isArray(value)
    ? scrubList(value as readonly unknown[], depth)
    : scrubObject(value as RawRecord, depth);
}

function scrubList(list: readonly unknown[], depth: number): readonly unknown[] {
  let copy: unknown[] | null = null;
  for (let index = 0; index < list.length; index++) {
    const value = list[index];
    const kept = typeof value === "string" ? scrubText("", value) : scrubField("", value, depth);
    if (kept === value) continue;
    copy ??= [...list];
    copy[index] = kept;
  }
  return copy ?? list;
}

function scrubText(key: string, text: string): string {
  if (text === "") return text;
  if (isSecretName(key)) return hiddenByAws.has(text) ? text : scrubbed;
  const first = text.charCodeAt(0);
  if (first === leftBrace || first === leftBracket) return scrubJsonText(text);
  return first === letterE && jsonWebToken.test(text) ? scrubbed : text;
}

const [leftBrace, leftBracket, letterE] = [0x7b, 0x5b, 0x65];

/** A signed token is a secret under any name: `{"` in base64url begins every header. */
const jsonWebToken = /^eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+$/;

const mayHoldSecret =
  /token|secret|password|assertion|privatekey|material|plaintext|signature|author|eyJ/i;

/**
 * JSON held as text (`requestParameters.policy`, state machine input); text that looks like it and
 * is cut off goes whole.
 */
function scrubJsonText(text: string): string {
  if (!mayHoldSecret.test(text)) return text;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return secretInBrokenJson.test(text) ? scrubbed : text;
  }
  const kept = typeof parsed === "object" && parsed !== null ? scrubInner(parsed, 0) : parsed;
  return kept === parsed ? text : JSON.stringify(kept);
}

const secretInBrokenJson =
  /"(?:session_?token|secret_?access_?key|(?:access|refresh|id|bearer)_?token|password)\\?"/i;

function copyOf(value: RawRecord): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const key in value) define(copy, key, value[key]);
  return copy;
}

const ownField = { enumerable: true, writable: true, configurable: true };

/** `copy["__proto__"] = …` would set the prototype; a record may hold such a key. */
function define(copy: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") copy[key] = value;
  else Object.defineProperty(copy, key, { ...ownField, value });
}
