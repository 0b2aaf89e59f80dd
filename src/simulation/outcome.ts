import type { Caller } from "./caller.ts";
import type { Effect, Operation } from "./operations/operation.ts";

/** How a call ends; `failed` is any error that is not about permission. */
export type Outcome = "allowed" | "denied" | "dry-run" | "failed";

interface Attempt {
  readonly caller: Caller;
  readonly operation: Operation;
  readonly effect: Effect;
  readonly region: string;
}

interface Ending {
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly effect: Effect;
}

/** What the record says of the outcome, in the words of the service in question. */
export function outcomeOf(outcome: Outcome, attempt: Attempt): Ending {
  const { request } = attempt.effect;
  switch (outcome) {
    case "allowed":
      return { error: null, effect: attempt.effect };
    case "denied":
      return denied(attempt);
    case "dry-run":
      return {
        error: {
          code: "Client.DryRunOperation",
          message: "Request would have succeeded, but DryRun flag is set.",
        },
        effect: { request, response: null },
      };
    case "failed":
      return { error: failure(attempt.operation), effect: { request, response: null } };
    default:
      return outcome satisfies never;
  }
}

/** EC2 and S3 keep the parameters of a denied call; the other services write null. */
function denied({ caller, operation, effect, region }: Attempt): Ending {
  const { action } = operation;
  const resource = `arn:aws:${action.split(":")[0] ?? ""}:${region}:${caller.account}:*`;
  const reason =
    `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ` +
    `because no identity-based policy allows the ${action} action`;
  const { request } = effect;
  switch (operation.source) {
    case "ec2.amazonaws.com": {
      const message = `You are not authorized to perform this operation. ${reason}`;
      const error = { code: "Client.UnauthorizedOperation", message };
      return { error, effect: { request, response: null } };
    }
    case "s3.amazonaws.com": {
      const error = { code: "AccessDenied", message: "Access Denied" };
      return { error, effect: { request, response: null } };
    }
    default: {
      const code = plainCodes.has(operation.source) ? "AccessDenied" : "AccessDeniedException";
      return { error: { code, message: reason }, effect: { request: null, response: null } };
    }
  }
}

const plainCodes = new Set([
  "iam.amazonaws.com",
  "sts.amazonaws.com",
  "cloudtrail.amazonaws.com",
  "sns.amazonaws.com",
  "ssm.amazonaws.com",
  "secretsmanager.amazonaws.com",
]);

function failure({ source }: Operation) {
  switch (source) {
    case "ec2.amazonaws.com":
      return { code: "Client.RequestLimitExceeded", message: "Request limit exceeded." };
    case "iam.amazonaws.com":
      return { code: "NoSuchEntityException", message: "The entity cannot be found." };
    case "s3.amazonaws.com":
      return { code: "NoSuchTagSet", message: "The TagSet does not exist" };
    default:
      return { code: "ThrottlingException", message: "Rate exceeded" };
  }
}
