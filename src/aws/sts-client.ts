import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  STSClient,
  type Credentials,
} from "@aws-sdk/client-sts";
import type { AwsConfig } from "../config/schema.ts";
import { clientSettings } from "./clients.ts";
import type { IssuedCredentials, SessionWanted, Sts } from "./session-wanted.ts";

/** STS by the SDK: whatever credentials, region, partition and kind of endpoint it finds. */
export function stsBySdk({ region, endpoint }: AwsConfig, profile: string | undefined): Sts {
  const settings = {
    ...clientSettings({ region, endpoint }, { socketsMax: 2 }),
    ...(profile === undefined ? {} : { profile }),
  };
  const client = withoutAdvice(() => new STSClient(settings));
  return {
    open: async (wanted, webToken) => {
      const { Credentials: credentials } = webToken === null
        ? await client.send(assumeRole(wanted))
        : await client.send(withWebIdentity(wanted, webToken));
      return issued(credentials);
    },
    region: async () => {
      try {
        return await client.config.region();
      } catch (error) {
        if (error instanceof Error) return null;
        throw error;
      }
    },
  };
}

/**
 * The SDK's word on the version of Node is for whoever maintains us, not for everyone who starts an
 * agent. Set no longer than needed: the agent inherits our environment.
 */
function withoutAdvice<T>(make: () => T): T {
  const variable = "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED";
  const { [variable]: before } = process.env;
  process.env[variable] = "true";
  try {
    return make();
  } finally {
    if (before === undefined) Reflect.deleteProperty(process.env, variable);
    else process.env[variable] = before;
  }
}

function common(wanted: SessionWanted) {
  return {
    RoleArn: wanted.roleArn,
    RoleSessionName: wanted.sessionName,
    DurationSeconds: wanted.durationSeconds,
    ...(wanted.policy === null ? {} : { Policy: wanted.policy }),
  };
}

function assumeRole(wanted: SessionWanted): AssumeRoleCommand {
  const { sourceIdentity, tags, transitiveTags } = wanted;
  return new AssumeRoleCommand({
    ...common(wanted),
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    TransitiveTagKeys: [...transitiveTags],
    ...(sourceIdentity === null ? {} : { SourceIdentity: sourceIdentity }),
  });
}

function withWebIdentity(wanted: SessionWanted, token: string): AssumeRoleWithWebIdentityCommand {
  return new AssumeRoleWithWebIdentityCommand({ ...common(wanted), WebIdentityToken: token });
}

function issued(credentials: Credentials | undefined): IssuedCredentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = credentials ?? {};
  const isWhole = AccessKeyId !== undefined && SecretAccessKey !== undefined;
  if (!isWhole || SessionToken === undefined || Expiration === undefined) {
    throw new Error("STS answered without credentials.");
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiresAt: Expiration.getTime(),
  };
}
