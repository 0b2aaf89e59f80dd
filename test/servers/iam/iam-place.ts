import { IAMClient } from "@aws-sdk/client-iam";
import { AwsServer } from "../../aws/aws-server.ts";
import { ownAccount, StsService } from "../../aws/sts-service.ts";
import type { IamAccount } from "./account.ts";
import { IamService } from "./service.ts";

const ourKey = "AKIAOURSELVES0000001";
export const startedAt = Date.UTC(2026, 2, 1, 12);

/** IAM and STS on one port, under a clock that is turned by hand. */
export class IamPlace {
  /** ms UTC */
  at = startedAt;
  readonly sts = new StsService();
  readonly iam = new IamService((key) => this.sts.caller(key), () => new Date(this.at));
  #freshCount = 0;
  readonly #server = new AwsServer({ sts: this.sts.answer, iam: this.iam.answer });

  async open(): Promise<void> {
    await this.#server.listen();
    process.env["AWS_ACCESS_KEY_ID"] = ourKey;
    process.env["AWS_SECRET_ACCESS_KEY"] = "secret";
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  get own(): IamAccount {
    return this.iam.account(ownAccount);
  }

  /** An account without anything in it; from now on, callers belong to it. */
  fresh(): IamAccount {
    this.#freshCount += 1;
    const id = String(this.#freshCount).padStart(12, "9");
    this.sts.accounts.set(ourKey, id);
    return this.iam.account(id);
  }

  /** As the config has it. */
  get aws() {
    return { endpoint: this.#server.endpoint, region: "us-east-1" };
  }

  /** AWS's own client; it tries once. */
  client(): IAMClient {
    return new IAMClient({ ...this.aws, maxAttempts: 1 });
  }
}

export const trust = policy({ Principal: { AWS: ownAccount }, Action: "sts:AssumeRole" });
export const reading = policy({ Action: "s3:Get*", Resource: "*" });

/** A document of one statement that allows, where it does not say otherwise. */
export function policy(statement: object): string {
  const Statement = [{ Effect: "Allow", ...statement }];
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

/** A policy of exactly so many characters, as IAM counts. */
export function policyOf(characters: number): string {
  const empty = policy({ Action: "s3:Get*", Resource: "arn:aws:s3:::" }).length;
  return policy({ Action: "s3:Get*", Resource: `arn:aws:s3:::${"b".repeat(characters - empty)}` });
}

/** `NoSuchEntityException: The role …`; "not refused" where it is not. */
export async function refusal(asking: Promise<unknown>): Promise<string> {
  try {
    await asking;
  } catch (error) {
    if (error instanceof Error) return `${error.name}: ${error.message}`;
  }
  return "not refused";
}
