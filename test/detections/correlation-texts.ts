import { expect } from "vitest";
import { loadCorrelations } from "../../src/detections/correlation-load.ts";
import type { Correlation } from "../../src/detections/correlation.ts";
import type { RuleProblem } from "../../src/detections/detection.ts";
import { correlationDocument, readDocuments } from "../../src/detections/documents.ts";
import type { FactCatalogue } from "../../src/facts/fact.ts";
import { factNames } from "./rule-builder.ts";

const facts: FactCatalogue = {
  namespaces: new Set(["session", "event"]),
  names: factNames({ "session.id": "text", "event.operation": "text" }),
};
const detections = ["probe", "escalate", "share"].map((name) => ({
  name,
  id: `id-of-${name}`,
  title: `Title of ${name}`,
  file: name === "share" ? "rules/x.yml" : `rules/${name}.yml`,
}));

export function load(
  text: string,
): { correlations: readonly Correlation[]; problems: readonly RuleProblem[] } {
  const documents = readDocuments({ name: "rules/x.yml", text }, []).map(correlationDocument);
  return loadCorrelations(documents, { detections, facts });
}

/** The only correlation of a text without problems. */
export function one(text: string): Correlation {
  const { correlations, problems } = load(text);
  expect(problems).toEqual([]);
  const [first] = correlations;
  if (first === undefined) throw new Error("Nothing was loaded.");
  return first;
}

/** `line:column message`, of everything wrong. */
export function wrong(text: string): string[] {
  return load(text).problems.map(({ line, column, message }) =>
    `${String(line)}:${String(column)} ${message}`,
  );
}

/** A small correlation; `with` replaces or adds lines of its correlation section. */
export function small(lines: Readonly<Record<string, string | null>> = {}, rest = ""): string {
  const section: Record<string, string | null> = {
    type: "event_count",
    rules: "[probe]",
    "group-by": "[userIdentity.arn]",
    timespan: "5m",
    condition: "{ gte: 3 }",
    ...lines,
  };
  const written = Object.entries(section)
    .flatMap(([key, value]) => (value === null ? [] : [`  ${key}: ${value}\n`]));
  return `title: Small\nname: small\ncorrelation:\n${written.join("")}${rest}`;
}
