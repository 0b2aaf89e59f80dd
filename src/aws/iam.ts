import {
  AttachRolePolicyCommand, CreatePolicyVersionCommand, DeletePolicyVersionCommand,
  DeleteRolePolicyCommand, DetachRolePolicyCommand, GetPolicyVersionCommand, GetRoleCommand,
  GetRolePolicyCommand, paginateListAccessKeys, paginateListAttachedRolePolicies,
  paginateListPolicyVersions, paginateListRolePolicies, PutRolePolicyCommand,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import type { AwsConfig } from "../config/schema.ts";
import type {
  InlinePolicy, KeyStatus, PolicySeen, RoleGate, RoleSeen, Wrote,
} from "../revocations/role-gate.ts";
import type { Reach } from "./clients.ts";
import {
  decodedDocument, Iam, ofAllPages, refusalOf, tellQuotasFromThrottling,
} from "./iam-client.ts";

/** A responder's IAM, in one account. Everything here throws an AwsFault. */
export class IamGate implements RoleGate {
  readonly #iam: Iam;

  constructor(aws: AwsConfig, reach: Reach) {
    this.#iam = new Iam(aws, reach);
    tellQuotasFromThrottling(this.#iam.client);
  }

  async role(RoleName: string): Promise<RoleSeen | null> {
    const { client } = this.#iam;
    const what = `role ${RoleName}`;
    const [found, policies, attached] = await Promise.all([
      this.#iam.found("GetRole", what, () => client.send(new GetRoleCommand({ RoleName }))),
      this.#iam.found("ListRolePolicies", what, () => ofAllPages(
        paginateListRolePolicies({ client }, { RoleName }), (page) => page.PolicyNames)),
      this.#iam.found("ListAttachedRolePolicies", what, () => ofAllPages(
        paginateListAttachedRolePolicies({ client }, { RoleName }),
        (page) => page.AttachedPolicies)),
    ]);
    // Whoever deletes a role between these takes it from all of them.
    if (found?.Role === undefined || policies === null || attached === null) return null;
    const { Role: role } = found;
    const inline = await Promise.all(policies.map((name) => this.#inline(RoleName, name)));
    return {
      id: role.RoleId ?? "",
      name: role.RoleName ?? "",
      arn: role.Arn ?? "",
      path: role.Path ?? "/",
      tags: Object.fromEntries((role.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
      maxSessionSeconds: role.MaxSessionDuration ?? leastMaxSessionSeconds,
      inlinePolicies: inline.filter((one) => one !== null),
      attachedPolicyArns: attached.flatMap(({ PolicyArn }) => PolicyArn ?? []),
    };
  }

  putRolePolicy(RoleName: string, PolicyName: string, PolicyDocument: string): Promise<Wrote> {
    return this.#wrote("PutRolePolicy", `role ${RoleName}`, () =>
      this.#iam.client.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument })));
  }

  deleteRolePolicy(RoleName: string, PolicyName: string): Promise<Wrote> {
    return this.#wrote("DeleteRolePolicy", `role ${RoleName}`, () =>
      this.#iam.client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })));
  }

  attachRolePolicy(RoleName: string, PolicyArn: string): Promise<Wrote> {
    return this.#wrote("AttachRolePolicy", `role ${RoleName}`, () =>
      this.#iam.client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn })));
  }

  detachRolePolicy(RoleName: string, PolicyArn: string): Promise<Wrote> {
    return this.#wrote("DetachRolePolicy", `role ${RoleName}`, () =>
      this.#iam.client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })));
  }

  async policy(PolicyArn: string): Promise<PolicySeen | null> {
    const { client } = this.#iam;
    const found = await this.#iam.found("ListPolicyVersions", PolicyArn, () =>
      ofAllPages(paginateListPolicyVersions({ client }, { PolicyArn }), (page) => page.Versions));
    const versions = (found ?? [])
      .map(({ VersionId = "", IsDefaultVersion = false }) =>
        ({ id: VersionId, isDefault: IsDefaultVersion }))
      .toSorted((a, b) => numberOf(a.id) - numberOf(b.id));
    const current = versions.find(({ isDefault }) => isDefault);
    if (current === undefined) return null;
    const document = await this.policyVersion(PolicyArn, current.id);
    return document === null ? null : { arn: PolicyArn, document, versions };
  }

  createPolicyVersion(PolicyArn: string, PolicyDocument: string): Promise<Wrote> {
    const command = new CreatePolicyVersionCommand({
      PolicyArn, PolicyDocument, SetAsDefault: true,
    });
    return this.#wrote("CreatePolicyVersion", PolicyArn, () => this.#iam.client.send(command));
  }

  deletePolicyVersion(PolicyArn: string, VersionId: string): Promise<Wrote> {
    return this.#wrote("DeletePolicyVersion", PolicyArn, () =>
      this.#iam.client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId })));
  }

  async policyVersion(PolicyArn: string, VersionId: string): Promise<string | null> {
    const found = await this.#iam.found("GetPolicyVersion", PolicyArn, () =>
      this.#iam.client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId })));
    return found === null ? null : decodedDocument(found.PolicyVersion?.Document);
  }

  async accessKey(UserName: string, accessKeyId: string): Promise<KeyStatus | null> {
    const { client } = this.#iam;
    const keys = await this.#iam.found("ListAccessKeys", `user ${UserName}`, () =>
      ofAllPages(paginateListAccessKeys({ client }, { UserName }),
        (page) => page.AccessKeyMetadata));
    const key = keys?.find(({ AccessKeyId }) => AccessKeyId === accessKeyId);
    if (key === undefined) return null;
    return key.Status === "Active" ? "Active" : "Inactive";
  }

  setAccessKey(UserName: string, AccessKeyId: string, Status: KeyStatus): Promise<Wrote> {
    return this.#wrote("UpdateAccessKey", `user ${UserName}`, () =>
      this.#iam.client.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status })));
  }

  close(): void {
    this.#iam.close();
  }

  /** Null: deleted since it was listed. */
  async #inline(RoleName: string, PolicyName: string): Promise<InlinePolicy | null> {
    const found = await this.#iam.found("GetRolePolicy", `role ${RoleName}`, () =>
      this.#iam.client.send(new GetRolePolicyCommand({ RoleName, PolicyName })));
    if (found === null) return null;
    return { name: PolicyName, document: decodedDocument(found.PolicyDocument) };
  }

  #wrote(api: string, resource: string, send: () => Promise<unknown>): Promise<Wrote> {
    return this.#iam.asked(api, resource, async () => {
      try {
        await send();
        return "done";
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal === null) throw error;
        return refusal;
      }
    });
  }
}

/** Every role can be assumed for an hour. */
const leastMaxSessionSeconds = 3600;

/** `v12` -> 12. They are counted, and none is given twice. */
function numberOf(versionId: string): number {
  return Number(versionId.slice(1));
}
