import type { Answer, Call } from "../../aws/aws-server.ts";
import { answered, askedIn, refused, Refusal } from "../query.ts";
import { IamAccount } from "./account.ts";

const xmlns = "https://iam.amazonaws.com/doc/2010-05-08/";

export interface Caller {
  readonly account: string;
  readonly arn: string;
}

/**
 * IAM as its reference tells it, and strict about it: a parameter it does not know is an error,
 * policies are parsed, and measured as IAM counts them. It is ours, and does not evaluate policies:
 * who may do what is told to it. Beside StsService on one AwsServer, sessions of one are callers of
 * the other.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
 */
export class IamService {
  readonly #accounts = new Map<string, IamAccount>();
  readonly #callerOf: (accessKeyId: string) => Caller;
  readonly #now: () => Date;

  /** @param callerOf whose key it is */
  constructor(callerOf: (accessKeyId: string) => Caller, now: () => Date) {
    this.#callerOf = callerOf;
    this.#now = now;
  }

  account(id: string): IamAccount {
    const account = this.#accounts.get(id) ?? new IamAccount(id, this.#now);
    this.#accounts.set(id, account);
    return account;
  }

  readonly answer = async ({ body, accessKeyId }: Call): Promise<Answer> => {
    try {
      const { Action, Version, ...asked } = askedIn(body);
      if (typeof Action !== "string" || Version !== "2010-05-08") {
        throw new Refusal(400, "InvalidAction", "There is only IAM of 2010-05-08 here.");
      }
      const { account, arn } = this.#callerOf(accessKeyId);
      const told = await this.account(account).answer({ action: Action, asked, caller: arn });
      return answered(xmlns, Action, told);
    } catch (error) {
      if (error instanceof Refusal) return refused(xmlns, error);
      throw error;
    }
  };
}
