import { existsSync } from "node:fs";
import { Option, type Command } from "commander";
import { openApp } from "../app.ts";
import { History } from "../audit/history.ts";
import { historyIn } from "../audit-history.ts";
import { configAt } from "../config-file.ts";
import type { Config } from "../config/schema.ts";
import { runBefore, type RunBefore } from "../judge-audit.ts";
import { measuredNow } from "./as-of.ts";
import { collect, configOption } from "./options.ts";
import { requireStore } from "./store-option.ts";

/** Where `audit` and `inventory` look. */
export interface LookingOptions {
  readonly fromSnapshot?: string;
  readonly historyOnly?: true;
  readonly saveSnapshot?: string;
  /** Absent: trailwarden.db, where it is there. */
  readonly store?: string;
  readonly account: readonly string[];
  readonly config?: string;
}

export function addLookingOptions(command: Command): Command {
  return command
    .addOption(new Option("--from-snapshot <file>", "judge what --save-snapshot kept, without AWS")
      .conflicts(["historyOnly", "saveSnapshot"]))
    .addOption(new Option("--history-only", "judge by the store alone, without AWS")
      .conflicts("saveSnapshot"))
    .option("--save-snapshot <file>", "keep what IAM told; go on from there when it broke off")
    .addOption(new Option("-s, --store <file>",
      "the store that tells what was done (default: trailwarden.db where it is there)")
      .env("TRAILWARDEN_STORE"))
    .addOption(new Option("--account <id>", "only this account (repeatable)")
      .argParser(collect).default([], "all"))
    .addOption(configOption());
}

/** What is known without asking AWS. */
export interface Told {
  readonly config: Config;
  readonly history: History;
  /** As of when the store's history is judged, ms UTC. */
  readonly asOf: number;
  /** What the latest run in the store left; null: there is none. */
  readonly before: RunBefore | null;
}

const usualStore = "trailwarden.db";

/** The store that is looked into; null: there is none. */
export function storeOf(options: LookingOptions): string | null {
  const isNeeded = options.historyOnly === true || options.store !== undefined;
  if (!isNeeded && !existsSync(usualStore)) return null;
  return requireStore(options.store ?? usualStore);
}

export async function toldByStore(options: LookingOptions): Promise<Told> {
  const store = storeOf(options);
  if (store === null) {
    const config = await configAt(options.config);
    return { config, history: new History(config, true), asOf: Date.now(), before: null };
  }
  const app = await openApp({ store, config: options.config });
  try {
    const measured = await measuredNow(app);
    const history = await historyIn(app, measured);
    const before = await runBefore(app.store);
    return { config: app.config, history, asOf: measured.asOf, before };
  } finally {
    await app.close();
  }
}
