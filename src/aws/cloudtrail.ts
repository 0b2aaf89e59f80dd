import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import type { AwsConfig } from "../config/schema.ts";
import { clientSettings, partitionOf, type Reach } from "./clients.ts";
import { awsFault, type AwsCall } from "./fault.ts";

/** Of one account in one region. */
export interface HistoryPlace {
  readonly account: string;
  readonly region: string;
  readonly assumeRole?: Reach["assumeRole"];
}

/** What is asked for, the same from page to page. Instants in ms UTC, both included. */
export interface HistoryQuery {
  readonly from: number;
  readonly until: number;
  /** Only calls made with this key. Absent: all. */
  readonly accessKeyId?: string;
}

/** Events, the newest first. */
export interface HistoryPage {
  /** Their records, each as JSON. */
  readonly records: readonly string[];
  readonly oldestAt: number | null;
  /** Null on the last one. */
  readonly nextToken: string | null;
}

/**
 * The most a page may hold.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
const eventsPerPage = 50;
const secondMs = 1000;

/** CloudTrail's event history: management events of the last 90 days. */
export class EventHistory {
  readonly place: HistoryPlace;
  readonly #client: CloudTrailClient;
  readonly #call: AwsCall;

  constructor(aws: AwsConfig, place: HistoryPlace) {
    const { account, region, assumeRole } = place;
    this.place = place;
    const settings = clientSettings(aws, { region, assumeRole, socketsMax: 1 });
    // Tries of its own would come faster than CloudTrail allows: whoever asks waits.
    this.#client = new CloudTrailClient({ ...settings, maxAttempts: 1 });
    const resource = `arn:${partitionOf(region)}:cloudtrail:${region}:${account}:*`;
    this.#call = { action: "cloudtrail:LookupEvents", resource };
  }

  /**
   * A page; `expired` when the token is no longer good: ask anew. Throws an AwsFault.
   *
   * @param token of the page before, asked for with the same query; null asks for the first
   */
  async page(
    query: HistoryQuery,
    token: string | null,
    signal: AbortSignal,
  ): Promise<HistoryPage | "expired"> {
    const { accessKeyId } = query;
    const command = new LookupEventsCommand({
      // The history counts in whole seconds.
      StartTime: new Date(Math.floor(query.from / secondMs) * secondMs),
      EndTime: new Date(Math.ceil(query.until / secondMs) * secondMs),
      MaxResults: eventsPerPage,
      ...(accessKeyId === undefined ? {} : {
        LookupAttributes: [{ AttributeKey: "AccessKeyId", AttributeValue: accessKeyId }],
      }),
      ...(token === null ? {} : { NextToken: token }),
    });
    try {
      const { Events: events = [], NextToken } = await this.#client.send(
        command, { abortSignal: signal },
      );
      const times = events.flatMap(({ EventTime }) => EventTime?.getTime() ?? []);
      return {
        records: events.flatMap(({ CloudTrailEvent }) => CloudTrailEvent ?? []),
        oldestAt: times.length === 0 ? null : Math.min(...times),
        nextToken: NextToken ?? null,
      };
    } catch (error) {
      if (error instanceof Error && error.name === "InvalidNextTokenException") return "expired";
      throw awsFault(error, this.#call);
    }
  }

  close(): void {
    this.#client.destroy();
  }
}
