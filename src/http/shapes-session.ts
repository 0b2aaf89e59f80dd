import { z } from "zod";
import type { AgentActivity, Activity, ListedCredential } from "../findings/lists.ts";
import { levels } from "../detections/detection.ts";
import { accessClasses } from "../events/event.ts";
import { modes } from "../sessions/attribution.ts";
import { taskBases } from "../sessions/task.ts";
import { Instant } from "./shapes.ts";

const text = z.string().nullable();
const count = z.int();

const CredentialOfSession = z.object({
  accessKeyId: z.string(),
  kind: z.enum(["long-term", "temporary"]),
  useCount: count,
  expiresAt: Instant.nullable(),
  firstAt: Instant,
  lastAt: Instant,
  networks: z.array(z.string()),
});

/** As `sessions --format json` prints it. */
export const SessionShape = z
  .object({
    id: z.string(),
    anchor: z.string().meta({ description: "What holds its calls together." }),
    kind: z.string(),
    principalId: text,
    arn: text,
    account: text,
    role: z.object({ id: text, arn: z.string(), name: z.string() }).nullable(),
    name: text.meta({ description: "The session name, chosen by whoever opened it." }),
    createdAt: Instant.nullable(),
    firstAt: Instant,
    lastAt: Instant,
    eventCount: count,
    counts: z.partialRecord(z.enum(accessClasses), count).meta({
      description: "Events by access.",
    }),
    deniedCount: count,
    sourceIdentity: text,
    mfa: z.boolean().nullable(),
    tags: z.record(z.string(), z.string()),
    joinedBy: text.meta({ description: "How its issuance was found; null when it was not." }),
    chain: z.array(z.object({ groupKey: z.string(), roleArn: text })).meta({
      description: "The role sessions it was assumed from, nearest first.",
    }),
    mode: z.object({ mode: z.enum(modes), basis: z.string(), isGuessed: z.boolean() }),
    distinctSecretCount: count,
    secretBurstCount: count,
    userAgentFamilies: z.array(z.string()),
    agent: z
      .object({
        name: z.string(),
        status: z.string(),
        confidence: z.string(),
        basis: z.array(z.object({ by: z.string(), matched: z.string() })),
      })
      .nullable(),
    task: z
      .object({
        id: z.string(),
        externalId: z.string(),
        basis: z.enum(taskBases),
        confidence: z.string(),
        by: text.meta({ description: "How a told task is known to be its own; else null." }),
        endedAt: Instant.nullable(),
      })
      .nullable()
      .meta({ description: "The task it is for, told of or inferred; null: no agent's." }),
    issuedAt: Instant.nullable(),
    issuedBy: z
      .object({
        kind: z.string(),
        principalId: text,
        accessKeyId: text,
        roleArn: text,
        account: text,
        network: z.string(),
        userAgent: text,
      })
      .nullable()
      .meta({ description: "Who asked for its credentials." }),
    credentials: z.array(CredentialOfSession),
  })
  .meta({ id: "Session", description: "One role session, sign-in session, or use of a key." });

export const CredentialShape = CredentialOfSession.omit({ networks: true })
  .extend({ sessionId: z.string(), account: text, agent: text, roleArn: text })
  .meta({
    id: "Credential",
    description: "One access key in one session. A long-term key has a session a day or more.",
    example: {
      accessKeyId: "ASIAEXAMPLE000000001",
      kind: "temporary",
      useCount: 12,
      expiresAt: "2026-03-01T11:00:00.000Z",
      firstAt: "2026-03-01T10:00:05.000Z",
      lastAt: "2026-03-01T10:14:00.000Z",
      sessionId: "AROAEXAMPLE000000001:task-4711@2026-03-01T10:00:00.000Z",
      account: "111122223333",
      agent: "aider",
      roleArn: "arn:aws:iam::111122223333:role/agents/aider-readonly",
    },
  });

const activity = {
  sessionCount: count,
  eventCount: count,
  writeCount: count.meta({ description: "Writes, permission changes and tagging, tried or done." }),
  deniedCount: count,
  liveCredentialCount: count.meta({ description: "Not expired; see live under /v1/credentials." }),
  firstAt: Instant,
  lastAt: Instant,
  openFindings: z.object({
    informational: count, low: count, medium: count, high: count, critical: count,
  }).meta({ description: "Open and not suppressed, by level." }),
};
const exampleActivity = {
  sessionCount: 31,
  eventCount: 1904,
  writeCount: 211,
  deniedCount: 4,
  liveCredentialCount: 2,
  firstAt: "2026-02-26T07:12:00.000Z",
  lastAt: "2026-03-01T10:14:00.000Z",
  openFindings: { informational: 0, low: 1, medium: 0, high: 0, critical: 1 },
};

export const AgentShape = z
  .object({
    name: z.string(),
    status: z.enum(["declared", "discovered"]),
    owner: text.meta({ description: "As the config says." }),
    ...activity,
  })
  .meta({
    id: "Agent",
    description: "The software behind sessions: declared in the config, or discovered.",
    example: {
      name: "aider", status: "declared", owner: "platform@example.com", ...exampleActivity,
    },
  });

export const RoleShape = z
  .object({ arn: z.string(), mode: z.enum(modes), ...activity })
  .meta({
    id: "Role",
    description: "An IAM role that had sessions, with the mode of its last one.",
    example: {
      arn: "arn:aws:iam::111122223333:role/agents/aider-readonly",
      mode: "readonly",
      ...exampleActivity,
    },
  });

const iso = (at: number): string => new Date(at).toISOString();

export function credentialJson(credential: ListedCredential): z.infer<typeof CredentialShape> {
  const { firstAt, lastAt, expiresAt } = credential;
  return {
    ...credential,
    firstAt: iso(firstAt),
    lastAt: iso(lastAt),
    expiresAt: expiresAt === null ? null : iso(expiresAt),
  };
}

export function activityJson(of: Activity | AgentActivity) {
  const { sessionCount, eventCount, writeCount, deniedCount, liveCredentialCount } = of;
  return {
    sessionCount, eventCount, writeCount, deniedCount, liveCredentialCount,
    firstAt: iso(of.firstAt),
    lastAt: iso(of.lastAt),
    openFindings: Object.fromEntries(
      levels.map((level) => [level, of.openFindings[level] ?? 0]),
    ) as z.infer<typeof activity.openFindings>,
  };
}
