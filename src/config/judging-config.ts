import type { Config } from "./schema.ts";

/** What judging depends on; the rest may change without judging anything again. */
export type JudgingConfig = Pick<
  Config,
  "agents" | "roles" | "zones" | "networks" | "accounts" | "placeholders" | "tasks"
  | "baselines" | "arrival"
> & {
  /** What tells our own policies, and our own hand. */
  readonly response: Pick<Config["response"], "policyName" | "responderRoles" | "accounts">;
  readonly aws: Pick<Config["aws"], "assumeRole">;
};

/** Always in the same order, so that its JSON may be digested. */
export function judgingConfig(config: Config): JudgingConfig {
  const { agents, roles, zones, networks, accounts: own, placeholders, tasks } = config;
  const { baselines, arrival } = config;
  const { policyName, responderRoles, accounts } = config.response;
  const { assumeRole } = config.aws;
  return {
    agents, roles, zones, networks, accounts: own, placeholders, tasks, baselines, arrival,
    response: { policyName, responderRoles, accounts },
    aws: assumeRole === undefined ? {} : { assumeRole },
  };
}
