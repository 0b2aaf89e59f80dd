import { afterEach, describe, expect, it } from "vitest";
import { TrailList } from "../../src/aws/cloudtrail-trails.ts";
import { Config } from "../../src/config/schema.ts";
import { AwsServer } from "./aws-server.ts";
import { trailService, type ServedTrail } from "./trail-service.ts";

process.env["AWS_ACCESS_KEY_ID"] = "AKIAOURSELVES0000001";
process.env["AWS_SECRET_ACCESS_KEY"] = "secret";
const arn = (name: string) => `arn:aws:cloudtrail:eu-west-1:111111111111:trail/${name}`;
let server: AwsServer;
afterEach(() => server.close());

async function asked(trails: readonly ServedTrail[]) {
  server = new AwsServer({ cloudtrail: trailService(trails) });
  await server.listen();
  const { aws } = Config.parse({ aws: { endpoint: server.endpoint } });
  const list = new TrailList(aws, "eu-west-1");
  try {
    return await list.writingTo("trail-logs");
  } finally {
    list.close();
  }
}

describe("the trails that write into a bucket", () => {
  it("are told with status and selectors, basic ones", async () => {
    const trail = {
      TrailARN: arn("main"), Name: "main", HomeRegion: "eu-west-1", S3BucketName: "trail-logs",
      IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true, LogFileValidationEnabled: true,
    };
    const other = { ...trail, TrailARN: arn("other"), S3BucketName: "other" };
    const selector = {
      ReadWriteType: "WriteOnly", IncludeManagementEvents: true,
      ExcludeManagementEventSources: ["kms.amazonaws.com"],
      DataResources: [{ Type: "AWS::S3::Object", Values: ["arn:aws:s3"] }],
    };
    const status = { IsLogging: true, LatestDeliveryError: "AccessDenied" };
    const served = { status, selectors: { EventSelectors: [selector] } };
    expect(await asked([{ ...served, trail: other }, { ...served, trail }])).toEqual([{
      arn: arn("main"), name: "main", homeRegion: "eu-west-1", isMultiRegion: true,
      hasGlobalEvents: true, isValidated: true, isLogging: true, deliveryError: "AccessDenied",
      selected: [
        {
          category: "Management", isRead: false, isWrite: true, isNarrowed: false,
          leftOutSources: ["kms.amazonaws.com"],
        },
        { category: "Data", isRead: false, isWrite: true, isNarrowed: false, leftOutSources: [] },
      ],
    }]);
  });

  it("are told with their selectors, advanced ones", async () => {
    const trail = { TrailARN: arn("main"), S3BucketName: "trail-logs" };
    const field = (Field: string, test: object) => ({ Field, ...test });
    const selectors = {
      AdvancedEventSelectors: [
        {
          FieldSelectors: [
            field("eventCategory", { Equals: ["Management"] }),
            field("readOnly", { Equals: ["false"] }),
            field("eventSource", { NotEquals: ["kms.amazonaws.com"] }),
          ],
        },
        {
          FieldSelectors: [
            field("eventCategory", { Equals: ["Management"] }),
            field("eventName", { StartsWith: ["Get"] }),
          ],
        },
      ],
    };
    const [found] = await asked([{ trail, status: {}, selectors }]);
    expect(found?.selected).toEqual([
      {
        category: "Management", isRead: false, isWrite: true, isNarrowed: false,
        leftOutSources: ["kms.amazonaws.com"],
      },
      { category: "Management", isRead: true, isWrite: true, isNarrowed: true, leftOutSources: [] },
    ]);
    expect(found).toMatchObject({ isLogging: false, isValidated: false, deliveryError: null });
  });
});
