import { existsSync } from "node:fs";
import { Option } from "commander";
import { UsageError } from "../usage-error.ts";

/** Where verbs that look at what was scanned find it. */
export function storeOption(): Option {
  return new Option("-s, --store <file>", "the store that `scan --store` wrote")
    .env("TRAILWARDEN_STORE")
    .default("trailwarden.db");
}

/** The store's path, when it is there: looking must not make an empty one. */
export function requireStore(path: string): string {
  if (path !== ":memory:" && existsSync(path)) return path;
  throw new UsageError(
    `There is no store at ${path}. Make one with: trailwarden scan <paths...> --store ${path}`,
  );
}
