/** A rule that tells on-call, with the minutes in which it does and those in which it does not. */
export interface Alert {
  /** Names its runbook too: `docs/runbooks/<name>.md`. */
  readonly name: string;
  /** critical: somebody is woken; warning: somebody looks today. */
  readonly severity: "critical" | "warning";
  readonly area: "pipeline" | "objectives" | "security";
  /** PromQL of what is compared. Without data there is nothing to compare, and no alert. */
  readonly value: string;
  readonly compare: ">" | "<" | "==";
  /** Panels that show the value draw their line here. */
  readonly threshold: number;
  /** PromQL that has to hold as well: enough to go by, another window. */
  readonly and?: string;
  readonly forMinutes: number;
  /** What else it is told apart by, for inhibition. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Of the dashboard to look at. */
  readonly dashboard: string;
  readonly summary: string;
  /** A Prometheus template: the values that decided. */
  readonly description: string;
  /**
   * Minutes between two values in its tests: more where its windows are of days; less than five,
   * for which Prometheus knows a value.
   */
  readonly testedEvery?: number;
  readonly fires: Firing;
  readonly quiet: readonly Minutes[];
}

/** What Prometheus has scraped by a minute, in promtool's notation. */
export interface Minutes {
  /** Why it is quiet. */
  readonly why?: string;
  readonly series: Readonly<Record<string, string>>;
  readonly minute: number;
}

export interface Firing extends Minutes {
  /** Labels and description of what fires then. */
  readonly alerts: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly description: string;
  }[];
}

/** A rule as Prometheus's rule files have it. */
export function ruleOf(alert: Alert): object {
  const { name, severity, area, labels, forMinutes } = alert;
  return {
    alert: name,
    expr: exprOf(alert),
    ...(forMinutes === 0 ? {} : { for: `${forMinutes}m` }),
    labels: { severity, area, ...labels },
    annotations: annotationsOf(alert, alert.description),
  };
}

export function exprOf({ value, compare, threshold, and }: Alert): string {
  const line = `${value} ${compare} ${threshold}`;
  return and === undefined ? line : `${line}\nand\n${and}`;
}

export function annotationsOf({ name, summary, dashboard }: Alert, description: string) {
  return {
    summary,
    description,
    dashboard: `/d/${dashboard}`,
    runbook_url: `docs/runbooks/${name}.md`,
  };
}
