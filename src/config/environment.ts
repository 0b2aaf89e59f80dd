import { readFileSync } from "node:fs";

/** The process's environment, or one for a test. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that replace one setting each, wherever the config came from. */
export const overrideVariables = [
  "TRAILWARDEN_HTTP_HOST",
  "TRAILWARDEN_HTTP_PORT",
  "TRAILWARDEN_TOKENS",
  "TRAILWARDEN_LOG_LEVEL",
] as const;
export type OverrideVariable = (typeof overrideVariables)[number];

/** One that is set. */
export interface Override {
  readonly variable: OverrideVariable;
  readonly text: string;
  readonly path: readonly [string, string];
  readonly value: unknown;
}

/** What deployments set from outside; a variable that is empty is not set. */
export function overridesIn(environment: Environment): readonly Override[] {
  return overrideVariables.flatMap((variable) => {
    const text = environment[variable] ?? "";
    return text === "" ? [] : [{ variable, text, ...overrideOf(variable, text) }];
  });
}

/** What is not of the right form is left for the schema to say so. */
function overrideOf(variable: OverrideVariable, text: string): Pick<Override, "path" | "value"> {
  switch (variable) {
    case "TRAILWARDEN_HTTP_HOST":
      return { path: ["http", "host"], value: text };
    case "TRAILWARDEN_HTTP_PORT":
      return { path: ["http", "port"], value: /^\d+$/.test(text) ? Number(text) : text };
    case "TRAILWARDEN_TOKENS":
      return { path: ["http", "tokens"], value: tokensOf(text) };
    case "TRAILWARDEN_LOG_LEVEL":
      return { path: ["service", "logLevel"], value: text };
  }
}

/** `name:role:sha256`, separated by commas. */
function tokensOf(text: string): unknown {
  return text.split(",").map((entry) => {
    const [name, role, sha256, ...rest] = entry.trim().split(":");
    return rest.length > 0 ? null : { name, role, sha256 };
  });
}

/** The document with these overrides in it. Where it is of the wrong shape, it is left as it is. */
export function overridden(document: unknown, set: readonly Override[]): unknown {
  return set.reduce((whole, { path: [section, key], value }) => {
    const before = isObject(whole) ? (whole[section] ?? {}) : null;
    if (!isObject(whole) || !isObject(before)) return whole;
    return { ...whole, [section]: { ...before, [key]: value } };
  }, document);
}

export interface Filled {
  readonly value: unknown;
  /** Of variables that are not set, and files that cannot be read: which, and where asked for. */
  readonly missing: readonly Missing[];
  /** Texts that something went into, and what stands in the file instead. */
  readonly texts: ReadonlyMap<string, string>;
}

export interface Missing {
  readonly path: readonly PropertyKey[];
  readonly kind: "env" | "file";
  readonly name: string;
}

const reference = /\$\{(env|file):([^}]*)\}/g;

/**
 * Puts variables in for `${env:NAME}`, and what a file holds, without its last line break, for
 * `${file:/run/secrets/name}`; in texts at any depth. What is empty is not set.
 */
export function filled(document: unknown, environment: Environment): Filled {
  const missing: Missing[] = [];
  const texts = new Map<string, string>();
  const fill = (value: unknown, path: readonly PropertyKey[]): unknown => {
    if (Array.isArray(value)) return value.map((element, i) => fill(element, [...path, i]));
    if (isObject(value)) {
      const entries = Object.entries(value);
      return Object.fromEntries(entries.map(([key, each]) => [key, fill(each, [...path, key])]));
    }
    if (typeof value !== "string" || value.search(reference) < 0) return value;
    const text = value.replace(reference, (asked, kind: "env" | "file", name: string) => {
      const found = kind === "env" ? (environment[name] ?? "") : textOf(name);
      if (found === "") missing.push({ path, kind, name });
      return found === "" ? asked : found;
    });
    texts.set(text, value);
    return text;
  };
  return { value: fill(document, []), missing, texts };
}

/** Empty for what cannot be read. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8").replace(/\r?\n$/, "");
  } catch (error) {
    if (error instanceof Error && "code" in error) return "";
    throw error;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
