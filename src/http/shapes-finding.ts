import { z } from "zod";
import { entityTypes } from "../detections/detection.ts";
import { findingJson } from "../findings/finding-json.ts";
import { verdicts, type Finding } from "../findings/finding.ts";
import { Instant, LevelName } from "./shapes.ts";

export const statuses = ["open", "acknowledged", "suppressed", "closed"] as const;

/** See docs/output.md: the same keys, with what a person decided. */
export const FindingShape = z
  .object({
    id: z.string(),
    rule: z.string(),
    title: z.string(),
    level: LevelName,
    status: z.enum(statuses),
    verdict: z.enum(verdicts).nullable().meta({
      description: "How it was closed; withdrawn when its grounds went, over when it went by; " +
        "null unless closed.",
    }),
    note: z.string().nullable().meta({ description: "What the person who decided last wrote." }),
    confidence: z.enum(["high", "medium", "low"]),
    because: z.string().meta({ description: "One sentence with the values that decided." }),
    entity: z.object({ type: z.enum(entityTypes), id: z.string() }),
    agent: z.object({ name: z.string(), basis: z.string() }).nullable(),
    role: z.object({ arn: z.string(), mode: z.string() }).nullable(),
    session: z
      .object({ id: z.string(), arn: z.string().nullable(), name: z.string().nullable() })
      .nullable(),
    credential: z.object({ accessKeyId: z.string() }).nullable(),
    account: z.string().nullable(),
    firstEventAt: Instant,
    lastEventAt: Instant,
    eventCount: z.int(),
    overAt: Instant.nullable().meta({
      description: "Since when what it says has gone by.",
    }),
    eventIds: z.array(z.string()).meta({ description: "The earliest, at most 20." }),
    values: z.record(z.string(), z.unknown()).meta({
      description: "The deciding event's values, by fact or field name.",
    }),
    tags: z.array(z.string()),
  })
  .meta({
    id: "Finding",
    description: "A rule that fired on an entity: kept once, growing.",
    example: {
      id: "9fb01e1c5d3a7b42",
      rule: "write-under-readonly-role",
      title: "Write attempt under a read-only role",
      level: "critical",
      status: "open",
      verdict: null,
      note: null,
      confidence: "high",
      because: "aider called s3:DeleteBucket (allowed) as task-4711 under aider-readonly, " +
        "declared read-only.",
      entity: { type: "session", id: "AROAEXAMPLE000000001:task-4711@2026-03-01T10:00:00.000Z" },
      agent: { name: "aider", basis: "role-arn" },
      role: {
        arn: "arn:aws:iam::111122223333:role/agents/aider-readonly", mode: "readonly",
      },
      session: {
        id: "AROAEXAMPLE000000001:task-4711@2026-03-01T10:00:00.000Z",
        arn: "arn:aws:sts::111122223333:assumed-role/aider-readonly/task-4711",
        name: "task-4711",
      },
      credential: { accessKeyId: "ASIAEXAMPLE000000001" },
      account: "111122223333",
      firstEventAt: "2026-03-01T10:01:10.000Z",
      lastEventAt: "2026-03-01T10:04:00.000Z",
      eventCount: 2,
      overAt: null,
      eventIds: ["59b1a9a4-0000-4000-8000-000000000001", "59b1a9a4-0000-4000-8000-000000000002"],
      values: { "role.mode": "readonly", "event.access": "write" },
      tags: ["attack.t1078.004"],
    },
  });

/** A finding with what was decided on it. */
export function decidedJson(finding: Finding): z.infer<typeof FindingShape> {
  return {
    ...(findingJson(finding) as z.infer<typeof FindingShape>),
    verdict: finding.verdict,
    note: finding.note,
  };
}

export const SuppressionShape = z
  .object({
    id: z.string(),
    rule: z.string().nullable(),
    entity: z.string().nullable(),
    agent: z.string().nullable(),
    account: z.string().nullable(),
    reason: z.string(),
    createdAt: Instant,
    expiresAt: Instant,
  })
  .meta({
    id: "Suppression",
    description: "Findings a person accepted, until it expires. Patterns: * matches any run of " +
      "characters, ? one; null matches all.",
    example: {
      id: "4d6f7a1c9be20358",
      rule: "unknown-network",
      entity: null,
      agent: "aider",
      account: null,
      reason: "The office moves this week.",
      createdAt: "2026-03-01T10:00:00.000Z",
      expiresAt: "2026-03-08T10:00:00.000Z",
    },
  });
