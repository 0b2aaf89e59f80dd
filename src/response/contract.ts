import { z } from "zod";
import { conditionKeys } from "../revocations/document.ts";
import { refusalNames } from "../revocations/refusal.ts";
import { revocationStates } from "../revocations/life-cycle.ts";
import { releaseWaits } from "../revocations/approve.ts";
import { targetKinds } from "../revocations/target.ts";
import { widenings } from "../revocations/fit.ts";
import { modes } from "../sessions/attribution.ts";

/**
 * What the service, the command line and people say to each other about revocations: bodies of
 * requests are strict, answers may grow. With examples: `docs/revocation.md`.
 */
const At = z.iso.datetime();
const Reason = z.string().trim().min(1).max(1024);

/** POST /v1/revocations: 200 the plan where nothing is asked for, 201 what was asked for. */
export const AskRevocation = z.strictObject({
  target: z.strictObject({ kind: z.enum(targetKinds), value: z.string().min(1).max(2048) }),
  reason: Reason,
  /** True: only the plan is wanted. */
  dryRun: z.boolean(),
});

/** The version is that of the plan that was looked at. */
export const ApproveRevocation = z.strictObject({ version: z.string().min(1).max(64) });
/** Of a no, of an undoing, of a pause. */
export const GiveReason = z.strictObject({ reason: Reason });

const Change = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("deny"),
    roleArn: z.string(),
    carrier: z.enum(["inline", "managed"]),
    /** Name of the inline policy, ARN of the managed one. */
    policy: z.string(),
    denials: z.array(z.object({
      kind: z.enum(Object.keys(conditionKeys) as (keyof typeof conditionKeys)[]),
      value: z.string(),
      issuedBefore: At.nullable(),
    })),
    widening: z.enum(widenings),
    because: z.array(z.string()),
    document: z.string().nullable(),
    attach: z.boolean(),
    isSeen: z.boolean(),
  }),
  z.object({
    kind: z.literal("key"),
    account: z.string(),
    userName: z.string(),
    accessKeyId: z.string(),
    before: z.enum(["Active", "Inactive"]).nullable(),
    because: z.array(z.string()),
  }),
]);

export const PlanView = z.object({
  changes: z.array(Change),
  refusals: z.array(z.object({
    name: z.enum(refusalNames), subject: z.string(), because: z.string(),
    scp: z.string().nullable(),
  })),
  hits: z.array(z.object({
    id: z.string(),
    name: z.string().nullable(),
    roleArn: z.string().nullable(),
    agent: z.string().nullable(),
    mode: z.enum(modes),
    as: z.enum(["meant", "descendant", "bystander"]),
    endsAt: At.nullable(),
  })),
  doesNotStop: z.array(z.string()),
  wayBack: z.array(z.string()),
  endsAt: At.nullable(),
  removableAt: At.nullable(),
});

const Decided = z.object({ by: z.string(), reason: z.string(), at: At }).nullable();
const Seen = z.object({ firstAt: At, lastAt: At, lastBy: z.string() }).nullable();

export const RevocationView = z.object({
  id: z.string(),
  state: z.enum(revocationStates),
  target: AskRevocation.shape.target.loose(),
  reason: z.string(),
  trigger: z.enum(["person", "rule", "task-end"]),
  /** The finding or the task that asks. */
  subject: z.string().nullable(),
  requestedBy: z.string(),
  requestedAt: At,
  /** What is put before people, or stands. */
  version: z.string(),
  /** How many have to say yes to it, and who has. */
  people: z.number(),
  approvals: z.array(z.object({ by: z.string(), version: z.string(), at: At })),
  /** Whether the version waits for them. */
  isAwaited: z.boolean(),
  declined: Decided,
  releasedAt: At.nullable(),
  appliedAt: At.nullable(),
  denied: Seen,
  succeeded: Seen,
  tampered: Seen,
  undone: Decided,
  plan: PlanView,
});

export const AskedView = z.object({
  plan: PlanView,
  /** Null: nothing was asked for. */
  revocation: RevocationView.nullable(),
  /** Why not, and what the plan does not know; sentences. */
  notes: z.array(z.string()),
});

/** GET /v1/revocations */
export const RevocationPage = z.object({
  items: z.array(RevocationView), next: z.string().nullable(),
});

/** GET /v1/response */
export const ResponseView = z.object({
  enabled: z.boolean(),
  paused: Decided,
  /** Of revocations of which something is left to do. */
  open: z.array(z.object({ state: z.enum(revocationStates), count: z.number() })),
  /** What is not carried out yet, and why. */
  waiting: z.array(z.object({
    id: z.string(), for: z.enum(releaseWaits), because: z.string(),
  })),
});

export type AskRevocation = z.infer<typeof AskRevocation>;
export type PlanView = z.infer<typeof PlanView>;
export type ChangeView = PlanView["changes"][number];
export type RevocationView = z.infer<typeof RevocationView>;
export type AskedView = z.infer<typeof AskedView>;
export type ResponseView = z.infer<typeof ResponseView>;
