import type { AuditReport } from "../../audit/audit-report.ts";
import { isOpen, type Result } from "../../audit/result.ts";
import { resultJson } from "../../audit/result-json.ts";
import { entityFingerprint } from "../../audit/audit-findings.ts";
import { sarifDocument, sarifLevel, securitySeverity } from "./sarif.ts";

/** What failed, accepted failures as suppressed: code-scanning pages show nothing else. */
export function auditSarif({ judgements, carried }: AuditReport, version: string): object {
  const failed = [...judgements.filter(({ result }) => result === "fail"), ...carried];
  const rules = new Map(failed.map((one) => [one.check, one]));
  return sarifDocument({
    version,
    rules: [...rules.values()].map(({ check, title, level }) => ({
      id: check,
      shortDescription: { text: title },
      properties: { "security-severity": securitySeverity[level] },
    })),
    results: failed.map(sarifResult),
  });
}

function sarifResult(one: Result): object {
  const { check, level, because, subject, account, accepted, change } = one;
  return {
    ruleId: check,
    level: sarifLevel[level],
    message: { text: because },
    // Code-scanning pages want a place; ours is an identity, not a file.
    locations: [{
      logicalLocations: [{ fullyQualifiedName: subject ?? account ?? "-", kind: "resource" }],
    }],
    partialFingerprints: { "trailwarden/v1": entityFingerprint(one) },
    ...(change === null ? {} : { baselineState: change === "new" ? "new" : "unchanged" }),
    ...(isOpen(one) ? {} : {
      suppressions: [{ kind: "external", justification: accepted?.reason ?? "" }],
    }),
    properties: resultJson(one),
  };
}
