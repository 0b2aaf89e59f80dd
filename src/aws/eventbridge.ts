import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { AwsConfig } from "../config/schema.ts";
import { clientSettings, type Reach } from "./clients.ts";
import { awsFault, type AwsCall } from "./fault.ts";

/** What is put as one event. */
export interface BusEvent {
  readonly source: string;
  readonly detailType: string;
  /** JSON */
  readonly detail: string;
  /** ms UTC */
  readonly at: number;
  /** ARNs it is about. */
  readonly resources: readonly string[];
}

/** Most that one call takes. */
export const eventsPerPut = 10;

/** An event bus, by its ARN. */
export class EventBus {
  readonly #arn: string;
  readonly #client: EventBridgeClient;

  constructor(arn: string, aws: AwsConfig, reach: Omit<Reach, "region">) {
    this.#arn = arn;
    const region = arn.split(":")[3];
    this.#client = new EventBridgeClient(clientSettings(aws, { ...reach, region }));
  }

  /** All, in their order; where one is refused (the answer is 200 all the same), an AwsFault. */
  async put(events: readonly BusEvent[]): Promise<void> {
    const call: AwsCall = { action: "events:PutEvents", resource: this.#arn };
    const command = new PutEventsCommand({
      Entries: events.map(({ source, detailType, detail, at, resources }) => ({
        EventBusName: this.#arn,
        Source: source,
        DetailType: detailType,
        Detail: detail,
        Time: new Date(at),
        Resources: [...resources],
      })),
    });
    try {
      const { Entries: entries = [] } = await this.#client.send(command);
      const failed = entries.find(({ ErrorCode }) => ErrorCode !== undefined);
      if (failed !== undefined) {
        const name = failed.ErrorCode ?? "Unknown";
        throw Object.assign(new Error(failed.ErrorMessage ?? ""), { name });
      }
    } catch (error) {
      throw awsFault(error, call);
    }
  }
}
