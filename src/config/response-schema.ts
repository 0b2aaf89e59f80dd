import { z } from "zod";
import { Only } from "./sink-schema.ts";

const Glob = z.string().min(1).max(2048);
const AccountId = z.string().regex(/^\d{12}$/, "12 digits, in quotes");
const RoleArn = z.string().regex(/^arn:[^:]+:iam::\d{12}:role\/.+$/, "the ARN of an IAM role");

const Modes = z
  .array(z.enum(["readonly", "readwrite", "deploy", "break-glass", "unknown"]))
  .default([]);

/** Findings that ask for a revocation by themselves. */
const Trigger = z.strictObject({
  only: Only.prefault({}),
  /** Of the finding's role. */
  modes: Modes,
  /** What is asked for of what the finding is about. */
  target: z.enum(["session", "credential", "agent", "role"]).default("session"),
});

/**
 * How many people have to say yes to what fits. What is left empty fits everything; the first that
 * fits decides.
 */
const ApprovalPolicy = z.strictObject({
  /** Names of the rules whose findings ask for it. */
  rules: z.array(Glob).default([]),
  /** What asks for it. */
  askedBy: z.array(z.enum(["person", "rule", "task-end"])).default([]),
  /** Of the finding that asks for it. */
  levels: z.array(z.enum(["critical", "high", "medium", "low", "informational"])).default([]),
  /** Every session that is hit is of one of these agents. */
  agents: z.array(Glob).default([]),
  /** Every session that is hit is in one of these modes. */
  modes: Modes,
  /** 0: nobody; 2: a second person besides whoever asks for it. */
  people: z.int().min(0).max(2),
});

/** What may be done to sessions, by whom, and how. */
export const Response = z.strictObject({
  /** False: nothing is changed in any account, and plans say what would be. */
  enabled: z.boolean().default(false),
  /**
   * `inline`: a policy in each role. `managed`: one policy per account, made and attached to the
   * agents' roles in advance; where it is not, and cannot be attached, inline.
   */
  carrier: z.enum(["inline", "managed"]).default("inline"),
  /** What our policies are called, without path. */
  policyName: z
    .string()
    .regex(/^[\w+=,.@-]{1,128}$/, "letters, digits and +=,.@_-, at most 128")
    .default("TrailwardenSessionDeny"),
  /** Roles that this program works under, besides those it is told to assume: never touched. */
  responderRoles: z.array(RoleArn).default([]),
  /** ARNs of roles that are never touched. */
  protectedRoles: z.array(Glob).default([]),
  managementAccount: AccountId.optional(),
  /** How the IAM of an account is reached; others: as `aws` says. */
  accounts: z
    .array(
      z.strictObject({
        id: AccountId,
        assumeRole: z.strictObject({
          roleArn: RoleArn,
          externalId: z.string().min(2).max(1224).optional(),
        }),
      }),
    )
    .default([]),
  /** Without one, only people and tasks that end ask for anything. */
  triggers: z.array(Trigger).default([]),
  approvals: z.array(ApprovalPolicy).default([]),
  /** What may be hit within an hour; more waits. */
  hourlyMax: z
    .strictObject({
      sessions: z.int().min(0).default(50),
      roles: z.int().min(0).default(10),
    })
    .prefault({}),
  /** Whether what does not hold is asked for again for the whole role. */
  escalate: z.boolean().default(false),
});
