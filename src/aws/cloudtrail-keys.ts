import { CloudTrailClient, ListPublicKeysCommand } from "@aws-sdk/client-cloudtrail";
import type { AwsConfig } from "../config/schema.ts";
import { clientSettings, partitionOf } from "./clients.ts";
import { awsFault, type AwsCall } from "./fault.ts";

/** A public key whose private one CloudTrail signs digests with. */
export interface TrailKeyListed {
  readonly fingerprint: string;
  /** DER. */
  readonly value: Buffer;
}

/** CloudTrail's public keys of one region: it has others in each. */
export class PublicKeyList {
  readonly #client: CloudTrailClient;
  readonly #call: AwsCall;

  constructor(aws: AwsConfig, region: string) {
    this.#client = new CloudTrailClient(clientSettings(aws, { region, socketsMax: 1 }));
    const resource = `arn:${partitionOf(region)}:cloudtrail:${region}:*:*`;
    this.#call = { action: "cloudtrail:ListPublicKeys", resource };
  }

  /**
   * Those with which digests of that time, ms UTC, are signed. Throws an AwsFault.
   * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListPublicKeys.html
   */
  async between(from: number, to: number): Promise<readonly TrailKeyListed[]> {
    const keys: TrailKeyListed[] = [];
    let token: string | undefined;
    do {
      const { PublicKeyList: page = [], NextToken } = await this.#page(from, to, token);
      keys.push(...page.flatMap(({ Fingerprint, Value }) =>
        Fingerprint === undefined || Value === undefined ? [] :
          [{ fingerprint: Fingerprint, value: Buffer.from(Value) }]));
      token = NextToken;
    } while (token !== undefined);
    return keys;
  }

  close(): void {
    this.#client.destroy();
  }

  async #page(from: number, to: number, token: string | undefined) {
    try {
      return await this.#client.send(new ListPublicKeysCommand({
        StartTime: new Date(from),
        EndTime: new Date(to),
        ...(token === undefined ? {} : { NextToken: token }),
      }));
    } catch (error) {
      throw awsFault(error, this.#call);
    }
  }
}
