import {
  CloudTrailClient, DescribeTrailsCommand, GetEventSelectorsCommand, GetTrailStatusCommand,
  type AdvancedEventSelector, type EventSelector, type Trail,
} from "@aws-sdk/client-cloudtrail";
import type { AwsConfig } from "../config/schema.ts";
import type { SelectedEvents, TrailSettings } from "../evidence/trail-settings.ts";
import { clientSettings, partitionOf } from "./clients.ts";
import { awsFault, type AwsCall } from "./fault.ts";

/** The trails of one region, and how they are set up. Every method throws an AwsFault. */
export class TrailList {
  readonly #client: CloudTrailClient;
  readonly #region: string;

  constructor(aws: AwsConfig, region: string) {
    this.#region = region;
    this.#client = new CloudTrailClient(clientSettings(aws, { region, socketsMax: 1 }));
  }

  /**
   * Those that write into a bucket, trails of other regions and of the organisation too.
   * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html
   */
  async writingTo(bucket: string): Promise<readonly TrailSettings[]> {
    const { trailList: trails = [] } = await this.#told(
      { action: "cloudtrail:DescribeTrails" },
      () => this.#client.send(new DescribeTrailsCommand({ includeShadowTrails: true })),
    );
    const settings: TrailSettings[] = [];
    for (const trail of trails.filter(({ S3BucketName }) => S3BucketName === bucket)) {
      settings.push(await this.#settings(trail));
    }
    return settings;
  }

  close(): void {
    this.#client.destroy();
  }

  async #settings(trail: Trail): Promise<TrailSettings> {
    const { TrailARN: arn = "", Name: name = "", HomeRegion: homeRegion = this.#region } = trail;
    const status = await this.#told(
      { action: "cloudtrail:GetTrailStatus", resource: arn },
      () => this.#client.send(new GetTrailStatusCommand({ Name: arn })),
    );
    const { EventSelectors: basic = [], AdvancedEventSelectors: advanced = [] } = await this.#told(
      { action: "cloudtrail:GetEventSelectors", resource: arn },
      () => this.#client.send(new GetEventSelectorsCommand({ TrailName: arn })),
    );
    return {
      arn, name, homeRegion,
      isMultiRegion: trail.IsMultiRegionTrail ?? false,
      hasGlobalEvents: trail.IncludeGlobalServiceEvents ?? false,
      isValidated: trail.LogFileValidationEnabled ?? false,
      isLogging: status.IsLogging ?? false,
      deliveryError: status.LatestDeliveryError ?? null,
      selected: [...basic.flatMap(ofBasic), ...advanced.map(ofAdvanced)],
    };
  }

  async #told<T>(
    { action, resource }: { readonly action: string; readonly resource?: string },
    ask: () => Promise<T>,
  ): Promise<T> {
    const all = `arn:${partitionOf(this.#region)}:cloudtrail:${this.#region}:*:*`;
    const call: AwsCall = { action, resource: resource ?? all };
    try {
      return await ask();
    } catch (error) {
      throw awsFault(error, call);
    }
  }
}

function ofBasic(selector: EventSelector): readonly SelectedEvents[] {
  const { IncludeManagementEvents: hasManagement = true, ReadWriteType: kind = "All" } = selector;
  const { ExcludeManagementEventSources: leftOut = [], DataResources: data = [] } = selector;
  const isRead = kind !== "WriteOnly";
  const isWrite = kind !== "ReadOnly";
  const base = { isRead, isWrite, isNarrowed: false };
  return [
    ...(hasManagement ? [{ ...base, category: "Management", leftOutSources: leftOut }] : []),
    ...data.map(() => ({ ...base, category: "Data", leftOutSources: [] })),
  ];
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html */
function ofAdvanced({ FieldSelectors: fields = [] }: AdvancedEventSelector): SelectedEvents {
  const field = (name: string) => fields.find(({ Field }) => Field === name);
  const readOnly = field("readOnly")?.Equals;
  const known = new Set(["eventCategory", "readOnly", "eventSource", "resources.type"]);
  return {
    category: field("eventCategory")?.Equals?.[0] ?? "",
    isRead: readOnly?.includes("true") ?? true,
    isWrite: readOnly?.includes("false") ?? true,
    leftOutSources: field("eventSource")?.NotEquals ?? [],
    isNarrowed: fields.some(({ Field = "" }) => !known.has(Field)) ||
      field("eventSource")?.Equals !== undefined,
  };
}
