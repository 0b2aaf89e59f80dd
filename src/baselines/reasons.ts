import type { Baseline } from "./baseline.ts";
import { reasonsOf, type Reason } from "./session-score.ts";
import { surpriseOf } from "./surprise.ts";
import { tailOf } from "./tail.ts";
import { categories, type Category, type Measure, type Traits } from "./traits.ts";

/** How many of a session's reasons are told. */
const reasonsMax = 3;

/** What makes a session strange, in words: `operation ec2:RunInstances, never before`. */
export function reasonTexts(traits: Traits, baseline: Baseline): readonly string[] {
  return reasonsOf(traits, baseline).slice(0, reasonsMax)
    .map((reason) => textOf(reason, baseline));
}

function textOf(reason: Reason, baseline: Baseline): string {
  if (!isOfValue(reason)) {
    const { of, value } = reason;
    return `${value} ${measureNames[of]} (p ${tailOf(baseline, of, value)})`;
  }
  const { of, value } = reason;
  const { sessions, isFirst } = surpriseOf(baseline, of, value);
  const seen = isFirst === true ? "never before"
    : isFirst === null ? "not known from before"
    : `in ${sessions} of ${baseline.sessions} sessions`;
  return `${categoryNames[of]} ${of === "hour" ? hourText(Number(value)) : value}, ${seen}`;
}

function isOfValue(reason: Reason): reason is Extract<Reason, { readonly value: string }> {
  return categories.some((category) => category === reason.of);
}

/** `Tue 03:00`, UTC. */
export function hourText(hour: number): string {
  const day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][Math.floor(hour / 24)] ?? "";
  return `${day} ${String(hour % 24).padStart(2, "0")}:00`;
}

export const categoryNames: Readonly<Record<Category, string>> = {
  operation: "operation",
  service: "service",
  access: "access",
  region: "region",
  network: "network",
  userAgent: "user agent",
  error: "error",
  resource: "resource",
  hour: "hour",
};

export const measureNames: Readonly<Record<Measure, string>> = {
  calls: "calls",
  operations: "operations",
  services: "services",
  denials: "denied calls",
  writes: "writing calls",
  deletes: "deleting calls",
  minutes: "minutes",
  peakPerMinute: "calls in one minute",
  breadth: "operations first called within ten minutes",
  resources: "resources",
  networks: "networks",
};
