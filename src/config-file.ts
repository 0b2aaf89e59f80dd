import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { readConfig, type ConfigProblem } from "./config/load.ts";
import type { Config } from "./config/schema.ts";
import { SourceFault } from "./sources/fault.ts";
import { UsageError } from "./usage-error.ts";

/**
 * The config named, or `trailwarden.yaml` here where there is one, or none; with what the
 * environment puts in.
 */
export async function configAt(path: string | undefined): Promise<Config> {
  const here = existsSync(configName) ? configName : "";
  return await configIn(path || configInEnvironment() || here);
}

export const configName = "trailwarden.yaml";

/** The config in a file, or none for an empty name; a UsageError says all that is wrong in it. */
export async function configIn(file: string): Promise<Config> {
  const text = file === "" ? "" : await configText(file);
  const { config, problems } = readConfig(file || "the environment", text, process.env);
  if (config !== null) return config;
  throw new UsageError(problems.map(configProblemText).join("\n"));
}

/** Empty where nothing is set. */
export function configInEnvironment(): string {
  return process.env["TRAILWARDEN_CONFIG"] ?? "";
}

/** `file:line:column: message`, as compilers write it, so that editors can follow. */
export function configProblemText({ file, line, column, key, message }: ConfigProblem): string {
  return `${file}:${line}:${column}: ${key === "" ? "" : `${key}: `}${message}`;
}

/** The text of a config file; a UsageError when it cannot be read. */
export async function configText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const { message } = new SourceFault("path-unreadable", file, cause);
    throw new UsageError(`${message} Make one with: trailwarden config example > ${file}`, {
      cause,
    });
  }
}
