import { stringify } from "yaml";
import { annotationsOf, ruleOf, type Alert, type Minutes } from "./alert.ts";
import { alerts } from "./alerts.ts";
import { recordings } from "./recordings.ts";

/** What is generated, by its path from the repository's root. */
export type Files = ReadonlyMap<string, string>;

export const rulesFolder = "rules/prometheus";
const areas = ["pipeline", "objectives", "security"] as const;
const head = "# Generated: npm run build:monitoring. Its source is monitoring/.\n";
const yaml = (content: object) => `${head}${stringify(content, { lineWidth: 0 })}`;

/** Rules for Prometheus, and the tests that promtool runs on them. */
export function ruleFiles(): Files {
  const files = new Map<string, string>();
  files.set(`${rulesFolder}/recordings.yml`, yaml({
    groups: [{ name: "trailwarden-recordings", rules: recordings }],
  }));
  for (const area of areas) {
    const own = alerts.filter((alert) => alert.area === area);
    files.set(`${rulesFolder}/${area}.yml`, yaml({
      groups: [{ name: `trailwarden-${area}`, rules: own.map(ruleOf) }],
    }));
    for (const every of new Set(own.map(({ testedEvery = 1 }) => testedEvery))) {
      const tested = own.filter(({ testedEvery = 1 }) => testedEvery === every);
      const name = every === 1 ? area : `${area}-slow`;
      files.set(`${rulesFolder}/tests/${name}.test.yml`, yaml({
        rule_files: [`../recordings.yml`, `../${area}.yml`],
        evaluation_interval: `${every}m`,
        tests: tested.flatMap(testsOf),
      }));
    }
  }
  return files;
}

function testsOf(alert: Alert): readonly object[] {
  const { fires, quiet } = alert;
  const expected = fires.alerts.map(({ labels, description }) => ({
    exp_labels: { severity: alert.severity, area: alert.area, ...alert.labels, ...labels },
    exp_annotations: annotationsOf(alert, description),
  }));
  return [
    testOf(alert, fires, { what: "fires", expected }),
    ...quiet.map((minutes) =>
      testOf(alert, minutes, { what: `is quiet: ${minutes.why ?? ""}`, expected: [] })),
  ];
}

function testOf(
  { name, testedEvery = 1 }: Alert,
  { series, minute }: Minutes,
  { what, expected }: { readonly what: string; readonly expected: readonly object[] },
): object {
  return {
    name: `${name} ${what}`,
    interval: `${testedEvery}m`,
    input_series: Object.entries(series).map(([one, values]) => ({ series: one, values })),
    alert_rule_test: [{ eval_time: `${minute}m`, alertname: name, exp_alerts: expected }],
  };
}
