import type { Alert } from "./alert.ts";
import { auditAlerts } from "./alerts/audits.ts";
import { baselineAlerts } from "./alerts/baselines.ts";
import { intakeAlerts } from "./alerts/intake.ts";
import { objectiveAlerts } from "./alerts/objectives.ts";
import { responseAlerts } from "./alerts/response.ts";
import { securityAlerts } from "./alerts/security.ts";
import { serviceAlerts } from "./alerts/service.ts";

export const alerts: readonly Alert[] = [
  ...intakeAlerts,
  ...serviceAlerts,
  ...objectiveAlerts,
  ...securityAlerts,
  ...responseAlerts,
  ...baselineAlerts,
  ...auditAlerts,
];

/** The alert whose threshold a panel shows. */
export function alertNamed(name: string): Alert {
  const alert = alerts.find((one) => one.name === name);
  if (alert === undefined) throw new Error(`There is no alert ${name}.`);
  return alert;
}
