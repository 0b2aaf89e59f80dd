import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import { alertNamed } from "../alerts.ts";

/** From a value on, a colour. */
export interface Step {
  readonly from: number;
  readonly colour: keyof typeof colours;
}

export const colours = {
  good: "green", notable: "yellow", bad: "orange", worst: "red", plain: "text", calm: "blue",
} as const;

/** A count of what there should be none of begins above its threshold with the next whole one. */
const nextWhole = 1;

/**
 * What a panel's colours mean, and the words for it: an alert's line, which is where it fires, or
 * steps of the panel's own.
 */
export function thresholdsOf(alert: string | undefined, steps: readonly Step[]) {
  const own = alert === undefined ? ownSteps(steps) : alertSteps(alert);
  return {
    text: alert === undefined ? "" : ` Alert: ${alert}.`,
    config: new dashboard.ThresholdsConfigBuilder()
      .mode(dashboard.ThresholdsMode.Absolute)
      .steps(own),
  };
}

function ownSteps(steps: readonly Step[]): dashboard.Threshold[] {
  const first = steps.length === 0 ? colours.plain : colours.good;
  return [
    { value: null, color: first },
    ...steps.map(({ from, colour }) => ({ value: from, color: colours[colour] })),
  ];
}

function alertSteps(name: string): dashboard.Threshold[] {
  const { severity, threshold, compare } = alertNamed(name);
  const color = severity === "critical" ? colours.worst : colours.bad;
  // What should be 1, and is 0, is bad below.
  if (compare === "==" && threshold === 0) {
    return [{ value: null, color }, { value: nextWhole, color: colours.good }];
  }
  const value = compare === ">" && threshold === 0 ? nextWhole : threshold;
  return [{ value: null, color: colours.good }, { value, color }];
}
