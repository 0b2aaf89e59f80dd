import type { Identities, Role, User } from "./identities.ts";
import { Permissions, type HeldPolicy } from "./permissions.ts";

/** What the roles and users of an account may do, each worked out once. */
export class HeldPolicies {
  readonly #managed: ReadonlyMap<string, HeldPolicy>;
  readonly #ofGroup: ReadonlyMap<string, readonly HeldPolicy[]>;
  readonly #known = new WeakMap<Role | User, Permissions>();

  constructor({ policies, groups }: Identities) {
    this.#managed = new Map(policies.map(({ arn, document }) =>
      [arn, { name: arn, isInline: false, document }]));
    this.#ofGroup = new Map(groups.map((group) => [group.name, this.#own(group)]));
  }

  of(identity: Role | User): Permissions {
    const known = this.#known.get(identity);
    if (known !== undefined) return known;
    const { boundaryArn } = identity;
    const groups = "groupNames" in identity ? identity.groupNames : [];
    const permissions = new Permissions(
      [...this.#own(identity), ...groups.flatMap((name) => this.#ofGroup.get(name) ?? [])],
      boundaryArn === null ? null : this.#policy(boundaryArn),
    );
    this.#known.set(identity, permissions);
    return permissions;
  }

  #own({ inlinePolicies, attachedPolicyArns }: Pick<Role, "inlinePolicies" | "attachedPolicyArns">,
  ): readonly HeldPolicy[] {
    return [
      ...inlinePolicies.map(({ name, document }) => ({ name, isInline: true, document })),
      ...attachedPolicyArns.map((arn) => this.#policy(arn)),
    ];
  }

  #policy(arn: string): HeldPolicy {
    return this.#managed.get(arn) ?? { name: arn, isInline: false, document: null };
  }
}
