import { agent } from "./dashboards/agent.ts";
import { audit } from "./dashboards/audit.ts";
import { findings } from "./dashboards/findings.ts";
import { fleet } from "./dashboards/fleet.ts";
import { pipeline } from "./dashboards/pipeline.ts";
import type { Files } from "./rule-files.ts";

export const dashboards = [fleet, agent, findings, pipeline, audit].map((made) => made());

/** As Grafana imports them. */
export function dashboardFiles(): Files {
  return new Map(dashboards.map((one) =>
    [`dashboards/${String(one.uid)}.json`, `${JSON.stringify(one, null, 2)}\n`]));
}
