import { isDeepStrictEqual } from "node:util";
import type { Config } from "./schema.ts";

/** A part of the config that changes by itself. */
export type Setting =
  | Exclude<keyof Config, "http" | "service">
  | `http.${keyof Config["http"]}`
  | `service.${keyof Config["service"]}`;

/**
 * When a changed setting takes effect. `restart`: connections and listeners are made of it once, or
 * what is in hand is bounded by it.
 */
const effects: Readonly<Record<Setting, "now" | "restart">> = {
  agents: "now",
  roles: "now",
  zones: "now",
  networks: "now",
  accounts: "now",
  placeholders: "now",
  baselines: "now",
  aws: "restart",
  sources: "restart",
  sinks: "restart",
  "http.host": "restart",
  "http.port": "restart",
  "http.tokens": "now",
  "http.requestsPerMinute": "restart",
  "service.shutdownSeconds": "restart",
  "service.inHandBytesMax": "restart",
  "service.announceHours": "now",
  "service.logLevel": "now",
  run: "now",
  tasks: "now",
  arrival: "now",
  response: "now",
  audit: "now",
  retentionDays: "now",
  read: "restart",
};
export const settings = Object.keys(effects) as readonly Setting[];

/** What differs between two configs, and which of it waits for a restart. */
export function changedSettings(
  before: Config,
  after: Config,
): { readonly changed: readonly Setting[]; readonly needRestart: readonly Setting[] } {
  const changed = settings.filter(
    (setting) => !isDeepStrictEqual(valueOf(before, setting), valueOf(after, setting)),
  );
  return { changed, needRestart: changed.filter((setting) => effects[setting] === "restart") };
}

function valueOf(config: Config, setting: Setting): unknown {
  return setting.split(".").reduce<unknown>(
    (value, key) => (value as Readonly<Record<string, unknown>>)[key],
    config,
  );
}

/** What holds after a reload: of `wanted` what takes effect now, of `running` the rest. */
export function inForce(running: Config, wanted: Config): Config {
  const { aws, sources, sinks, read, http, service } = running;
  const { tokens } = wanted.http;
  const { announceHours, logLevel } = wanted.service;
  return {
    ...wanted,
    ...{ aws, sources, sinks, read },
    http: { ...http, tokens },
    service: { ...service, announceHours, logLevel },
  };
}
