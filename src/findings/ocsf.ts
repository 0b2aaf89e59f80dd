import type { Level } from "../detections/detection.ts";
import type { Finding } from "./finding.ts";

/** Of its schema, that of the release named here. */
const schemaVersion = "1.3.0";

const severities: Readonly<Record<Level, readonly [number, string]>> = {
  informational: [1, "Informational"], low: [2, "Low"], medium: [3, "Medium"], high: [4, "High"],
  critical: [5, "Critical"],
};
const confidences: Readonly<Record<Finding["confidence"], readonly [number, string]>> = {
  low: [1, "Low"], medium: [2, "Medium"], high: [3, "High"],
};
/** The status, and the activity that leads to it. */
const stages: Readonly<Record<Finding["status"], readonly [number, string, number, string]>> = {
  open: [1, "New", 1, "Create"],
  acknowledged: [2, "In Progress", 2, "Update"],
  suppressed: [3, "Suppressed", 2, "Update"],
  closed: [4, "Resolved", 3, "Close"],
};

/**
 * A finding as an OCSF Detection Finding, with the cloud profile. Instants are ms UTC, as its
 * `timestamp_t` is.
 * https://schema.ocsf.io/1.3.0/classes/detection_finding
 *
 * @param version of this program
 */
export function ocsfFinding(finding: Finding, version: string): object {
  const [severity_id, severity] = severities[finding.level];
  const [confidence_id, confidence] = confidences[finding.confidence];
  const [status_id, status, activity_id, activity_name] = stages[finding.status];
  const { account, verdict, note, values, session, entity } = finding;
  return {
    category_uid: 2, category_name: "Findings",
    class_uid: 2004, class_name: "Detection Finding",
    activity_id, activity_name,
    type_uid: 200_400 + activity_id, type_name: `Detection Finding: ${activity_name}`,
    time: finding.lastEventAt,
    start_time: finding.firstEventAt,
    end_time: finding.lastEventAt,
    count: finding.eventCount,
    severity_id, severity, confidence_id, confidence, status_id, status,
    message: finding.because,
    ...(note === null ? {} : { comment: note }),
    metadata: {
      version: schemaVersion,
      profiles: ["cloud"],
      product: { name: "trailwarden", vendor_name: "trailwarden", version },
      log_name: "CloudTrail",
      event_code: finding.rule,
    },
    cloud: {
      provider: "AWS",
      ...(account === null ? {} : { account: awsAccount(account) }),
    },
    finding_info: findingInfo(finding),
    evidences: [{ actor: actorOf(finding), data: values }],
    resources: resourcesOf(finding),
    unmapped: { entity, agent: finding.agent, session, role: finding.role, verdict },
  };
}

function awsAccount(uid: string): object {
  return { uid, type_id: 10, type: "AWS Account" };
}

function findingInfo(finding: Finding): object {
  const attacks = finding.tags.flatMap(attackOf);
  return {
    uid: finding.id,
    title: finding.title,
    desc: finding.because,
    first_seen_time: finding.firstEventAt,
    last_seen_time: finding.lastEventAt,
    analytic: { uid: finding.rule, name: finding.rule, type_id: 1, type: "Rule" },
    data_sources: ["AWS CloudTrail"],
    related_events: finding.evidence.map(({ eventId }) => ({ uid: eventId })),
    ...(attacks.length === 0 ? {} : { attacks }),
  };
}

/** Sigma's `attack.t1078.004`. Its tactics are told by name only, which OCSF has no place for. */
function attackOf(tag: string): readonly object[] {
  const [, technique, sub] = /^attack\.(t\d{4})(\.\d{3})?$/i.exec(tag) ?? [];
  if (technique === undefined) return [];
  const uid = technique.toUpperCase();
  return [{
    technique: { uid },
    ...(sub === undefined ? {} : { sub_technique: { uid: `${uid}${sub}` } }),
  }];
}

function actorOf({ session, credential, role, agent, entity }: Finding): object {
  const uid = session?.arn ?? role?.arn ?? entity.id;
  return {
    user: {
      uid,
      ...(session?.name == null ? {} : { name: session.name }),
      ...(credential === null ? {} : { credential_uid: credential.accessKeyId }),
    },
    ...(session === null ? {} : { session: { uid: session.id } }),
    ...(agent === null ? {} : { app_name: agent.name }),
  };
}

function resourcesOf({ role, entity, account }: Finding): readonly object[] {
  const owner = account === null ? {} : { owner: { account: awsAccount(account) } };
  const about = role === null
    ? { uid: entity.id, type: entity.type }
    : { uid: role.arn, type: "AWS::IAM::Role" };
  return [{ ...about, ...owner }];
}
