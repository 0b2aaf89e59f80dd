import type { Inventory } from "../inventory.ts";
import type { Random } from "../random.ts";

export type Json = Readonly<Record<string, unknown>> | null;

/** Where and when a call is made: what its parameters are drawn from. */
export interface Place {
  readonly region: string;
  readonly at: number;
  readonly inventory: Inventory;
  readonly random: Random;
}

/** What a call asks for and gets; the response is kept of calls that change something. */
export interface Effect {
  readonly request: Json;
  readonly response?: Json;
  readonly resources?: readonly Resource[];
}

export interface Resource {
  readonly accountId: string;
  readonly type: string;
  readonly ARN: string;
}

/** An API operation as CloudTrail logs it. */
export interface Operation {
  /** `ec2.amazonaws.com` */
  readonly source: string;
  readonly name: string;
  /** The IAM action, `ec2:DescribeInstances`. */
  readonly action: string;
  /** The CLI's `md/command#`, `ec2.describe-instances`. */
  readonly command: string;
  readonly readOnly: boolean;
  /** The one region a global service logs in; null for regional ones. */
  readonly home: string | null;
  readonly isData: boolean;
  readonly effect: (place: Place) => Effect;
}

type Make = (place: Place) => Effect;

export function read(action: string, effect: Make): Operation {
  return operation(action, { readOnly: true, isData: false }, effect);
}

export function write(action: string, effect: Make): Operation {
  return operation(action, { readOnly: false, isData: false }, effect);
}

export function dataRead(action: string, effect: Make): Operation {
  return operation(action, { readOnly: true, isData: true }, effect);
}

export function dataWrite(action: string, effect: Make): Operation {
  return operation(action, { readOnly: false, isData: true }, effect);
}

function operation(
  action: string,
  kind: Pick<Operation, "readOnly" | "isData">,
  effect: Make,
): Operation {
  const [service = "", name = ""] = action.split(":");
  return {
    source: `${sources[service] ?? service}.amazonaws.com`,
    name: loggedNames[action] ?? name,
    action,
    command: `${commands[service] ?? service}.${kebab(name)}`,
    home: globalServices.has(service) ? "us-east-1" : null,
    effect,
    ...kind,
  };
}

const sources: Readonly<Record<string, string>> = { cloudwatch: "monitoring" };
const commands: Readonly<Record<string, string>> = { s3: "s3api" };
const globalServices = new Set(["iam", "route53", "organizations", "cloudfront", "ce"]);

/** Lambda logs the API version with the name. */
const loggedNames: Readonly<Record<string, string>> = {
  "lambda:ListFunctions": "ListFunctions20150331",
  "lambda:GetFunctionConfiguration": "GetFunctionConfiguration20150331v2",
  "lambda:CreateFunction": "CreateFunction20150331",
  "lambda:UpdateFunctionCode": "UpdateFunctionCode20150331v2",
  "lambda:ListTags": "ListTags20170331",
};

function kebab(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .toLowerCase();
}
