import { z } from "zod";

/** An ARN or name pattern: `*` matches any run of characters, `?` one. Case-sensitive. */
const Glob = z.string().min(1).max(2048);
const Name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, "lower-case letters, digits, . _ -, at most 63");
const AccountId = z
  .string()
  .regex(/^\d{12}$/, "an account id is 12 digits (quote it, so that YAML keeps leading zeros)");
const Cidr = z.union([z.cidrv4(), z.cidrv6()]);
const Mode = z.enum(["readonly", "readwrite", "deploy", "break-glass"]);

/**
 * How sessions of one agent are recognised, and what it may do. At least one of the matchers is
 * needed.
 */
const Agent = z.strictObject({
  name: Name,
  description: z.string().optional(),
  owner: z.string().optional(),
  /** IAM role ARNs, with or without path: `arn:aws:iam::*:role/agents/aider-*`. */
  roles: z.array(Glob).default([]),
  /**
   * All of the agent's sessions must match one of these; used for attribution only together with a
   * role, or alone when no role is given.
   */
  sessionNames: z.array(Glob).default([]),
  sourceIdentities: z.array(Glob).default([]),
  sessionTags: z.record(z.string(), Glob).default({}),
  /** Matched against the user agent's family, coding agent and text. */
  userAgents: z.array(Glob).default([]),
  /**
   * Networks this agent calls from: names from `networks`, CIDRs or VPC endpoint ids. Empty: not
   * declared.
   */
  networks: z.array(z.string()).default([]),
  maxLifetimeSeconds: z.int().min(300).max(129600).optional(),
  /** Roles it may assume from its own sessions. */
  mayAssume: z.array(Glob).default([]),
  /** Zones it may not enter. */
  forbiddenZones: z.array(Name).default([]),
  /**
   * Operations that are sensitive reads but this agent's daily work:
   * `secretsmanager:GetSecretValue`.
   */
  allowedSensitiveReads: z.array(Glob).default([]),
});

const Role = z.strictObject({
  arn: Glob,
  mode: Mode,
});

const Zone = z.strictObject({
  name: Name,
  accounts: z.array(AccountId).default([]),
  regions: z.array(Glob).default([]),
  services: z.array(Glob).default([]),
  /** Resource ARNs. */
  resources: z.array(Glob).default([]),
});

const NetworkGroup = z.strictObject({
  name: Name,
  cidrs: z.array(Cidr).default([]),
  vpcEndpoints: z.array(z.string().regex(/^vpce-[0-9a-f]+$/)).default([]),
});

/**
 * What Sigma's `expand` puts in for `%name%`: the name without its percent signs, and its values,
 * which may hold wildcards.
 */
const Placeholders = z.record(
  z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/),
  z.array(z.string().min(1)).min(1, "at least one value"),
  {
    error: ({ code }) =>
      code === "invalid_key" ? "a name of letters, digits, _ . - (no percent signs)" : undefined,
  },
);

export const Config = z.strictObject({
  agents: z.array(Agent).default([]),
  roles: z.array(Role).default([]),
  zones: z.array(Zone).default([]),
  networks: z.array(NetworkGroup).default([]),
  accounts: z.array(z.strictObject({ id: AccountId, name: z.string() })).default([]),
  /** Values of the placeholders in rules: `%Administrators%` -> user names. */
  placeholders: Placeholders.default({}),
  retentionDays: z.int().min(1).max(3650).default(90),
  read: z
    .strictObject({
      inflatedBytesMax: z
        .int()
        .positive()
        .default(4 * 1024 ** 3),
      recordBytesMax: z
        .int()
        .positive()
        .default(2 * 1024 ** 2),
      depthMax: z.int().min(8).max(512).default(64),
      recordsMax: z.int().positive().default(50_000_000),
    })
    .prefault({}),
});

export type Config = z.infer<typeof Config>;
export type AgentConfig = Config["agents"][number];
export type ZoneConfig = Config["zones"][number];

/** Nothing declared: what `scan` works with when no config is given. */
export const emptyConfig: Config = Config.parse({});
