import { z } from "zod";
import { Audit } from "./audit-schema.ts";
import { Baselines } from "./baseline-schema.ts";
import { Response } from "./response-schema.ts";
import { AgentModes, Mode, Run, SessionNameTemplate } from "./run-schema.ts";
import { Sink } from "./sink-schema.ts";
import { Tasks } from "./task-schema.ts";
import { AccountId, AssumedRole, Glob, Name, Region } from "./value-schema.ts";

const Cidr = z.union([z.cidrv4(), z.cidrv6()], "a network, such as 203.0.113.0/24");

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
  /** Every session of it is issued for a task that somebody told of; any other is not ours. */
  mustRegister: z.boolean().default(false),
  /** How many of its credentials may be valid at the same time; of one task of it. */
  maxLiveCredentials: z.int().min(1).optional(),
  maxLiveCredentialsPerTask: z.int().min(1).optional(),
  /** What `trailwarden run` may issue to it, and what it calls the sessions. */
  modes: AgentModes.default({}),
  sessionName: SessionNameTemplate.default("{agent}-{task}"),
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
  vpcEndpoints: z.array(z.string().regex(/^vpce-[0-9a-f]+$/, "vpce- and hex digits")).default([]),
});

/**
 * What Sigma's `expand` puts in for `%name%`: the name without its percent signs, and its values,
 * which may hold wildcards.
 */
const Placeholders = z.record(
  z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/),
  z.array(z.string().min(1)).min(1, "a list of at least one value"),
  {
    error: ({ code }) =>
      code === "invalid_key" ? "a name of letters, digits, _ . - (no percent signs)" : undefined,
  },
);

/** S3 notifications, SNS, EventBridge: whatever arrives in a queue. */
const SqsSource = z.strictObject({
  kind: z.literal("sqs"),
  name: Name,
  queueUrl: z.url("the queue's URL: https://sqs.<region>.amazonaws.com/<account>/<name>"),
  /** Of the queue; absent: as its URL says. */
  region: Region.optional(),
  /** To see how many messages have failed. */
  deadLetterQueueUrl: z.url("a queue's URL").optional(),
  assumeRole: AssumedRole.optional(),
  /** Messages worked on at the same time. */
  concurrency: z.int().min(1).max(256).default(128),
  /** How long a message stays hidden between two signs of life. */
  visibilitySeconds: z.int().min(2).max(43_200).default(120),
  /** Buckets that objects may be in; empty: all. */
  buckets: z.array(z.string().min(3)).default([]),
  /** Whose the buckets must be. */
  bucketOwner: AccountId.optional(),
  /** Take only what EventBridge says CloudTrail itself has written. */
  requireCloudTrailRequester: z.boolean().default(false),
  /** Take only objects that are encrypted with this key, as the trail is told to. */
  kmsKeyArn: z
    .string()
    .regex(/^arn:[^:]+:kms:[^:]+:\d{12}:key\/.+$/, "the ARN of a KMS key, ending in key/<id>")
    .optional(),
});

/** CloudTrail's own event history, asked for again and again. */
const LookupEventsSource = z.strictObject({
  kind: z.literal("lookup-events"),
  name: Name,
  accounts: z
    .array(z.strictObject({ id: AccountId, assumeRole: AssumedRole.optional() }))
    .min(1, "a list of at least one account"),
  regions: z.array(Region).min(1, "a list of at least one region"),
  everySeconds: z.int().min(10).max(3600).default(60),
  /** Events come into the history late: each look goes so far back behind the last. */
  overlapSeconds: z.int().min(60).max(86_400).default(900),
  /** How far the very first look goes back. */
  startHoursAgo: z.int().min(0).max(2160).default(1),
});

/** A folder into which files are put. */
const DirectorySource = z.strictObject({
  kind: z.literal("directory"),
  name: Name,
  path: z.string().min(1),
  everySeconds: z.number().min(0.1).max(3600).default(2),
});

const Source = z.discriminatedUnion("kind", [SqsSource, LookupEventsSource, DirectorySource]);

const Token = z.strictObject({
  name: Name,
  role: z.enum(["viewer", "responder", "admin"]),
  /** Of the token's text; `trailwarden token new` makes both. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "64 hex digits (make one with: trailwarden token new)"),
});

const Http = z.strictObject({
  host: z.string().min(1).default("127.0.0.1"),
  port: z.int().min(0).max(65_535).default(8484),
  tokens: z.array(Token).default([]),
  requestsPerMinute: z.int().min(1).default(600),
});

const Service = z.strictObject({
  /** How long a shutdown may take to finish what is begun. */
  shutdownSeconds: z.int().min(1).max(600).default(25),
  /** Bytes of records in hand, before commit; sources wait beyond it. */
  inHandBytesMax: z
    .int()
    .min(1024 ** 2)
    .default(64 * 1024 ** 2),
  /** Nobody is told of findings whose last event is older. */
  announceHours: z.number().positive().default(24),
  logLevel: z.enum(["debug", "info", "warn", "error"]).default("info"),
});

const Arrival = z.strictObject({
  /**
   * From an event happening to its commit: a source that takes longer is blind. CloudTrail takes
   * some 5 minutes, and promises nothing.
   * docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
   */
  lagObjectiveSeconds: z.int().min(900).max(86_400).default(1800),
});

export const Config = z.strictObject({
  agents: z.array(Agent).default([]),
  roles: z.array(Role).default([]),
  zones: z.array(Zone).default([]),
  networks: z.array(NetworkGroup).default([]),
  accounts: z.array(z.strictObject({ id: AccountId, name: z.string() })).default([]),
  /** Values of the placeholders in rules: `%Administrators%` -> user names. */
  placeholders: Placeholders.default({}),
  /** How AWS is reached, where a source does not say otherwise. */
  aws: z
    .strictObject({
      region: Region.optional(),
      /** Another address of all services: an emulator, a proxy. */
      endpoint: z.url("a URL").optional(),
      assumeRole: AssumedRole.optional(),
    })
    .prefault({}),
  sources: z.array(Source).default([]),
  sinks: z.array(Sink).default([]),
  http: Http.prefault({}),
  service: Service.prefault({}),
  run: Run.prefault({}),
  tasks: Tasks.prefault({}),
  baselines: Baselines.prefault({}),
  arrival: Arrival.prefault({}),
  response: Response.prefault({}),
  audit: Audit.prefault({}),
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
export type SourceConfig = Config["sources"][number];
export type SqsSourceConfig = z.infer<typeof SqsSource>;
export type LookupEventsSourceConfig = z.infer<typeof LookupEventsSource>;
export type DirectorySourceConfig = z.infer<typeof DirectorySource>;
export type SinkConfig = Config["sinks"][number];
/** A sink of one kind. */
export type SinkOf<K extends SinkConfig["kind"]> = Extract<SinkConfig, { kind: K }>;
export type TokenConfig = z.infer<typeof Token>;
export type ResponseConfig = Config["response"];
export type RevocationTrigger = ResponseConfig["triggers"][number];
export type ApprovalPolicy = ResponseConfig["approvals"][number];
/** How AWS is reached. */
export type AwsConfig = Config["aws"];

/** Nothing declared: what `scan` works with when no config is given. */
export const emptyConfig: Config = Config.parse({});
