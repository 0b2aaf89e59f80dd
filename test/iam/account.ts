import type {
  InlinePolicy, KeyStatus, PolicySeen, RoleGate, RoleSeen, Wrote,
} from "../../src/revocations/role-gate.ts";
import { isDenied, type Context } from "./evaluate.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Version = PolicySeen["versions"][number] & { document: string };

/**
 * One account's IAM in memory, with its quotas, for what a protocol server cannot be made to do on
 * time: to show old states, to let somebody else in between two calls, to fail at the nth call.
 */
export class Account implements RoleGate {
  readonly roles = new Map<string, Mutable<RoleSeen>>();
  readonly policies = new Map<string, Version[]>();
  readonly keys = new Map<string, KeyStatus>();
  /** Every write that was taken, in order. */
  readonly writes: string[] = [];
  /** What happens before a call, by its name: a throw is AWS's answer. */
  before: (call: keyof RoleGate) => Promise<void> | void = () => undefined;
  #old = new Map<string, RoleSeen>();
  #oldReads = 0;
  #versionCount = 0;

  addRole(role: RoleSeen): void {
    this.roles.set(role.name, { ...role });
  }

  addPolicy(arn: string, document: string): void {
    this.policies.set(arn, [{ id: "v1", isDefault: true, document }]);
    this.#versionCount = 1;
  }

  /** So many reads from now on show roles as they are now. */
  showOld(reads: number): void {
    this.#oldReads = reads;
    this.#old = new Map([...this.roles].map(([name, role]) => [name, { ...role }]));
  }

  /** Whether the call of such a session of the role is denied. */
  denies(roleName: string, context: Context): boolean {
    const role = this.#role(roleName);
    const attached = role.attachedPolicyArns.flatMap((arn) => this.#default(arn)?.document ?? []);
    return isDenied([...role.inlinePolicies.map(({ document }) => document), ...attached], context);
  }

  async role(name: string): Promise<RoleSeen | null> {
    await this.before("role");
    const role = (this.#oldReads-- > 0 ? this.#old : this.roles).get(name);
    return role === undefined ? null : { ...role };
  }

  async putRolePolicy(name: string, policyName: string, document: string): Promise<Wrote> {
    await this.before("putRolePolicy");
    isDenied([document], {});
    const all = [...this.#without(name, policyName), { name: policyName, document }];
    const size = all.reduce((sum, one) => sum + one.document.replaceAll(/\s/g, "").length, 0);
    if (size > 10_240) return "no-room";
    return this.#change(name, `put ${policyName}`, { inlinePolicies: all });
  }

  async deleteRolePolicy(name: string, policyName: string): Promise<Wrote> {
    await this.before("deleteRolePolicy");
    const inlinePolicies = this.#without(name, policyName);
    return this.#change(name, `delete ${policyName}`, { inlinePolicies });
  }

  async attachRolePolicy(name: string, arn: string): Promise<Wrote> {
    await this.before("attachRolePolicy");
    const attachedPolicyArns = [...this.#role(name).attachedPolicyArns, arn];
    if (attachedPolicyArns.length > 10) return "no-room";
    return this.#change(name, "attach", { attachedPolicyArns });
  }

  async detachRolePolicy(name: string, arn: string): Promise<Wrote> {
    await this.before("detachRolePolicy");
    const attachedPolicyArns = this.#role(name).attachedPolicyArns.filter((one) => one !== arn);
    return this.#change(name, "detach", { attachedPolicyArns });
  }

  async policy(arn: string): Promise<PolicySeen | null> {
    await this.before("policy");
    const document = this.#default(arn)?.document;
    const versions = this.policies.get(arn)?.map(({ id, isDefault }) => ({ id, isDefault }));
    return document === undefined || versions === undefined ? null : { arn, document, versions };
  }

  async createPolicyVersion(arn: string, document: string): Promise<Wrote> {
    await this.before("createPolicyVersion");
    isDenied([document], {});
    const versions = this.policies.get(arn);
    if (versions === undefined) return "missing";
    if (versions.length >= 5 || document.replaceAll(/\s/g, "").length > 6144) return "no-room";
    this.#versionCount += 1;
    const id = `v${this.#versionCount}`;
    const others = versions.map((one) => ({ ...one, isDefault: false }));
    this.policies.set(arn, [...others, { id, isDefault: true, document }]);
    this.writes.push(`version ${id}`);
    return "done";
  }

  async deletePolicyVersion(arn: string, versionId: string): Promise<Wrote> {
    await this.before("deletePolicyVersion");
    const versions = this.policies.get(arn) ?? [];
    if (versions.find(({ id }) => id === versionId)?.isDefault === true) {
      throw new Error("DeleteConflict");
    }
    this.policies.set(arn, versions.filter(({ id }) => id !== versionId));
    this.writes.push(`delete ${versionId}`);
    return "done";
  }

  async policyVersion(arn: string, versionId: string): Promise<string | null> {
    await this.before("policyVersion");
    return this.policies.get(arn)?.find(({ id }) => id === versionId)?.document ?? null;
  }

  async accessKey(_user: string, accessKeyId: string): Promise<KeyStatus | null> {
    await this.before("accessKey");
    return this.keys.get(accessKeyId) ?? null;
  }

  async setAccessKey(_user: string, accessKeyId: string, status: KeyStatus): Promise<Wrote> {
    await this.before("setAccessKey");
    if (!this.keys.has(accessKeyId)) return "missing";
    this.keys.set(accessKeyId, status);
    this.writes.push(status);
    return "done";
  }

  #change(name: string, write: string, to: Partial<RoleSeen>): Wrote {
    const role = this.roles.get(name);
    if (role === undefined) return "missing";
    Object.assign(role, to);
    this.writes.push(write);
    return "done";
  }

  #without(name: string, policyName: string): readonly InlinePolicy[] {
    return this.#role(name).inlinePolicies.filter((policy) => policy.name !== policyName);
  }

  #role(name: string): RoleSeen {
    const role = this.roles.get(name);
    if (role === undefined) throw new Error(`There is no role ${name}.`);
    return role;
  }

  #default(arn: string): Version | undefined {
    return this.policies.get(arn)?.find(({ isDefault }) => isDefault);
  }
}
