import { z } from "zod";

/** What a role is for. */
export const Mode = z.enum(["readonly", "readwrite", "deploy", "break-glass"]);
export type GrantedMode = z.infer<typeof Mode>;

/** Modes under which something can be changed: nobody gets one without saying why. */
export const writeModes: readonly GrantedMode[] = ["readwrite", "deploy", "break-glass"];

const RoleArn = z.string().regex(/^arn:[^:]+:iam::\d{12}:role\/.+$/, "the ARN of an IAM role");

/** What `trailwarden run` issues to an agent in one mode. */
const AgentMode = z.strictObject({
  role: RoleArn,
  /**
   * The longest one credential may last; at most what the role's MaxSessionDuration says. STS
   * issues none under 900 s, and 3600 s are the most where a role assumes a role.
   */
  durationSeconds: z.int().min(900).max(43_200).default(3600),
  /** How long its tasks usually take, where nobody says. */
  expectedSeconds: z.int().min(1).max(604_800).optional(),
  /** Narrows the role: JSON as it stands, or a file of it, seen from the config's folder. */
  sessionPolicy: z.string().min(1).optional(),
  /** Another person has to say yes before a credential is issued. */
  approval: z.boolean().default(false),
  /** Modes that write need a reason anyway. */
  needsReason: z.boolean().default(false),
});

export const AgentModes = z.partialRecord(Mode, AgentMode, {
  error: ({ code }) =>
    code === "invalid_key" ? `named by modes: ${Mode.options.join(", ")}` : undefined,
});

/** `{agent}-{epoch}`: text, and what is put in for the names. */
export const SessionNameTemplate = z
  .string()
  .regex(
    /^(?:[\w+=,.@-]|\{(?:agent|task|mode|actor|epoch)\}){2,}$/,
    "letters, digits and +=,.@_- with {agent}, {task}, {mode}, {actor}, {epoch}",
  );

/** How `trailwarden run` reaches the service, and who it is to AWS. */
export const Run = z.strictObject({
  /** Of the service, such as https://trailwarden.internal:8484; TRAILWARDEN_URL goes before it. */
  url: z.url("a URL").optional(),
  /** When the service cannot be reached: run nothing, or run and tell it later. */
  offline: z.enum(["refuse", "queue"]).default("refuse"),
  /** Who assumes the agents' roles. */
  identity: z.enum(["auto", "aws", "github-actions", "token-file"]).default("auto"),
  /** The AWS profile for `aws`; absent: whatever the SDK finds. */
  profile: z.string().min(1).optional(),
  /** For `token-file`; absent: AWS_WEB_IDENTITY_TOKEN_FILE. */
  tokenFile: z.string().min(1).optional(),
  /** For `github-actions`: what the token is asked for. */
  audience: z.string().min(1).default("sts.amazonaws.com"),
  /** A task without a sign of life for so long has ended. */
  heartbeatSeconds: z.int().min(3).max(3600).default(60),
  /** How long an approval is waited for. */
  approvalSeconds: z.int().min(1).max(86_400).default(900),
  /** Where what the service is yet to be told is kept. */
  stateDir: z.string().min(1).optional(),
});

export type AgentModeConfig = z.infer<typeof AgentMode>;
export type RunConfig = z.infer<typeof Run>;
