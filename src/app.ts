import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "./usage-error.ts";
import { configAt } from "./config-file.ts";
import { emptyConfig, type Config } from "./config/schema.ts";
import type { RuleProblem } from "./detections/detection.ts";
import { iamAccessLevels } from "./events/access-levels.ts";
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
  /** How long a write waits for another process's; see `StoreOptions`. */
  readonly lockTimeoutMs?: number;
  /** Only these rules, without ours. */
  readonly onlyRules?: string | undefined;
}

/** The rules that come with the program; the folder lies beside both `src` and `dist`. */
export const ownRulesFolder = fileURLToPath(new URL("../rules/detections/", import.meta.url));

export async function openApp(options: AppOptions): Promise<App> {
  const config = await configAt(options.config);
  const rules = await rulesAt(options, config);
  const errors = brokenRules(rules);
  if (errors.length > 0 && !isWorthwhile(rules, options)) {
    throw new UsageError(
      `${errors.map(problemText).join("\n")}\n` +
      "Nothing was read. Mend these rules, check them with: trailwarden rules check <path>",
    );
  }
  const normalise = createNormaliser(iamAccessLevels());
  const { path, forget } = storeFile(options.store);
  const store = await openSqliteStore({
    path,
    ...(options.lockTimeoutMs === undefined ? {} : { lockTimeoutMs: options.lockTimeoutMs }),
  });
  const close = async () => {
    await store.close();
    forget();
  };
  return { store, config, rules, normalise, close };
}

/** What keeps rules of the book from loading. */
export function brokenRules({ problems }: RuleBook): readonly RuleProblem[] {
  return problems.filter(({ severity }) => severity === "error");
}

/**
 * Whether something is left to judge with, of what was asked for: one broken rule among many that
 * others wrote must not cost the rest.
 */
function isWorthwhile({ detections, correlations }: RuleBook, options: AppOptions): boolean {
  const isOwnAsked = (options.rules ?? []).length === 0 && options.onlyRules === undefined;
  const isGiven = (file: string) => isOwnAsked || !file.startsWith(ownRulesFolder);
  return [...detections, ...correlations].some(({ file }) => isGiven(file));
}

/**
 * Our rules and those given, or only those given. A UsageError when a given path holds none.
 *
 * @param config whose placeholders the rules may use
 */
export async function rulesAt(
  { rules = [], onlyRules }: Pick<AppOptions, "rules" | "onlyRules">,
  { placeholders }: Pick<Config, "placeholders"> = emptyConfig,
): Promise<RuleBook> {
  const paths = onlyRules === undefined ? [ownRulesFolder, ...rules] : [onlyRules, ...rules];
  const files = await Promise.all(paths.map(async (path) => {
    const texts = await readTexts(path, [".yml", ".yaml"]);
    if (texts.length > 0) return texts;
    throw new UsageError(
      `There are no rules under ${path}: no file there ends in .yml or .yaml. ` +
      "Write one with: trailwarden rules new <name>",
    );
  }));
  return ruleBook(files.flat(), placeholders);
}

/** `file:line:column: message`, as compilers write it, so that editors can follow. */
export function problemText({ severity, file, line, column, message }: RuleProblem): string {
  const place = [file, line, column].filter((part) => part !== null).join(":");
  return `${place}: ${severity}: ${message}`;
}

/** Without a path a file of our own, which goes with us however the program ends. */
function storeFile(path: string | undefined): { path: string; forget: () => void } {
  if (path !== undefined && path !== "") return { path, forget: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), "trailwarden-"));
  const forget = () => {
    rmSync(folder, { recursive: true, force: true });
    process.off("exit", forget);
  };
  process.once("exit", forget);
  return { path: join(folder, "scan.db"), forget };
}
