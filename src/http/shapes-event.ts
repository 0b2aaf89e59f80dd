import { z } from "zod";
import { eventJson } from "../commands/output/print-events.ts";
import type { TimelineEntry } from "../timeline.ts";
import { FindingShape } from "./shapes-finding.ts";
import { Instant, LevelName } from "./shapes.ts";

const text = z.string().nullable();

const event = {
  eventId: z.string(),
  eventAt: Instant,
  operation: z.string(),
  access: z.string(),
  result: z.string(),
  errorCode: text,
  denial: z
    .object({ kind: z.string(), policyType: text, policyArn: text, action: text, resource: text })
    .nullable(),
  region: z.string(),
  account: text,
  principal: z.object({
    kind: z.string(), id: text, arn: text, account: text, accessKeyId: text, sourceIdentity: text,
    invokedBy: text,
  }),
  session: z
    .object({
      id: z.string(), arn: text, name: text, anchor: z.string(), joinedBy: text, roleArn: text,
      mode: z.string(), chainDepth: z.int(),
    })
    .nullable(),
  credential: z
    .object({ accessKeyId: z.string(), kind: z.string(), expiresAt: Instant.nullable() })
    .nullable(),
  agent: z
    .object({
      name: z.string(), basis: z.string(), status: z.string(), confidence: z.string(),
    })
    .nullable(),
  network: z.object({ kind: z.string(), name: z.string(), address: text }),
  userAgent: z.object({
    text, family: text, version: text, os: text, language: text, agent: text,
    credentialSource: text,
  }),
};

/** As `scan --events` prints it: see docs/output.md. */
export const EventShape = z.object(event).meta({
  id: "Event", description: "One CloudTrail event, normalised, with whose it is.",
});

export const TimelineEventShape = z
  .object({
    ...event,
    findings: z
      .array(z.object({ id: z.string(), rule: z.string(), level: LevelName }))
      .meta({ description: "Findings with this event among the earliest 20 they count." }),
  })
  .meta({
    id: "TimelineEvent",
    description: "An event, and the findings that name it as evidence.",
    example: {
      eventId: "59b1a9a4-0000-4000-8000-000000000001",
      eventAt: "2026-03-01T10:01:10.000Z",
      operation: "s3:DeleteBucket",
      access: "write",
      result: "allowed",
      errorCode: null,
      denial: null,
      region: "eu-west-1",
      account: "111122223333",
      principal: {
        kind: "role-session",
        id: "AROAEXAMPLE000000001:task-4711",
        arn: "arn:aws:sts::111122223333:assumed-role/aider-readonly/task-4711",
        account: "111122223333",
        accessKeyId: "ASIAEXAMPLE000000001",
        sourceIdentity: null,
        invokedBy: null,
      },
      session: {
        id: "AROAEXAMPLE000000001:task-4711@2026-03-01T10:00:00.000Z",
        arn: "arn:aws:sts::111122223333:assumed-role/aider-readonly/task-4711",
        name: "task-4711",
        anchor: "role-issue",
        joinedBy: "access-key",
        roleArn: "arn:aws:iam::111122223333:role/agents/aider-readonly",
        mode: "readonly",
        chainDepth: 0,
      },
      credential: {
        accessKeyId: "ASIAEXAMPLE000000001",
        kind: "temporary",
        expiresAt: "2026-03-01T11:00:00.000Z",
      },
      agent: { name: "aider", basis: "role-arn", status: "declared", confidence: "high" },
      network: { kind: "ipv4", name: "198.51.100.0/24", address: "198.51.100.7" },
      userAgent: {
        text: "Boto3/1.40.0 md/Botocore#1.40.0 ua/2.1 os/linux lang/python#3.12.4",
        family: "boto3",
        version: "1.40.0",
        os: "linux",
        language: "python",
        agent: null,
        credentialSource: null,
      },
      findings: [{ id: "9fb01e1c5d3a7b42", rule: "write-under-readonly-role", level: "critical" }],
    },
  });

/** As `explain --format json` prints it. */
export const ExplanationShape = z
  .object({
    event: EventShape,
    leftOut: z.enum(["superseded", "twin"]).nullable().meta({
      description: "Why it was not judged, though stored; null when it was.",
    }),
    facts: z.record(z.string(), z.unknown()).meta({ description: "Those that are known." }),
    rulesConsideredCount: z.int(),
    rules: z.array(z.record(z.string(), z.unknown())).meta({
      description: "Rules that matched: each selection, what it wanted and what it saw.",
    }),
    findings: z.array(FindingShape.omit({ verdict: true, note: true })),
    record: z.record(z.string(), z.unknown()).meta({
      description: "As AWS sent it, session tokens taken out.",
    }),
  })
  .meta({ id: "Explanation", description: "Every step behind one event's judgement." });

export function timelineJson(entry: TimelineEntry): z.infer<typeof TimelineEventShape> {
  return {
    ...(eventJson(entry) as z.infer<typeof EventShape>),
    findings: entry.citations.map(({ id, rule, level }) => ({ id, rule, level })),
  };
}
