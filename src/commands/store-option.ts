import { existsSync } from "node:fs";
import { Option } from "commander";
import { openApp, type App } from "../app.ts";
import { UsageError } from "../usage-error.ts";
import { exitCodes } from "./exit-codes.ts";

/** Where verbs that look at what was scanned find it. */
export function storeOption(): Option {
  return new Option("-s, --store <file>", "the store that `scan --store` wrote")
    .env("TRAILWARDEN_STORE")
    .default("trailwarden.db");
}

export interface StoreOptions {
  readonly store: string;
  /** Absent: that of the environment or the folder. */
  readonly config?: string;
}

/** The store's path, when it is there: looking must not make an empty one. */
export function requireStore(path: string): string {
  if (path !== ":memory:" && existsSync(path)) return path;
  throw new UsageError(
    `There is no store at ${path}. Make one with: trailwarden scan <paths...> --store ${path}`,
  );
}

/** Works on a store that is there, and closes it. */
export async function withStore(
  { store, config }: StoreOptions,
  work: (app: App) => Promise<void>,
): Promise<void> {
  const app = await openApp({ store: requireStore(store), config });
  try {
    await work(app);
    process.exitCode = exitCodes.ok;
  } finally {
    await app.close();
  }
}
