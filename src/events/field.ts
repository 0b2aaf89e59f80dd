/** A JSON object from outside: every field may be missing or of any type. */
export type Fields = Readonly<Record<string, unknown>>;

const noFields: Fields = Object.freeze({});

/**
 * ARNs, the longest texts we keep, are at most 2,048 characters; anything longer is hostile and is
 * cut.
 */
const textLengthMax = 2048;

/** The object's fields; none for anything that is no object. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : noFields;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text; null for what is missing, empty (`accessKeyId: ""`) or no string. */
export function textOf(value: unknown): string | null {
  if (typeof value !== "string" || value === "") return null;
  return value.length > textLengthMax ? value.slice(0, textLengthMax) : value;
}

/**
 * CloudTrail writes truths as booleans and as text (`mfaAuthenticated: "false"`), LookupEvents
 * always as text.
 */
export function truthOf(value: unknown): boolean | null {
  if (value === true || value === "true" || value === "True") return true;
  if (value === false || value === "false" || value === "False") return false;
  return null;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
