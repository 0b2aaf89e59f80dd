import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { AwsConfig } from "../config/schema.ts";
import { clientSettings, type Reach } from "./clients.ts";
import { awsFault } from "./fault.ts";

/** Whose credentials these are. */
export interface CallerIdentity {
  readonly accountId: string;
  /** `aws`, `aws-cn`, … */
  readonly partition: string;
}

/** Everybody may: no policy needs it, and none can deny it. */
export const callerAction = "sts:GetCallerIdentity";

/** Throws an AwsFault. */
export async function callerIdentity(aws: AwsConfig, reach: Reach): Promise<CallerIdentity> {
  const client = new STSClient(clientSettings(aws, reach));
  try {
    const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}));
    return { accountId: Account ?? "", partition: Arn?.split(":")[1] ?? "aws" };
  } catch (error) {
    throw awsFault(error, { action: callerAction, resource: "our credentials" });
  } finally {
    client.destroy();
  }
}
