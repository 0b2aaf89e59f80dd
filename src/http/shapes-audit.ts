import { z } from "zod";
import { unknownReasons } from "../audit/part.ts";
import { discoveryBases } from "../audit/discovery.ts";
import { identityKinds } from "../audit/inventory.ts";
import { modes } from "../sessions/attribution.ts";
import { Instant, LevelName } from "./shapes.ts";

const Count = z.int();
const Texts = z.array(z.string()).readonly();

export const AuditRunShape = z
  .object({
    id: z.int(),
    startedAt: Instant,
    at: Instant.meta({ description: "As of when it judged." }),
    seconds: z.number(),
    accounts: Texts,
    checks: z.array(z.object({
      check: z.string(), level: LevelName, pass: Count, fail: Count, unknown: Count,
      open: Count.meta({ description: "Failures that nobody accepted." }),
    })).readonly(),
    changes: z.object({ new: Count, fixed: Count, accepted: Count }),
    identities: z.array(z.object({
      kind: z.enum(identityKinds), mode: z.enum(modes), count: Count,
    })).readonly(),
    unread: z.array(z.object({
      account: z.string(), action: z.string(), reason: z.enum(unknownReasons), said: z.string(),
      count: Count,
    })).meta({ description: "What AWS was asked for in vain." }),
  })
  .meta({
    id: "AuditRun",
    description: "What a run of the audit came to. See docs/audit.md.",
    example: {
      id: 7, startedAt: "2026-03-02T06:00:00.000Z", at: "2026-03-02T06:00:41.000Z", seconds: 41.2,
      accounts: ["111122223333"],
      checks: [{ check: "key-old", level: "medium", pass: 11, fail: 2, unknown: 0, open: 1 }],
      changes: { new: 1, fixed: 0, accepted: 1 },
      identities: [{ kind: "role", mode: "readonly", count: 12 }],
      unread: [],
    },
  });

export const AuditFailureShape = z
  .object({
    check: z.string(),
    title: z.string(),
    level: LevelName,
    account: z.string().nullable(),
    subject: z.string().nullable().meta({ description: "An ARN, or an agent's name." }),
    because: z.string(),
    evidence: z.record(z.string(), z.unknown()),
    remedy: z.object({ kind: z.enum(["cli", "policy", "config"]), text: z.string() }).nullable(),
    change: z.enum(["new", "open", "carried"]).nullable().meta({
      description: "Beside the run before; carried: it could not be judged this time; null: " +
        "accepted.",
    }),
    since: Instant.nullable(),
    accepted: z.object({ reason: z.string(), until: z.string() }).nullable(),
  })
  .meta({
    id: "AuditFailure",
    description: "A check that failed, or did and could not be judged since.",
    example: {
      check: "key-old", title: "Old access key", level: "medium", account: "111122223333",
      subject: "arn:aws:iam::111122223333:user/bot",
      because: "AKIAEXAMPLE000000001 is from 2025-10-01, 152 days ago; 90 are the limit.",
      evidence: { accessKeyId: "AKIAEXAMPLE000000001" },
      remedy: { kind: "cli", text: "aws iam update-access-key --user-name bot --status Inactive" },
      change: "new", since: "2026-03-02T06:00:41.000Z", accepted: null,
    },
  });

export const AgentIdentityShape = z
  .object({
    kind: z.enum(identityKinds),
    account: z.string().nullable(),
    subject: z.string(),
    agents: Texts,
    found: z.array(z.object({ by: z.enum(discoveryBases), what: z.string() })).readonly(),
    owner: z.string().nullable(),
    mode: z.enum(modes),
    lastSessionAt: Instant.nullable(),
    lastUsedAt: Instant.nullable().meta({ description: "As IAM says." }),
    accounts: Texts.meta({ description: "Its own, and those it reaches." }),
    reachableRoleCount: Count,
    chains: z.array(Texts).readonly().meta({ description: "Some, the shortest first." }),
    isReachCut: z.boolean(),
    permissions: z.object({ grantedCount: Count, usedCount: Count.nullable() }).nullable()
      .meta({ description: "Actions; null where its policies are not known." }),
    services: z.object({ grantedCount: Count, usedCount: Count }).nullable()
      .meta({ description: "As IAM says, of the last 400 days." }),
  })
  .meta({
    id: "AgentIdentity",
    description: "A role, user or sign-in of an agent, as of the last audit. See docs/audit.md.",
    example: {
      kind: "role", account: "111122223333",
      subject: "arn:aws:iam::111122223333:role/agents/aider-readonly", agents: ["aider"],
      found: [{ by: "declared", what: "aider" }], owner: "platform", mode: "readonly",
      lastSessionAt: "2026-03-01T10:01:50.000Z", lastUsedAt: null, accounts: ["111122223333"],
      reachableRoleCount: 0, chains: [], isReachCut: false,
      permissions: { grantedCount: 12, usedCount: 3 },
      services: { grantedCount: 4, usedCount: 1 },
    },
  });
