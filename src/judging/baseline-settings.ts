import { defaultMemory } from "../baselines/baseline.ts";
import type { BaselineSettings } from "../baselines/store.ts";
import type { Config } from "../config/schema.ts";

/** How baselines are made, from what the config says of them. */
export function baselineSettings({ baselines }: Pick<Config, "baselines">): BaselineSettings {
  const { windowDays, halfLifeDays, matureSessions, matureDays, alertsPerRoleWeek } = baselines;
  return {
    memory: { ...defaultMemory, windowDays, halfLifeDays, matureSessions, matureDays },
    budget: { alertsPerWeek: alertsPerRoleWeek },
  };
}
