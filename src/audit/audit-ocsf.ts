import type { Level } from "../detections/detection.ts";
import type { AuditReport } from "./audit-report.ts";
import { entityFingerprint } from "./audit-findings.ts";
import type { Result } from "./result.ts";
import { evidenceJson } from "./result-json.ts";

/** Of its schema, that of the release named here. */
const schemaVersion = "1.3.0";

const severities: Readonly<Record<Level, readonly [number, string]>> = {
  informational: [1, "Informational"], low: [2, "Low"], medium: [3, "Medium"], high: [4, "High"],
  critical: [5, "Critical"],
};

/** Of the compliance check. */
const outcomes: Readonly<Record<Result["result"], readonly [number, string]>> = {
  pass: [1, "Pass"], unknown: [0, "Unknown"], fail: [3, "Fail"],
};

/**
 * What failed or could not be judged, and what was fixed since, as OCSF Compliance Findings with
 * the cloud profile. https://schema.ocsf.io/1.3.0/classes/compliance_finding
 *
 * @param version of this program
 */
export function auditOcsf(report: AuditReport, version: string): readonly object[] {
  const { at, judgements, carried, fixed } = report;
  const told = [...judgements.filter(({ result }) => result !== "pass"), ...carried];
  return [
    ...told.map((one) => finding(one, { at, version, isFixed: false })),
    ...fixed.map((one) => finding(one, { at, version, isFixed: true })),
  ];
}

interface Telling {
  readonly at: number;
  readonly version: string;
  readonly isFixed: boolean;
}

/** The status, and the activity that leads to it. */
function stageOf({ accepted, change }: Result, isFixed: boolean) {
  if (isFixed) return { status_id: 4, status: "Resolved", activity_id: 3, activity_name: "Close" };
  if (accepted !== null) {
    return { status_id: 3, status: "Suppressed", activity_id: 2, activity_name: "Update" };
  }
  return change === "new" || change === null
    ? { status_id: 1, status: "New", activity_id: 1, activity_name: "Create" }
    : { status_id: 1, status: "New", activity_id: 2, activity_name: "Update" };
}

function finding(one: Result, { at, version, isFixed }: Telling): object {
  const { check, title, level, account, subject, because, remedy, since, accepted } = one;
  const [severity_id, severity] = severities[level];
  const [outcome_id, outcome] = outcomes[isFixed ? "pass" : one.result];
  const stage = stageOf(one, isFixed);
  return {
    category_uid: 2, category_name: "Findings",
    class_uid: 2003, class_name: "Compliance Finding",
    ...stage,
    type_uid: 200_300 + stage.activity_id,
    type_name: `Compliance Finding: ${stage.activity_name}`,
    time: at, severity_id, severity, message: because,
    ...(accepted === null ? {} : { comment: `Until ${accepted.until}: ${accepted.reason}` }),
    metadata: {
      version: schemaVersion, profiles: ["cloud"], event_code: check,
      product: { name: "trailwarden", vendor_name: "trailwarden", version },
    },
    cloud: {
      provider: "AWS",
      ...(account === null ? {} : { account: { uid: account, type_id: 10, type: "AWS Account" } }),
    },
    compliance: {
      control: check, standards: ["trailwarden agent identities"],
      status_id: outcome_id, status: outcome,
    },
    finding_info: {
      uid: entityFingerprint(one), title, desc: because, last_seen_time: at,
      ...(since === null ? {} : { first_seen_time: since }),
    },
    resources: [{ uid: subject ?? account ?? "-", type: resourceType(one) }],
    ...(remedy === null ? {} : { remediation: { desc: remedy.text } }),
    unmapped: { evidence: evidenceJson(one.evidence) },
  };
}

function resourceType({ account, subject }: Result): string {
  if (account === null) return "agent";
  const kind = /:iam::\d*:(role|user)\//.exec(subject ?? "")?.[1];
  if (kind === undefined) return "AWS::::Account";
  return kind === "role" ? "AWS::IAM::Role" : "AWS::IAM::User";
}
