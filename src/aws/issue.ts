import type { AwsConfig } from "../config/schema.ts";
import { issueFault } from "./issue-fault.ts";
import type { IssuedCredentials, SessionWanted, Sts, WebToken } from "./session-wanted.ts";
import { stsDirect } from "./sts-direct.ts";

/** Opens sessions of roles. */
export class Issuer {
  readonly #sts: Promise<Sts>;
  readonly #webToken: WebToken | null;

  /**
   * @param webToken null: credentials of our own assume the role
   * @param profile of those, where it is not left to the SDK
   */
  constructor(
    aws: AwsConfig,
    { webToken, profile }: { webToken: WebToken | null; profile: string | undefined },
  ) {
    this.#webToken = webToken;
    this.#sts = stsFor(aws, { ownKeys: webToken === null, profile });
  }

  /** Throws an AwsFault that says what is missing where. */
  async issue(wanted: SessionWanted): Promise<IssuedCredentials> {
    const webToken = this.#webToken;
    const action = webToken === null ? "sts:AssumeRole" : "sts:AssumeRoleWithWebIdentity";
    try {
      const sts = await this.#sts;
      return await sts.open(wanted, webToken === null ? null : await webToken());
    } catch (error) {
      throw issueFault(error, { action, resource: wanted.roleArn });
    }
  }

  /** The region of this client, for the agent's own; null where nothing says. */
  async region(): Promise<string | null> {
    return await (await this.#sts).region();
  }
}

async function stsFor(
  aws: AwsConfig,
  needs: { readonly ownKeys: boolean; readonly profile: string | undefined },
): Promise<Sts> {
  const direct = stsDirect(aws, process.env, needs);
  if (direct !== null) return direct;
  const { stsBySdk } = await import("./sts-client.ts");
  return stsBySdk(aws, needs.profile);
}
