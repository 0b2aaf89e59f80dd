import type { Config } from "./schema.ts";

/** What judging depends on; the rest may change without judging anything again. */
export type JudgingConfig = Pick<
  Config,
  "agents" | "roles" | "zones" | "networks" | "accounts" | "placeholders" | "tasks"
  | "baselines" | "arrival"
>;

/** Always in the same order, so that its JSON may be digested. */
export function judgingConfig(config: Config): JudgingConfig {
  const { agents, roles, zones, networks, accounts, placeholders, tasks } = config;
  const { baselines, arrival } = config;
  return { agents, roles, zones, networks, accounts, placeholders, tasks, baselines, arrival };
}
