import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import type { AwsConfig } from "../config/schema.ts";
import { version } from "../version.ts";
import { awsFault } from "./fault.ts";

/** How one source reaches AWS, where it says otherwise than the config's `aws`. */
export interface Reach {
  readonly region?: string | undefined;
  readonly assumeRole?: AwsConfig["assumeRole"] | undefined;
  /** Requests under way at the same time; more wait for a free connection. */
  readonly socketsMax: number;
}

// The SDK tells users of Node 20, again and again, what our own `engines` decides.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

type Role = NonNullable<AwsConfig["assumeRole"]>;

/** A long poll is silent for 20 s by itself. */
const socketTimeoutMs = 30_000;
const connectionTimeoutMs = 5_000;
/**
 * The SDK's own tries, a second or two together; after that sources wait longer, and tell of it.
 * Not `adaptive`: it slows down all calls of a client for one that is throttled.
 */
const attemptsMax = 3;
/** Shown in CloudTrail as the session's name, so that our own calls are told apart. */
const sessionName = "trailwarden";
/** The longest that a role assumed by a role may last. The SDK assumes it anew in time. */
const sessionSeconds = 3600;

/** What every client is made with. What is absent, the SDK finds: environment, profile, role. */
export function clientSettings(aws: AwsConfig, reach: Reach) {
  const region = reach.region ?? aws.region;
  const role = reach.assumeRole ?? aws.assumeRole;
  const agent = { keepAlive: true, maxSockets: reach.socketsMax };
  const settings = {
    ...(region === undefined ? {} : { region }),
    ...(aws.endpoint === undefined ? {} : { endpoint: aws.endpoint }),
    retryMode: "standard",
    maxAttempts: attemptsMax,
    customUserAgent: [["trailwarden", version]] satisfies [string, string][],
    requestHandler: {
      connectionTimeout: connectionTimeoutMs,
      socketTimeout: socketTimeoutMs,
      httpAgent: agent,
      httpsAgent: agent,
    },
  };
  return role === undefined ? settings : { ...settings, credentials: assumed(role, settings) };
}

interface StsSettings {
  readonly region?: string;
  readonly endpoint?: string;
}

function assumed(role: Role, { region, endpoint }: StsSettings) {
  const provide = fromTemporaryCredentials({
    params: {
      RoleArn: role.roleArn,
      RoleSessionName: sessionName,
      DurationSeconds: sessionSeconds,
      ...(role.externalId === undefined ? {} : { ExternalId: role.externalId }),
    },
    clientConfig: {
      ...(region === undefined ? {} : { region }),
      ...(endpoint === undefined ? {} : { endpoint }),
    },
  });
  return async (...of: Parameters<typeof provide>) => {
    try {
      return await provide(...of);
    } catch (error) {
      throw awsFault(error, { action: "sts:AssumeRole", resource: role.roleArn });
    }
  };
}

/**
 * Another address of a service than AWS's own, as the config or the environment says.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function customEndpoint({ endpoint }: AwsConfig, service: "S3" | "SQS"): string | undefined {
  const { [`AWS_ENDPOINT_URL_${service}`]: own, AWS_ENDPOINT_URL: ofAll } = process.env;
  return [endpoint, own, ofAll].find((address) => address !== undefined && address !== "");
}

/** `eu-west-1` -> `aws`, `cn-north-1` -> `aws-cn`: the second part of an ARN. */
export function partitionOf(region: string | undefined): string {
  return partitions.find(([start]) => region?.startsWith(start))?.[1] ?? "aws";
}

/** https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
const partitions: readonly (readonly [string, string])[] = [
  ["cn-", "aws-cn"],
  ["us-gov-", "aws-us-gov"],
  ["us-isob-", "aws-iso-b"],
  ["us-isof-", "aws-iso-f"],
  ["eu-isoe-", "aws-iso-e"],
  ["us-iso-", "aws-iso"],
  ["eusc-", "aws-eusc"],
];
