import type { Answer, Call } from "./aws-server.ts";

const known = new Set([
  "Action", "Version", "RoleArn", "RoleSessionName", "DurationSeconds", "ExternalId",
]);

/** AssumeRole, for roles whose trust it is told. */
export class StsService {
  /** What roles ask for: an external id, or nothing. */
  readonly trusted = new Map<string, string | null>();
  /** The account behind each access key. */
  readonly accounts = new Map<string, string>();
  readonly assumed: string[] = [];

  readonly answer = ({ body }: Call): Answer => {
    const form = new URLSearchParams(body);
    const unknown = [...form.keys()].find((key) => !known.has(key));
    if (form.get("Action") !== "AssumeRole" || form.get("Version") !== "2011-06-15") {
      return failure(400, "InvalidAction", "There is only AssumeRole of 2011-06-15 here.");
    }
    if (unknown !== undefined) return failure(400, "ValidationError", `Unknown: ${unknown}.`);
    const role = form.get("RoleArn") ?? "";
    if (this.trusted.get(role) !== form.get("ExternalId")) {
      const message = `User is not authorized to perform: sts:AssumeRole on ${role}`;
      return failure(403, "AccessDenied", message);
    }
    this.assumed.push(role);
    const accessKeyId = `ASIA${String(this.assumed.length).padStart(16, "0")}`;
    this.accounts.set(accessKeyId, role.split(":")[4] ?? "");
    return { status: 200, headers: xml, body: credentials(accessKeyId, role) };
  };
}

const xml = { "content-type": "text/xml" };

function credentials(accessKeyId: string, role: string): string {
  return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
    <Credentials><AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
    <SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
    <AssumedRoleUser><Arn>${role}/trailwarden</Arn><AssumedRoleId>AROA:t</AssumedRoleId>
    </AssumedRoleUser>
    </AssumeRoleResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>
    </AssumeRoleResponse>`;
}

function failure(status: number, code: string, message: string): Answer {
  const body = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>
    <Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>
    <RequestId>r</RequestId></ErrorResponse>`;
  return { status, headers: xml, body };
}
