/**
 * One account's IAM, as far as a responder needs it. Names are IAM's own, without path. Whoever
 * implements it decides nothing: what AWS answers about our own wish is a value, the world failing
 * (throttled, denied, not reached) rejects with a fault that has a `code` and is `retryable` or
 * not.
 *
 * Documents are policy JSON as text, URL-decoded (IAM returns them encoded), with whatever
 * whitespace they were stored with.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html
 */
export interface RoleGate {
  /** Null: there is no such role. All of it: lists are read to their last page. */
  role(roleName: string): Promise<RoleSeen | null>;
  putRolePolicy(roleName: string, policyName: string, document: string): Promise<Wrote>;
  deleteRolePolicy(roleName: string, policyName: string): Promise<Wrote>;
  attachRolePolicy(roleName: string, policyArn: string): Promise<Wrote>;
  detachRolePolicy(roleName: string, policyArn: string): Promise<Wrote>;

  /** A customer-managed policy; null: there is none. */
  policy(policyArn: string): Promise<PolicySeen | null>;
  /** The new version is the default from then on. */
  createPolicyVersion(policyArn: string, document: string): Promise<Wrote>;
  deletePolicyVersion(policyArn: string, versionId: string): Promise<Wrote>;
  /** The document of one version; null: there is no such version. */
  policyVersion(policyArn: string, versionId: string): Promise<string | null>;

  /** Null: the user, or the key, does not exist. */
  accessKey(userName: string, accessKeyId: string): Promise<KeyStatus | null>;
  setAccessKey(userName: string, accessKeyId: string, status: KeyStatus): Promise<Wrote>;
}

/** As `Status` of ListAccessKeys and UpdateAccessKey. */
export type KeyStatus = "Active" | "Inactive";

/**
 * How a write ended. `missing`: NoSuchEntity, of the role, policy, version or key named.
 * `no-room`: LimitExceeded, a quota of characters, versions or attachments. `unmodifiable`:
 * UnmodifiableEntity, as of service-linked roles.
 */
export type Wrote = "done" | "missing" | "no-room" | "unmodifiable";

/** A role as it stands: GetRole, ListRolePolicies + GetRolePolicy, ListAttachedRolePolicies. */
export interface RoleSeen {
  /** `AROA…`: a role made anew under the same name has another. */
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  /** `/`, `/agents/`, `/aws-service-role/…/` (service-linked). */
  readonly path: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly maxSessionSeconds: number;
  readonly inlinePolicies: readonly InlinePolicy[];
  readonly attachedPolicyArns: readonly string[];
}

export interface InlinePolicy {
  readonly name: string;
  readonly document: string;
}

/** GetPolicy, ListPolicyVersions, and GetPolicyVersion of the default one. */
export interface PolicySeen {
  readonly arn: string;
  /** Of the default version. */
  readonly document: string;
  /** Oldest first, at most 5. */
  readonly versions: readonly { readonly id: string; readonly isDefault: boolean }[];
}
