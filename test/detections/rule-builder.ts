import type { Subject } from "../../src/detections/detection.ts";
import {
  loadRules, type LoadedDetection, type LoadedRules,
} from "../../src/detections/load-rules.ts";
import type { Placeholders } from "../../src/detections/placeholders.ts";
import type { FactCatalogue, FactType, FactValue } from "../../src/facts/fact.ts";

/** A small vocabulary: one fact of each type. */
export const facts: FactCatalogue = {
  namespaces: new Set(["event", "role", "session", "task"]),
  names: factNames({
    "event.access": "text",
    "event.operation": "text",
    "event.is_sensitive_read": "truth",
    "role.mode": "text",
    "session.distinct_secret_count": "number",
    "session.user_agents": "list",
  }),
};

export function factNames(types: Readonly<Record<string, FactType>>): FactCatalogue["names"] {
  return new Map(Object.entries(types).map(([name, type]) => [name, { name, type }]));
}

export function subject(record: unknown, known: Readonly<Record<string, FactValue>> = {}): Subject {
  return { record: record as Subject["record"], fact: (name) => known[name] ?? null };
}

const head = `title: A rule
id: 11111111-2222-4333-8444-555555555555
logsource:
  product: aws
  service: cloudtrail
level: low
`;

/** A whole rule around a `detection` section's inner lines, each indented by two. */
export function ruleText(detection: string, extra = ""): string {
  return `${head}${extra}detection:\n${detection}`;
}

export function messages(text: string, placeholders: Placeholders = {}): readonly string[] {
  return loadRules([{ name: "rule.yml", text }], { facts, placeholders }).problems.map(
    ({ severity, line, column, message }) => `${severity} ${line ?? 0}:${column ?? 0} ${message}`,
  );
}

/** The one detection of a file; fails the test with its problems when there is none. */
export function loaded(text: string, placeholders: Placeholders = {}): LoadedDetection {
  const { detections, problems } = loadRules([{ name: "rule.yml", text }], { facts, placeholders });
  const [only] = detections;
  if (only === undefined) throw new Error(problems.map(({ message }) => message).join("\n"));
  return only;
}

/** A rule whose only selection is one line, `field|modifier: value` as YAML. */
export function itemRule(item: string): string {
  return ruleText(`  selection:\n    ${item}\n  condition: selection\n`);
}

export function matches(item: string, record: unknown, placeholders: Placeholders = {}): boolean {
  return loaded(itemRule(item), placeholders).matches(subject(record));
}

/** A rule that nothing is wrong with: it matches `eventName: x`. */
export const wholeRule = ruleText("  selection: { eventName: x }\n  condition: selection\n");

/** The same with a name, and an id made of the digit. */
export function namedRule(name: string, digit: string): string {
  const id = `${digit.repeat(8)}-2222-4333-8444-555555555555`;
  return `${wholeRule.replace(/^id: .*$/m, `id: ${id}`)}name: ${name}\n`;
}

/** The files are called `0.yml`, `1.yml`, and so on. */
export function loadTexts(...texts: readonly string[]): LoadedRules {
  return loadRules(texts.map((text, i) => ({ name: `${i}.yml`, text })), { facts });
}
