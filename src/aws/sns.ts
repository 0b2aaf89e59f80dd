import {
  PublishBatchCommand, SNSClient, type PublishBatchRequestEntry,
} from "@aws-sdk/client-sns";
import type { AwsConfig } from "../config/schema.ts";
import { clientSettings, type Reach } from "./clients.ts";
import { awsFault, type AwsCall } from "./fault.ts";

/** What is published as one message. */
export interface TopicMessage {
  /** Of e-mails: ASCII, at most 100 characters. */
  readonly subject: string;
  readonly body: string;
  /** What subscriptions filter by; none is empty. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Of FIFO topics: what is kept in order, and what is the same message come again. */
  readonly group: string;
  readonly deduplication: string;
}

/** Most that one call takes. */
export const messagesPerPublish = 10;

/** A topic, by its ARN. */
export class Topic {
  readonly #arn: string;
  readonly #client: SNSClient;

  constructor(arn: string, aws: AwsConfig, reach: Omit<Reach, "region">) {
    this.#arn = arn;
    this.#client = new SNSClient(clientSettings(aws, { ...reach, region: arn.split(":")[3] }));
  }

  /** All of them, in their order; where one is refused, an AwsFault. */
  async publish(messages: readonly TopicMessage[]): Promise<void> {
    const call: AwsCall = { action: "sns:Publish", resource: this.#arn };
    const isFifo = this.#arn.endsWith(".fifo");
    const command = new PublishBatchCommand({
      TopicArn: this.#arn,
      PublishBatchRequestEntries: messages.map((message, i) => entryOf(message, i, isFifo)),
    });
    try {
      const { Failed: failed = [] } = await this.#client.send(command);
      const [first] = failed;
      if (first !== undefined) {
        throw Object.assign(new Error(first.Message ?? ""), { name: first.Code ?? "Unknown" });
      }
    } catch (error) {
      throw awsFault(error, call);
    }
  }
}

function entryOf(message: TopicMessage, i: number, isFifo: boolean): PublishBatchRequestEntry {
  const { subject, body, attributes, group, deduplication } = message;
  return {
    Id: String(i),
    Subject: subject,
    Message: body,
    MessageAttributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) =>
      [name, { DataType: "String", StringValue: value }])),
    ...(isFifo ? { MessageGroupId: group, MessageDeduplicationId: deduplication } : {}),
  };
}
