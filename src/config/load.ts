import { isAlias, LineCounter, parseDocument, type Document } from "yaml";
import type { core } from "zod";
import { crossChecks, type Misfit, type Path } from "./cross-checks.ts";
import { filled, overridden, overridesIn } from "./environment.ts";
import type { Environment, Filled, Override } from "./environment.ts";
import { expectation, explainIssue } from "./explain-issue.ts";
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
 * Reads a config from YAML text, with what the environment puts in. Never throws: what is wrong
 * comes back as problems, all of them at once. Nothing of the environment shows in them.
 */
export function readConfig(
  file: string,
  text: string,
  environment: Environment = {},
): ConfigResult {
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
  const result = parsed(document.toJS({ maxAliasCount: 100 }) ?? {}, environment);
  if ("config" in result) return { config: result.config, problems: [] };
  const problems = result.misfits.map(({ path, message }) => {
    return { file, ...at(offsetOf(document, path)), key: keyText(path), message };
  });
  return { config: null, problems };
}

/** A document as YAML gives it, made a config. */
function parsed(
  written: unknown,
  environment: Environment,
): { readonly config: Config } | { readonly misfits: readonly Misfit[] } {
  const { value, missing, texts } = filled(written, environment);
  const set = overridesIn(environment);
  const { data, error } = Config.safeParse(overridden(value, set), { error: expectation });
  const misfits =
    data === undefined
      ? error.issues.flatMap((issue) => explained(issue, { set, written }))
      : crossChecks(data).map((misfit) => withoutValues(misfit, texts, set));
  if (data !== undefined && missing.length + misfits.length === 0) return { config: data };
  // What a missing variable leaves behind is wrong in other ways too, which helps nobody.
  const unset = new Set(missing.map(({ path }) => keyText(path)));
  return {
    misfits: [
      ...missing.map(notSet),
      ...misfits.filter(({ path }) => !unset.has(keyText(path))),
    ],
  };
}

function notSet({ path, kind, name }: Filled["missing"][number]): Misfit {
  const what = kind === "env"
    ? `The environment variable ${name} is not set`
    : `The file ${name} cannot be read, or is empty`;
  return { path, message: `${what}, and is needed here.` };
}

function explained(
  issue: core.$ZodIssue,
  { set, written }: { readonly set: readonly Override[]; readonly written: unknown },
): readonly Misfit[] {
  const override = set.find(({ path }) => path.every((key, i) => issue.path[i] === key));
  if (override === undefined) return explainIssue(issue, written);
  const form =
    override.variable === "TRAILWARDEN_TOKENS"
      ? " It is a list of name:role:sha256, with commas between."
      : "";
  const message = `${override.variable} has to hold ${issue.message}.${form}`;
  return [{ path: issue.path, message }];
}

/** Values stand in quotes; what came from the environment is told by its name instead. */
function withoutValues(
  { path, message }: Misfit,
  texts: Filled["texts"],
  set: readonly Override[],
): Misfit {
  const named = [...texts, ...set.map(({ text, variable }) => [text, variable] as const)];
  const told = named.reduce(
    (sentence, [text, name]) => sentence.replaceAll(`"${text}"`, () => `"${name}"`),
    message,
  );
  return { path, message: told };
}

function keyText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
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
