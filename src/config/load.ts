import { isAlias, LineCounter, parseDocument, type Document } from "yaml";
import type { core } from "zod";
import { nearest } from "../text/nearest.ts";
import { Config } from "./schema.ts";

/** One thing wrong in a config file: where, what was found, what would do. */
export interface ConfigProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** `agents[0].roles`, or "" for the document itself. */
  readonly key: string;
  readonly message: string;
}

export type ConfigResult =
  | { readonly config: Config; readonly problems: readonly [] }
  | { readonly config: null; readonly problems: readonly ConfigProblem[] };

/**
 * Reads a config from YAML text. Never throws: what is wrong comes back as problems, all of them at
 * once.
 */
export function readConfig(file: string, text: string): ConfigResult {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      file,
      ...at(error.pos[0]),
      key: "",
      message: `This is not valid YAML: ${error.message}`,
    }));
    return { config: null, problems };
  }
  const value: unknown = document.toJS({ maxAliasCount: 100 }) ?? {};
  const parsed = Config.safeParse(value);
  if (parsed.success) {
    const problems = crossChecks(parsed.data).map(({ path, message }) =>
      problem(file, message, { path, ...at(offsetOf(document, path)) }),
    );
    return problems.length === 0
      ? { config: parsed.data, problems: [] }
      : { config: null, problems };
  }
  const problems = parsed.error.issues.flatMap((issue) =>
    explained(issue, value).map(({ path, message }) =>
      problem(file, message, { path, ...at(offsetOf(document, path)) }),
    ),
  );
  return { config: null, problems };
}

type Path = readonly PropertyKey[];
type Located = { path: Path; line: number; column: number };

function problem(file: string, message: string, { path, line, column }: Located): ConfigProblem {
  return { file, line, column, key: keyText(path), message };
}

/** A zod issue in words, one per unknown key, with the value that was found. */
function explained(issue: core.$ZodIssue, root: unknown): { path: Path; message: string }[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const guess = nearest(key, knownKeys(issue.path));
      const hint =
        guess === null
          ? `Known keys: ${knownKeys(issue.path).join(", ")}.`
          : `Did you mean ${guess}?`;
      return { path: [...issue.path, key], message: `There is no key "${key}" here. ${hint}` };
    });
  }
  return [
    { path: issue.path, message: `${issue.message}. Found: ${shown(valueAt(root, issue.path))}.` },
  ];
}

function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** The keys the schema takes at a path: what an unknown one is compared with. */
function knownKeys(path: Path): readonly string[] {
  let schema: unknown = Config;
  for (const key of path)
    schema = typeof key === "number" ? elementOf(schema) : shapeOf(schema)[String(key)];
  return Object.keys(shapeOf(schema));
}

type Wrapped = {
  def?: { innerType?: unknown; element?: unknown; shape?: Record<string, unknown> };
};

function unwrapped(schema: unknown): Wrapped {
  let inner = schema as Wrapped;
  while (inner.def?.innerType !== undefined) inner = inner.def.innerType as Wrapped;
  return inner;
}

function shapeOf(schema: unknown): Record<string, unknown> {
  return unwrapped(schema).def?.shape ?? {};
}

function elementOf(schema: unknown): unknown {
  return unwrapped(schema).def?.element ?? {};
}

function keyText(path: Path): string {
  return path.reduce<string>(
    (text, key) =>
      typeof key === "number"
        ? `${text}[${key}]`
        : text === ""
          ? String(key)
          : `${text}.${String(key)}`,
    "",
  );
}

/** Where a path's value stands in the text; its nearest ancestor when it is not there. */
function offsetOf(document: Document.Parsed, path: Path): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isAlias(node)) continue;
    const range = (node as { range?: [number, number, number] } | null | undefined)?.range;
    if (range !== undefined) return range[0];
  }
  return 0;
}

/**
 * What the schema alone cannot see: names that point nowhere, names given twice, agents nothing can
 * match.
 */
function crossChecks(config: Config): { path: Path; message: string }[] {
  const zones = config.zones.map(({ name }) => name);
  const groups = config.networks.map(({ name }) => name);
  return [
    ...twice(config.agents, "agents"),
    ...twice(config.zones, "zones"),
    ...twice(config.networks, "networks"),
    ...config.agents.flatMap((agent, i) => [
      ...unknownNames(agent.forbiddenZones, zones, ["agents", i, "forbiddenZones"]),
      ...unknownNames(
        agent.networks.filter((name) => !name.includes("/") && !name.startsWith("vpce-")),
        groups,
        ["agents", i, "networks"],
      ),
      ...(hasMatcher(agent)
        ? []
        : [
            {
              path: ["agents", i],
              message:
                `Agent "${agent.name}" has nothing to be recognised by. ` +
                "Give it roles, sessionNames, sourceIdentities, sessionTags or userAgents.",
            },
          ]),
    ]),
  ];
}

function hasMatcher(agent: Config["agents"][number]): boolean {
  const lists = [agent.roles, agent.sessionNames, agent.sourceIdentities, agent.userAgents];
  return lists.some((list) => list.length > 0) || Object.keys(agent.sessionTags).length > 0;
}

function twice(named: readonly { name: string }[], key: string): { path: Path; message: string }[] {
  return named.flatMap(({ name }, i) =>
    named.findIndex((other) => other.name === name) < i
      ? [
          {
            path: [key, i, "name"],
            message: `"${name}" is declared twice in ${key}. Give each its own name.`,
          },
        ]
      : [],
  );
}

function unknownNames(
  names: readonly string[],
  known: readonly string[],
  path: Path,
): { path: Path; message: string }[] {
  return names
    .filter((name) => !known.includes(name))
    .map((name) => {
      const guess = nearest(name, known);
      const hint = guess === null ? "Declare it first." : `Did you mean "${guess}"?`;
      return {
        path,
        message: `Nothing is declared under the name "${name}". ${hint}`,
      };
    });
}
