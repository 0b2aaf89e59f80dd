import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { configIn, configInEnvironment, configName } from "../config-file.ts";
import type { Config } from "../config/schema.ts";
import type { ServiceAddress } from "../tasks/service.ts";
import { UsageError } from "../usage-error.ts";
import type { Environment } from "./child-environment.ts";

export interface FoundConfig {
  readonly file: string;
  readonly config: Config;
}

/**
 * The config that says which role a mode is. Never that of the working folder, where agents write
 * and clones bring what they like: it would choose the role, and be sent the token.
 */
export async function runConfig(named: string | undefined): Promise<FoundConfig> {
  const places = [
    join(process.env["XDG_CONFIG_HOME"] || join(homedir(), ".config"), "trailwarden", configName),
    join("/etc/trailwarden", configName),
  ];
  const file = named || configInEnvironment() || places.find((place) => existsSync(place));
  if (file) return { file, config: await configIn(file) };
  throw new UsageError(
    `There is no config. Give one with --config or TRAILWARDEN_CONFIG, or at ` +
    `${places.join(" or ")} (not in the working folder: agents write there).`,
  );
}

/** Null where nobody says where the service is. */
export function serviceAddress({ run }: Config, environment: Environment): ServiceAddress | null {
  const url = environment["TRAILWARDEN_URL"] || run.url;
  return url === undefined ? null : addressAt(url, environment);
}

/** With the token of TRAILWARDEN_TOKEN. A UsageError where it is no address. */
export function addressAt(url: string, environment: Environment): ServiceAddress {
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    throw new UsageError(`TRAILWARDEN_URL is ${url}: expected http:// or https:// and a host.`);
  }
  return { url: url.replace(/\/+$/, ""), token: environment["TRAILWARDEN_TOKEN"] || null };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const policyCharactersMax = 2048;

/** As short as it goes; a file's path is seen from the config's folder. */
export async function sessionPolicyText(
  written: string | null,
  configFile: string,
): Promise<string | null> {
  if (written === null) return null;
  const isInline = written.trimStart().startsWith("{");
  const source = isInline ? "sessionPolicy" : resolve(dirname(configFile), written);
  try {
    const text = isInline ? written : await readFile(source, "utf8");
    const policy = JSON.stringify(JSON.parse(text));
    if (policy.length <= policyCharactersMax) return policy;
    throw new Error(`it has ${policy.length} characters, and AWS takes ${policyCharactersMax}`);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new UsageError(`Cannot use ${source} as a session policy: ${cause.message}.`, { cause });
  }
}
