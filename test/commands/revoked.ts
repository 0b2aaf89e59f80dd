import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { stringify } from "yaml";
import { roleIdentity, record } from "../builders/record.ts";
import type { RawRecord } from "../../src/records/record.ts";
import { ownAccount } from "../aws/sts-service.ts";
import { isDenied } from "../iam/evaluate.ts";
import { IamGate } from "../../src/aws/iam.ts";
import { IamPlace, trust } from "../servers/iam/iam-place.ts";
import { Workplace, type Outcome } from "./program.ts";

export const key = "ASIATASKKEY000000001";

/** The program beside an IAM with one agent's role, of which a session lives. */
export class RevokePlace {
  readonly work = new Workplace();
  readonly iam = new IamPlace();
  readonly createdAt = new Date(Math.floor(Date.now() / 1000 - 60) * 1000).toISOString();
  #roleId = "";

  static async open(): Promise<RevokePlace> {
    const place = new RevokePlace();
    await place.iam.open();
    const client = place.iam.client();
    const { Role } = await client.send(new CreateRoleCommand({
      RoleName: "aider-ro", Path: "/agents/", AssumeRolePolicyDocument: trust,
    }));
    client.destroy();
    place.#roleId = Role?.RoleId ?? "";
    return place;
  }

  async close(): Promise<void> {
    await this.iam.close();
    this.work.remove();
  }

  /** One call of the session, so many seconds from now. */
  call(seconds: number, fields: Readonly<Record<string, unknown>> = {}): RawRecord {
    return record({
      eventTime: new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z"),
      recipientAccountId: ownAccount,
      userIdentity: roleIdentity({
        role: "aider-ro", session: "task-1", roleId: this.#roleId, accessKeyId: key,
        account: ownAccount, createdAt: this.createdAt,
      }),
      ...fields,
    });
  }

  configure(response: object, more: object = {}): void {
    this.work.write("trailwarden.yaml", stringify({
      aws: this.iam.aws,
      agents: [{ name: "aider", roles: [`arn:aws:iam::${ownAccount}:role/agents/aider-ro`] }],
      response,
      ...more,
    }));
  }

  get env(): Readonly<Record<string, string>> {
    const id = process.env["AWS_ACCESS_KEY_ID"] ?? "";
    return { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: "secret" };
  }

  run(...args: string[]): Promise<Outcome> {
    return this.work.run(args, { env: this.env });
  }

  /** Somebody takes our policy off. */
  async takeOff(): Promise<void> {
    const gate = new IamGate(this.iam.aws, { socketsMax: 1 });
    await gate.deleteRolePolicy("aider-ro", "TrailwardenSessionDeny");
    gate.close();
  }

  /** Whether the role's policies deny the session by now; and how many there are. */
  async standing(): Promise<{ readonly isDenied: boolean; readonly policyCount: number }> {
    const gate = new IamGate(this.iam.aws, { socketsMax: 1 });
    const role = await gate.role("aider-ro");
    gate.close();
    const documents = role?.inlinePolicies.map(({ document }) => document) ?? [];
    const context = {
      "aws:userid": `${this.#roleId}:task-1`, "aws:TokenIssueTime": this.createdAt,
    };
    return { isDenied: isDenied(documents, context), policyCount: documents.length };
  }
}
