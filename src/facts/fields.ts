import { memoise } from "../events/memo.ts";

/** Rules and facts ask for a few hundred paths, again and again. */
const keysOf = memoise(2048, (path) => path.split("."));

/** A value inside untrusted JSON by dotted path, or undefined; only own properties are followed. */
export function valueAt(root: unknown, path: string): unknown {
  let value: unknown = root;
  for (const key of keysOf(path)) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** The text at a path, or null when it is absent, empty or no text. */
export function textAt(root: unknown, path: string): string | null {
  const value = valueAt(root, path);
  return typeof value === "string" && value !== "" ? value : null;
}

/** A list inside untrusted JSON; AWS wraps lists as `{items:[…]}` in EC2's records. */
export function listAt(root: unknown, path: string): readonly unknown[] {
  const value = valueAt(root, path);
  if (Array.isArray(value)) return value;
  const items = valueAt(value, "items");
  return Array.isArray(items) ? items : [];
}
