import { EventBus, eventsPerPut } from "../aws/eventbridge.ts";
import { Bucket } from "../aws/s3-put.ts";
import { messagesPerPublish, Topic } from "../aws/sns.ts";
import type { AwsConfig, SinkOf } from "../config/schema.ts";
import type { Sink, Word } from "./sink.ts";
import { boundedWordJson, wordLine } from "./word-line.ts";

/** One call is under way at a time. */
const socketsMax = 2;

/**
 * SNS and EventBridge take 256 kB a call, ten words and what belongs to them.
 * https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
const wordBytesMax = 24_000;

/** Publishes each word: the message is JSON, what subscriptions filter by are attributes. */
export function snsSink(config: SinkOf<"sns">, aws: AwsConfig): Sink {
  const { name, topicArn, assumeRole } = config;
  const topic = new Topic(topicArn, aws, { assumeRole, socketsMax });
  return {
    name,
    atOnce: messagesPerPublish,
    tell: (words) => topic.publish(words.map((word) => ({
      subject: subjectOf(word),
      body: boundedWordJson(word, wordBytesMax),
      attributes: attributesOf(word),
      group: word.finding.id,
      deduplication: `${word.finding.id}-${word.seq}`,
    }))),
  };
}

/** SNS: printable ASCII, less than 100 characters. Rules are named by who writes them. */
function subjectOf({ finding: { level, status, rule } }: Word): string {
  const subject = `[${level.toUpperCase()}] ${rule} (${status})`;
  return subject.replace(/[^ -~]/g, "?").slice(0, 99);
}

function attributesOf({ finding }: Word): Readonly<Record<string, string>> {
  const { level, status, rule, agent, account } = finding;
  return {
    level, status, rule,
    ...(agent === null ? {} : { agent: agent.name }),
    ...(account === null ? {} : { account }),
  };
}

/** Puts each word on a bus, as `Trailwarden Finding` of source `trailwarden`. */
export function eventBridgeSink(config: SinkOf<"eventbridge">, aws: AwsConfig): Sink {
  const { name, eventBusArn, assumeRole } = config;
  const bus = new EventBus(eventBusArn, aws, { assumeRole, socketsMax });
  return {
    name,
    atOnce: eventsPerPut,
    tell: (words) => bus.put(words.map((word) => ({
      source: "trailwarden",
      detailType: "Trailwarden Finding",
      detail: boundedWordJson(word, wordBytesMax),
      at: word.finding.lastEventAt,
      resources: word.finding.role === null ? [] : [word.finding.role.arn],
    }))),
  };
}

/** Puts what is told together as one object, its lines in a file. */
export function s3Sink(config: SinkOf<"s3">, aws: AwsConfig): Sink {
  const { name, bucket, prefix, format, region, assumeRole } = config;
  const to = new Bucket(bucket, aws, { region, assumeRole, socketsMax });
  return {
    name,
    atOnce: 500,
    tell: async (words) => {
      const lines = words.map((word) => wordLine(word, format)).join("");
      await to.put(`${prefix}${objectName(words)}`, lines, "application/x-ndjson");
    },
  };
}

/** By day and `seq`: what is told again goes to the same place, as far as it is the same words. */
function objectName(words: readonly Word[]): string {
  const first = words[0];
  const last = words.at(-1);
  if (first === undefined || last === undefined) throw new Error("There are no words to put.");
  const day = new Date(last.finding.lastEventAt).toISOString().slice(0, 10).replaceAll("-", "/");
  const [from, to] = [first, last].map(({ seq }) => String(seq).padStart(12, "0"));
  return `${day}/${from ?? ""}-${to ?? ""}.ndjson`;
}
