import { levels } from "../detections/detection.ts";
import type { Entity, FindingPart } from "../findings/finding.ts";
import { fingerprint } from "../findings/part.ts";
import type { Judgement } from "../findings/store.ts";
import { isOpen, type Result } from "./result.ts";

/**
 * The group that holds what the latest run found: failures that came open findings, whose receivers
 * are told; those that went are withdrawn.
 */
const groupKey = "audit";

/** From this level on somebody is told. */
const toldFrom = levels.indexOf("high");

export function auditJudgement(failures: readonly Result[]): Judgement {
  const told = failures.filter((one) =>
    isOpen(one) && one.subject !== null && levels.indexOf(one.level) >= toldFrom);
  return { groupKey, sessions: [], hits: [], parts: told.map(partOf) };
}

/** Of no event: it happened when it was first found. */
function partOf(failure: Result): FindingPart {
  const { check, title, level, account, because, evidence } = failure;
  const at = failure.since ?? 0;
  const entity = entityOf(failure);
  return {
    fingerprint: entityFingerprint(failure),
    rule: check, title, level, confidence: "high", because, entity,
    agent: entity.type === "agent" ? { name: entity.id, basis: "audit" } : null,
    role: entity.type === "role" ? { arn: entity.id, mode: "unknown" } : null,
    session: null, credential: null, account,
    firstEventAt: at, lastEventAt: at, eventCount: 0, evidence: [], values: evidence,
    decidedAt: at, decidedBy: "", tags: [],
  };
}

/** Of a check and whom it is about: the same in every run. */
export function entityFingerprint(one: Result): string {
  return fingerprint(one.check, entityOf(one));
}

function entityOf(one: Result): Entity {
  return { type: entityType(one), id: one.subject ?? one.account ?? "" };
}

function entityType({ account, subject }: Result): Entity["type"] {
  if (account === null) return "agent";
  return /^arn:[^:]+:iam::\d*:role\//.test(subject ?? "") ? "role" : "principal";
}
