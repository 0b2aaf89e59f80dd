import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
  type BatchResultErrorEntry,
} from "@aws-sdk/client-sqs";
import type { AwsConfig } from "../config/schema.ts";
import { clientSettings, customEndpoint, type Reach } from "./clients.ts";
import { awsFault, type AwsCall, type AwsFault } from "./fault.ts";
import { queueAddress } from "./queue-address.ts";

export interface QueueMessage {
  readonly id: string;
  /** What this one receive of it is told by. */
  readonly receipt: string;
  readonly body: string;
  /** ms UTC; null where the queue does not say. */
  readonly sentAt: number | null;
  /** This time included. */
  readonly receiveCount: number;
}

export interface Hidden {
  readonly receipt: string;
  readonly seconds: number;
}

/** Why one entry of a batch was refused; null where it was not. */
export type EntryResult = AwsFault | null;

/** Most that one call takes or gives. */
export const messagesPerCall = 10;

/** A queue, by its URL. Everything here throws an AwsFault. */
export class Queue {
  readonly arn: string;
  /** Null where neither its URL nor anybody says. */
  readonly region: string | null;
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(url: string, aws: AwsConfig, reach: Reach) {
    const { region, arn } = queueAddress(url, reach.region);
    this.arn = arn;
    this.region = region;
    this.#url = url;
    this.#client = new SQSClient({
      ...clientSettings(aws, { ...reach, region: region ?? undefined }),
      endpoint: customEndpoint(aws, "SQS") ?? new URL(url).origin,
    });
  }

  /** Waits for messages so long; those that come are hidden from others for `visibilitySeconds`. */
  async receive(
    wanted: { count: number; waitSeconds: number; visibilitySeconds: number },
    signal: AbortSignal,
  ): Promise<readonly QueueMessage[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: this.#url,
      MaxNumberOfMessages: wanted.count,
      WaitTimeSeconds: wanted.waitSeconds,
      VisibilityTimeout: wanted.visibilitySeconds,
      MessageSystemAttributeNames: ["ApproximateReceiveCount", "SentTimestamp"],
    });
    const { Messages: messages } = await this.#called("ReceiveMessage", () =>
      this.#client.send(command, { abortSignal: signal }),
    );
    return (messages ?? []).map((message) => ({
      id: message.MessageId ?? "",
      receipt: message.ReceiptHandle ?? "",
      body: message.Body ?? "",
      sentAt: numberOrNull(message.Attributes?.SentTimestamp),
      receiveCount: numberOrNull(message.Attributes?.ApproximateReceiveCount) ?? 1,
    }));
  }

  /** One result per receipt. */
  async delete(receipts: readonly string[]): Promise<readonly EntryResult[]> {
    const command = new DeleteMessageBatchCommand({
      QueueUrl: this.#url,
      Entries: receipts.map((ReceiptHandle, i) => ({ Id: String(i), ReceiptHandle })),
    });
    const { Failed: failed } = await this.#called("DeleteMessage", () =>
      this.#client.send(command),
    );
    return this.#results("DeleteMessage", receipts, failed);
  }

  /** Hides messages from others from now on for so long; 0 shows them. One result per entry. */
  async hide(hidden: readonly Hidden[]): Promise<readonly EntryResult[]> {
    const command = new ChangeMessageVisibilityBatchCommand({
      QueueUrl: this.#url,
      Entries: hidden.map(({ receipt, seconds }, i) => ({
        Id: String(i), ReceiptHandle: receipt, VisibilityTimeout: seconds,
      })),
    });
    const { Failed: failed } = await this.#called("ChangeMessageVisibility", () =>
      this.#client.send(command),
    );
    return this.#results("ChangeMessageVisibility", hidden, failed);
  }

  /** Messages that wait to be received, as far as the queue can tell. */
  async depth(signal: AbortSignal): Promise<number> {
    const command = new GetQueueAttributesCommand({
      QueueUrl: this.#url,
      AttributeNames: ["ApproximateNumberOfMessages"],
    });
    const { Attributes: attributes } = await this.#called("GetQueueAttributes", () =>
      this.#client.send(command, { abortSignal: signal }),
    );
    return numberOrNull(attributes?.ApproximateNumberOfMessages) ?? 0;
  }

  close(): void {
    this.#client.destroy();
  }

  #call(api: string): AwsCall {
    return { action: `sqs:${api}`, resource: this.arn };
  }

  async #called<T>(api: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw awsFault(error, this.#call(api));
    }
  }

  /** A batch answers 200 whatever became of its entries. */
  #results(
    api: string,
    entries: readonly unknown[],
    failed: readonly BatchResultErrorEntry[] | undefined,
  ): readonly EntryResult[] {
    const errors = new Map((failed ?? []).map((entry) => [entry.Id, entry]));
    return entries.map((_, i) => {
      const error = errors.get(String(i));
      return error === undefined ? null : awsFault(entryError(error), this.#call(api));
    });
  }
}

/** As the SDK would have thrown it, had the whole call failed. */
function entryError({ Code, Message, SenderFault }: BatchResultErrorEntry): Error {
  const error = new Error(Message ?? "");
  error.name = Code ?? "Unknown";
  const httpStatusCode = SenderFault === true ? 400 : 500;
  return Object.assign(error, { $metadata: { httpStatusCode } });
}

function numberOrNull(text: string | undefined): number | null {
  const value = Number(text ?? Number.NaN);
  return Number.isFinite(value) ? value : null;
}
