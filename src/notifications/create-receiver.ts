import type { AwsConfig, SinkConfig } from "../config/schema.ts";
import { mannersOf, type Manners } from "../notices/manners.ts";
import type { Only } from "../notices/routing.ts";
import { alertmanagerDesk } from "./alertmanager.ts";
import { eventBridgeSink, s3Sink, snsSink } from "./aws-sinks.ts";
import type { Desk } from "./desk.ts";
import { fileSink } from "./file-sink.ts";
import { pagerDutyDesk } from "./pagerduty.ts";
import type { Sink } from "./sink.ts";
import { slackDesk } from "./slack.ts";
import { webhookSink } from "./webhook.ts";

/** Who is told, and of what: every word as it comes, or each finding as manners ask. */
export type Receiver =
  | { readonly sink: Sink; readonly only: Only }
  | { readonly desk: Desk; readonly manners: Manners };

export interface Surroundings {
  readonly aws: AwsConfig;
  /** The clock, ms UTC. */
  readonly now: () => number;
}

export function createReceiver(config: SinkConfig, { aws, now }: Surroundings): Receiver {
  const { only } = config;
  switch (config.kind) {
    case "file": return { sink: fileSink(config), only };
    case "s3": return { sink: s3Sink(config, aws), only };
    case "sns": return { sink: snsSink(config, aws), only };
    case "eventbridge": return { sink: eventBridgeSink(config, aws), only };
    case "webhook": return { sink: webhookSink(config, now), only };
    case "alertmanager": return { desk: alertmanagerDesk(config, now), manners: mannersOf(config) };
    case "slack": return { desk: slackDesk(config), manners: mannersOf(config) };
    case "pagerduty": return { desk: pagerDutyDesk(config), manners: mannersOf(config) };
  }
}

export function nameOf(receiver: Receiver): string {
  return "sink" in receiver ? receiver.sink.name : receiver.desk.name;
}
