import { answered, askedIn, refused, Refusal, type Asked, type Told } from "../servers/query.ts";
import type { Answer, Call } from "./aws-server.ts";

export const ownAccount = "111122223333";
const xmlns = "https://sts.amazonaws.com/doc/2011-06-15/";
const known: Readonly<Record<string, readonly string[]>> = {
  AssumeRole: ["RoleArn", "RoleSessionName", "DurationSeconds", "ExternalId"],
  GetCallerIdentity: [],
};

/** AssumeRole, for roles whose trust it is told, and GetCallerIdentity. */
export class StsService {
  /** What roles ask for: an external id, or nothing. */
  readonly trusted = new Map<string, string | null>();
  /** The account behind each access key; of others it is `ownAccount`. */
  readonly accounts = new Map<string, string>();
  readonly assumed: string[] = [];
  readonly #arns = new Map<string, string>();

  /** Who signs with a key. */
  caller(accessKeyId: string): { readonly account: string; readonly arn: string } {
    const account = this.accounts.get(accessKeyId) ?? ownAccount;
    return { account, arn: this.#arns.get(accessKeyId) ?? `arn:aws:iam::${account}:user/caller` };
  }

  readonly answer = ({ body, accessKeyId }: Call): Answer => {
    try {
      const { Action, Version, ...asked } = askedIn(body);
      const parameters = typeof Action === "string" ? known[Action] : undefined;
      if (typeof Action !== "string" || parameters === undefined || Version !== "2011-06-15") {
        throw new Refusal(400, "InvalidAction", "There is no such action of 2011-06-15 here.");
      }
      const unknown = Object.keys(asked).find((key) => !parameters.includes(key));
      if (unknown !== undefined) {
        throw new Refusal(400, "ValidationError", `Unknown: ${unknown}.`);
      }
      const told = Action === "AssumeRole" ? this.#assume(asked) : this.#whoIs(accessKeyId);
      return answered(xmlns, Action, told);
    } catch (error) {
      if (error instanceof Refusal) return refused(xmlns, error);
      throw error;
    }
  };

  #whoIs(accessKeyId: string): Told {
    const { account, arn } = this.caller(accessKeyId);
    return { Arn: arn, UserId: "AIDA0000", Account: account };
  }

  #assume(asked: Readonly<Record<string, Asked>>): Told {
    const { RoleArn: role, RoleSessionName: session, ExternalId: externalId = null } = asked;
    if (typeof role !== "string" || typeof session !== "string") {
      throw new Refusal(400, "ValidationError", "RoleArn and RoleSessionName are needed.");
    }
    if (this.trusted.get(role) !== externalId) {
      throw new Refusal(403, "AccessDenied",
        `User is not authorized to perform: sts:AssumeRole on ${role}`);
    }
    this.assumed.push(role);
    const AccessKeyId = `ASIA${String(this.assumed.length).padStart(16, "0")}`;
    const account = role.split(":")[4] ?? "";
    const name = `${role.split("/").at(-1) ?? ""}/${session}`;
    const arn = `arn:aws:sts::${account}:assumed-role/${name}`;
    this.accounts.set(AccessKeyId, account);
    this.#arns.set(AccessKeyId, arn);
    return {
      Credentials: {
        AccessKeyId, SecretAccessKey: "secret", SessionToken: "token",
        Expiration: "2099-01-01T00:00:00Z",
      },
      AssumedRoleUser: { Arn: arn, AssumedRoleId: `AROA:${session}` },
    };
  }
}
