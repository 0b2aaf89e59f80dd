import type { Detection, Level } from "../../detections/detection.ts";
import { findingJson } from "../../findings/finding-json.ts";
import type { Finding } from "../../findings/finding.ts";

/** SARIF knows three weights; `security-severity` carries ours to code-scanning pages. */
export const sarifLevel: Readonly<Record<Level, "note" | "warning" | "error">> = {
  informational: "note", low: "note", medium: "warning", high: "error", critical: "error",
};
export const securitySeverity: Readonly<Record<Level, string>> = {
  informational: "0.0", low: "3.0", medium: "5.0", high: "8.0", critical: "9.5",
};

export type Described = Pick<
  Detection,
  "name" | "title" | "description" | "level" | "tags"
>;

/**
 * Findings as one SARIF 2.1.0 log.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifLog(
  findings: readonly Finding[],
  rules: readonly Described[],
  version: string,
): object {
  const used = rules.filter(({ name }) => findings.some(({ rule }) => rule === name));
  return sarifDocument({
    version, rules: used.map(sarifRule), results: findings.map(sarifResult),
  });
}

export function sarifDocument({ version, rules, results }: {
  readonly version: string;
  readonly rules: readonly object[];
  readonly results: readonly object[];
}): object {
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver: { name: "trailwarden", version, rules } }, results }],
  };
}

function sarifRule({ name, title, description, level, tags }: Described): object {
  return {
    id: name,
    shortDescription: { text: title },
    ...(description === null ? {} : { fullDescription: { text: description } }),
    properties: { tags, "security-severity": securitySeverity[level] },
  };
}

function sarifResult(finding: Finding): object {
  const entity = `${finding.entity.type}/${finding.entity.id}`;
  return {
    ruleId: finding.rule,
    level: sarifLevel[finding.level],
    message: { text: finding.because },
    // Code-scanning pages want a place; ours is the entity, not a file.
    locations: [{ logicalLocations: [{ fullyQualifiedName: entity, kind: "resource" }] }],
    partialFingerprints: { "trailwarden/v1": finding.fingerprint },
    properties: findingJson(finding),
  };
}
