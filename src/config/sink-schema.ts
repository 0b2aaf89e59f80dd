import { z } from "zod";
import { AccountId, AssumedRole, Glob, Name, Region, TimeZone } from "./value-schema.ts";

/** Sigma's levels, least first. */
const Level = z.enum(["informational", "low", "medium", "high", "critical"]);

/** Which findings a receiver hears of, or somebody acts on; what is empty asks nothing. */
export const Only = z.strictObject({
  /** This level or worse. */
  minLevel: Level.default("informational"),
  rules: z.array(Glob).default([]),
  agents: z.array(Glob).default([]),
  accounts: z.array(AccountId).default([]),
});

const everySink = { name: Name, only: Only.prefault({}) };

/** What is written as one JSON line a finding: ours, or OCSF's Detection Finding. */
const Format = z.enum(["trailwarden", "ocsf"]).default("trailwarden");

const FileSink = z.strictObject({
  kind: z.literal("file"),
  ...everySink,
  path: z.string().min(1),
  format: Format,
});

const S3Sink = z.strictObject({
  kind: z.literal("s3"),
  ...everySink,
  bucket: z.string().min(3),
  /** Goes before every key; a store of its own needs one of its own. */
  prefix: z.string().max(512).default(""),
  format: Format,
  region: Region.optional(),
  assumeRole: AssumedRole.optional(),
});

const SnsSink = z.strictObject({
  kind: z.literal("sns"),
  ...everySink,
  topicArn: z
    .string()
    .regex(/^arn:[^:]+:sns:[^:]+:\d{12}:[\w.-]+$/, "the ARN of an SNS topic"),
  assumeRole: AssumedRole.optional(),
});

const EventBridgeSink = z.strictObject({
  kind: z.literal("eventbridge"),
  ...everySink,
  eventBusArn: z
    .string()
    .regex(/^arn:[^:]+:events:[^:]+:\d{12}:event-bus\/.+$/, "the ARN of an event bus"),
  assumeRole: AssumedRole.optional(),
});

/** Of HTTP's: how long one request may take. Those that wait at a shutdown are bounded by it. */
const timeoutSeconds = z.number().min(0.1).max(60).default(5);
const Header = z.string().regex(/^[\t\x20-\x7e]*$/, "text without line breaks, in ASCII");
const headers = z.record(z.string().regex(/^[\w-]+$/), Header).default({});

const WebhookSink = z.strictObject({
  kind: z.literal("webhook"),
  ...everySink,
  url: z.url("a URL"),
  /** Each signs: to change one, give both for a while. */
  secrets: z
    .array(z.string().regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, "whsec_ and 24 to 64 bytes"))
    .min(1, "a list of at least one secret"),
  headers,
  timeoutSeconds,
});

const AlertmanagerSink = z.strictObject({
  kind: z.literal("alertmanager"),
  ...everySink,
  /** Without `/api/v2/alerts`. */
  url: z.url("a URL"),
  /** An open finding is sent again so often; four times as long without that, and it is over. */
  resendSeconds: z.int().min(1).max(3600).default(60),
  /** Beside our own, on every alert. */
  labels: z.record(z.string().regex(/^[a-zA-Z_]\w*$/), z.string().min(1)).default({}),
  headers,
  timeoutSeconds,
});

const ClockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, "a time, such as 22:00");
const Day = z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);

/** Those whose `to` is not after `from` end on the next day. */
const QuietHours = z.strictObject({
  timeZone: TimeZone,
  /** On which they begin; absent: on every one. */
  days: z.array(Day).min(1, "a list of at least one day").default([...Day.options]),
  from: ClockTime,
  to: ClockTime,
});

/** How people are told. */
const manners = {
  /** Not told what was acknowledged or closed by then: for those who are asked second. */
  afterMinutes: z.number().min(0).max(10_080).default(0),
  /** Told again of what is open and not acknowledged; null: never. */
  repeatHours: z.number().min(0.1).max(720).nullable().default(24),
  /** Levels below this one are told together. */
  digestBelow: Level.default("medium"),
  digestMinutes: z.number().min(0.01).max(1440).default(15),
  /** Of each level; the rest is told together. */
  messagesPerHour: z.int().min(1).max(1000).default(20),
  quietHours: z.array(QuietHours).default([]),
  /** This level and worse are told in quiet hours too. */
  wakeFrom: Level.default("critical"),
};

const SlackSink = z.strictObject({
  kind: z.literal("slack"),
  ...everySink,
  /** Of a bot that may `chat:write`. */
  token: z.string().min(1),
  /** Its id: C0123456789. */
  channel: z.string().min(1).max(80),
  url: z.url("a URL").default("https://slack.com/api"),
  timeoutSeconds,
  ...manners,
});

const PagerDutySink = z.strictObject({
  kind: z.literal("pagerduty"),
  ...everySink,
  /** Of an integration of type Events API v2. */
  routingKey: z.string().min(1),
  url: z.url("a URL").default("https://events.pagerduty.com/v2/enqueue"),
  timeoutSeconds,
  ...manners,
});

export const Sink = z.discriminatedUnion("kind", [
  FileSink, S3Sink, WebhookSink, SnsSink, EventBridgeSink, AlertmanagerSink, SlackSink,
  PagerDutySink,
]);
