import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { AwsConfig } from "../config/schema.ts";
import { readAssumedRole } from "../events/arn.ts";
import { clientSettings, type Reach } from "./clients.ts";
import { awsFault } from "./fault.ts";

/** Whose credentials these are. */
export interface CallerIdentity {
  readonly accountId: string;
  /** `aws`, `aws-cn`, … */
  readonly partition: string;
  /** The role that they are of, without its path; null: of no role. */
  readonly roleArn: string | null;
}

/** Everybody may: no policy needs it, and none can deny it. */
export const callerAction = "sts:GetCallerIdentity";

/** Throws an AwsFault. */
export async function callerIdentity(aws: AwsConfig, reach: Reach): Promise<CallerIdentity> {
  const client = new STSClient(clientSettings(aws, reach));
  try {
    const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}));
    const partition = Arn?.split(":")[1] ?? "aws";
    return { accountId: Account ?? "", partition, roleArn: roleArnOf(Arn ?? "") };
  } catch (error) {
    throw awsFault(error, { action: callerAction, resource: "our credentials" });
  } finally {
    client.destroy();
  }
}

function roleArnOf(arn: string): string | null {
  const role = readAssumedRole(arn);
  return role && `arn:${role.partition}:iam::${role.account}:role/${role.roleName}`;
}
