import type { core } from "zod";
import { nearest } from "../text/nearest.ts";
import type { Misfit, Path } from "./cross-checks.ts";
import { Config } from "./schema.ts";

/**
 * A zod issue in words, one per unknown key, with the value that was found.
 *
 * @param root the document as written, where variables are still names
 */
export function explainIssue(issue: core.$ZodIssue, root: unknown): readonly Misfit[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const known = knownKeys(issue.path, root);
      const guess = nearest(key, known);
      const hint = guess === null ? `Known keys: ${known.join(", ")}.` : `Did you mean ${guess}?`;
      return { path: [...issue.path, key], message: `There is no key "${key}" here. ${hint}` };
    });
  }
  const found = foundText(root, issue.path);
  return [{ path: issue.path, message: `This has to be ${issue.message}. Found: ${found}.` }];
}

/** What stands at a path, cut where it is long. */
export function foundText(root: unknown, path: Path): string {
  return shown(path.reduce(inside, root));
}

/**
 * What would have done, after "This has to be": an error map for `safeParse`. The schema's own
 * messages go before it, and are of the same form.
 */
export function expectation(issue: core.$ZodRawIssue): string | undefined {
  const { code } = issue;
  if (code === "invalid_type") return kinds.get(issue.expected) ?? issue.expected;
  if (code === "invalid_value") return `one of: ${issue.values.map(String).join(", ")}`;
  if (code === "invalid_union" && Array.isArray(issue["options"])) {
    return `one of: ${issue["options"].map(String).join(", ")}`;
  }
  if (code === "too_small") {
    const { origin, minimum, inclusive } = issue;
    if (minimum === 1 && origin === "string") return "a text that is not empty";
    if (origin === "string") return `${minimum} characters or more`;
    return `${inclusive === false ? "more than" : "at least"} ${minimum}`;
  }
  if (code !== "too_big") return undefined;
  return `at most ${issue.maximum}${issue.origin === "string" ? " characters" : ""}`;
}

const kinds: ReadonlyMap<string, string> = new Map([
  ["array", "a list"],
  ["object", "a block of keys"],
  ["record", "a block of names"],
  ["string", "a text"],
  ["number", "a number"],
  ["int", "a whole number"],
  ["boolean", "true or false"],
]);

function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function inside(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return (value as Readonly<Record<PropertyKey, unknown>>)[key];
}

/** The keys the schema takes at a path: what an unknown one is compared with. */
function knownKeys(path: Path, root: unknown): readonly string[] {
  let schema = chosen(Config, root);
  let value = root;
  for (const key of path) {
    value = inside(value, key);
    const next = typeof key === "number"
      ? schema.def?.element
      : (schema.def?.shape?.[String(key)] ?? schema.def?.valueType);
    schema = chosen(next, value);
  }
  const names = chosen(schema.def?.keyType, null).def?.entries;
  return Object.keys(schema.def?.shape ?? names ?? {});
}

interface Described {
  readonly def?: {
    readonly innerType?: unknown;
    readonly element?: unknown;
    /** Of a record; `entries` of an enum, as its names may be. */
    readonly valueType?: unknown;
    readonly keyType?: unknown;
    readonly entries?: Readonly<Record<string, unknown>>;
    readonly shape?: Readonly<Record<string, unknown>>;
    readonly options?: readonly unknown[];
    readonly values?: readonly unknown[];
  };
}

/** What lies within defaults and the like; of several kinds, the one that the value says it is. */
function chosen(schema: unknown, value: unknown): Described {
  let inner = (schema ?? {}) as Described;
  while (inner.def?.innerType !== undefined) inner = inner.def.innerType as Described;
  const options = (inner.def?.options ?? []) as readonly Described[];
  const kind = inside(value, "kind");
  const isIt = ({ def }: Described) =>
    (def?.shape?.["kind"] as Described | undefined)?.def?.values?.includes(kind) === true;
  return options.find(isIt) ?? inner;
}
