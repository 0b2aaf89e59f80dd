import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "./usage-error.ts";
import { readConfig } from "./config/load.ts";
import { emptyConfig, type Config } from "./config/schema.ts";
import type { RuleProblem } from "./detections/detection.ts";
import { loadAccessLevels } from "./events/access-levels.ts";
import { createNormaliser, type Normalise } from "./events/normalise.ts";
import { ruleBook, type RuleBook } from "./findings/rule-book.ts";
import { readTexts } from "./sources/files.ts";
import { openSqliteStore } from "./storage/sqlite.ts";
import type { Store } from "./storage/store.ts";

/** Everything a verb works with, put together once. */
export interface App {
  readonly store: Store;
  readonly config: Config;
  readonly rules: RuleBook;
  readonly normalise: Normalise;
  readonly close: () => Promise<void>;
}

export interface AppOptions {
  /** A file, `:memory:`, or undefined for a temporary file that goes with the program. */
  readonly store?: string | undefined;
  readonly config?: string | undefined;
  /** Folders or files of further Sigma rules. */
  readonly rules?: readonly string[];
  /** Only these rules, without ours. */
  readonly onlyRules?: string | undefined;
}

/** The rules that come with the program; the folder lies beside both `src` and `dist`. */
export const ownRulesFolder = fileURLToPath(new URL("../rules/detections/", import.meta.url));

export async function openApp(options: AppOptions): Promise<App> {
  const config = await configAt(options.config);
  const rules = await rulesAt(options);
  const errors = rules.problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) {
    throw new UsageError(`${errors.map(problemText).join("\n")}\nNo rule was applied. Mend the rules, then try again.`);
  }
  const normalise = createNormaliser(await loadAccessLevels());
  const { store, forget } = await storeAt(options.store);
  const close = async () => {
    await store.close();
    await forget();
  };
  return { store, config, rules, normalise, close };
}

export async function rulesAt({ rules = [], onlyRules }: Pick<AppOptions, "rules" | "onlyRules">): Promise<RuleBook> {
  const folders = onlyRules === undefined ? [ownRulesFolder, ...rules] : [onlyRules, ...rules];
  const files = await Promise.all(folders.map((folder) => readTexts(folder, [".yml", ".yaml"])));
  return ruleBook(files.flat());
}

/** `file:line:column: message`, as compilers write it, so that editors can follow. */
export function problemText({ severity, file, line, column, message }: RuleProblem): string {
  const place = [file, line, column].filter((part) => part !== null).join(":");
  return `${place}: ${severity}: ${message}`;
}

/** The config named, or `trailwarden.yaml` here where there is one, or none. */
export async function configAt(path: string | undefined): Promise<Config> {
  const file = path ?? process.env["TRAILWARDEN_CONFIG"] ?? (existsSync("trailwarden.yaml") ? "trailwarden.yaml" : undefined);
  if (file === undefined) return emptyConfig;
  const { config, problems } = readConfig(file, await configText(file));
  if (config !== null) return config;
  throw new UsageError(problems.map(({ line, column, message, key }) =>
    `${file}:${line}:${column}: ${key === "" ? "" : `${key}: `}${message}`).join("\n"));
}

/** The text of a config file; a UsageError when it cannot be read. */
export async function configText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new UsageError(`Cannot read the config ${file}: ${cause instanceof Error ? cause.message : String(cause)}.`);
  }
}

async function storeAt(path: string | undefined): Promise<{ store: Store; forget: () => Promise<void> }> {
  if (path !== undefined) return { store: await openSqliteStore({ path }), forget: () => Promise.resolve() };
  const folder = await mkdtemp(join(tmpdir(), "trailwarden-"));
  const store = await openSqliteStore({ path: join(folder, "scan.db") });
  return { store, forget: () => rm(folder, { recursive: true, force: true }) };
}
