/** What users, groups and roles have in common. */
export interface Owner {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  readonly path: string;
  createdAt: Date;
  /** Name -> document, as it was sent. */
  readonly inline: Map<string, string>;
  /** ARNs of managed policies. */
  readonly attached: Set<string>;
  readonly tags: Map<string, string>;
  boundary: string | null;
}

export interface RoleState extends Owner {
  trust: string;
  description: string | null;
  maxSessionSeconds: number;
  lastUsed: { readonly at: Date; readonly region: string } | null;
}

export interface UserState extends Owner {
  readonly groups: Set<string>;
  readonly keys: KeyState[];
  readonly mfaSerials: string[];
  password: { readonly createdAt: Date; lastUsedAt: Date | null } | null;
}

export interface KeyState {
  readonly id: string;
  readonly createdAt: Date;
  isActive: boolean;
  lastUsed: { readonly at: Date; readonly service: string; readonly region: string } | null;
}

export interface PolicyState {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  readonly path: string;
  readonly createdAt: Date;
  updatedAt: Date;
  readonly versions: VersionState[];
  defaultVersionId: string;
  /** Of versions made, so that no id comes twice. */
  versionCount: number;
}

export interface VersionState {
  readonly id: string;
  readonly document: string;
  readonly createdAt: Date;
}

/** What IAM has seen an identity do with a service. */
export interface ServiceUseState {
  readonly namespace: string;
  readonly at?: Date;
  readonly actions?: readonly { readonly name: string; readonly at?: Date }[];
}

export interface JobState {
  readonly arn: string;
  readonly isByAction: boolean;
  readonly madeBy: string;
  readonly createdAt: Date;
  pollsLeft: number;
}

/** All of an account: plain data, so that what it was can be kept. */
export interface AccountState {
  readonly id: string;
  readonly users: Map<string, UserState>;
  readonly groups: Map<string, Owner>;
  readonly roles: Map<string, RoleState>;
  /** By ARN; AWS's own are among them. */
  readonly policies: Map<string, PolicyState>;
  readonly oidc: Map<string, { readonly url: string; readonly clientIds: string[];
    readonly thumbprints: string[]; readonly createdAt: Date }>;
  readonly saml: Map<string, { readonly metadata: string; readonly createdAt: Date }>;
  /** By the ARN of the identity. */
  readonly uses: Map<string, readonly ServiceUseState[]>;
  readonly jobs: Map<string, JobState>;
  report: { readonly csv: string; readonly madeAt: Date; pollsLeft: number } | null;
  /** Of things made, so that no id comes twice. */
  madeCount: number;
}

export function emptyAccount(id: string): AccountState {
  return {
    id, users: new Map(), groups: new Map(), roles: new Map(), policies: new Map(),
    oidc: new Map(), saml: new Map(), uses: new Map(), jobs: new Map(), report: null, madeCount: 0,
  };
}

/** `AROA` -> `AROA00000000000000007`, as long as AWS's. */
export function newId(state: AccountState, prefix: string): string {
  state.madeCount += 1;
  const left = (prefix.startsWith("AK") ? 20 : 21) - prefix.length - 4;
  return `${prefix}${state.id.slice(-4)}${String(state.madeCount).padStart(left, "0")}`;
}

/** What every new owner begins with. */
export function newOwner(
  state: AccountState,
  { prefix, kind, name, path, createdAt }: {
    readonly prefix: string; readonly kind: string; readonly name: string;
    readonly path: string; readonly createdAt: Date;
  },
): Owner {
  return {
    name, path, createdAt, id: newId(state, prefix),
    arn: `arn:aws:iam::${state.id}:${kind}${path}${name}`,
    inline: new Map(), attached: new Set(), tags: new Map(), boundary: null,
  };
}
