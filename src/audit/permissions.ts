import { actionsLike, type KnownAction } from "./known-actions.ts";
import {
  coversAction,
  coversResource,
  isAboutAll,
  readPolicy,
  type PolicyStatement,
} from "./policy-document.ts";

/** A policy that an identity has. */
export interface HeldPolicy {
  /** An inline policy's name, or a managed one's ARN. */
  readonly name: string;
  readonly isInline: boolean;
  /** Null where the snapshot does not hold it. */
  readonly document: string | null;
}

export interface HeldStatement {
  readonly policy: HeldPolicy;
  readonly statement: PolicyStatement;
}

/**
 * What an identity's policies let it do, as far as they tell by themselves: an Allow counts
 * whatever its conditions, a Deny only where nothing narrows it. Policies of an organisation may
 * leave less of it, those of resources may add to it.
 */
export class Permissions {
  readonly policies: readonly HeldPolicy[];
  /** Null: none. */
  readonly boundary: HeldPolicy | null;
  /** Names of policies that are not known, or cannot be read. */
  readonly unread: readonly string[];
  readonly allows: readonly HeldStatement[];
  readonly denies: readonly HeldStatement[];
  readonly #boundary: readonly PolicyStatement[] | null;
  #actions: readonly KnownAction[] | null = null;

  constructor(policies: readonly HeldPolicy[], boundary: HeldPolicy | null = null) {
    this.policies = policies;
    this.boundary = boundary;
    const read = policies.map((policy) => ({ policy, statements: statementsOf(policy) }));
    this.#boundary = boundary === null ? null : statementsOf(boundary);
    const unread = read.flatMap(({ policy, statements }) => (statements === null ? [policy] : []));
    if (boundary !== null && this.#boundary === null) unread.push(boundary);
    this.unread = unread.map(({ name }) => name);
    const held = read.flatMap(({ policy, statements }) =>
      (statements ?? []).map((statement) => ({ policy, statement })),
    );
    this.allows = held.filter(({ statement }) => statement.effect === "Allow");
    this.denies = held.filter(({ statement }) => statement.effect === "Deny");
  }

  /** Every known action that it may do on something. */
  get actions(): readonly KnownAction[] {
    this.#actions ??= [
      ...new Set(this.allows.flatMap(({ statement }) => actionsOf(statement))),
    ].filter(({ name }) => !this.#isTaken(name, null));
    return this.#actions;
  }

  /** What lets it do this, on a resource or on any at all. */
  allowing(action: string, resource: string | null): readonly HeldStatement[] {
    if (this.#isTaken(action, resource)) return [];
    return this.allows.filter(
      ({ statement }) =>
        coversAction(statement, action) &&
        (resource === null || coversResource(statement, resource)),
    );
  }

  #isTaken(action: string, resource: string | null): boolean {
    const isAbout = (statement: PolicyStatement) =>
      coversAction(statement, action) &&
      (isAboutAll(statement) || (resource !== null && coversResource(statement, resource)));
    const denies = [
      ...this.denies.map(({ statement }) => statement),
      ...(this.#boundary ?? []).filter(({ effect }) => effect === "Deny"),
    ];
    if (denies.some((deny) => deny.conditions.length === 0 && isAbout(deny))) return true;
    return (
      this.#boundary !== null &&
      !this.#boundary.some(
        (statement) =>
          statement.effect === "Allow" &&
          coversAction(statement, action) &&
          (resource === null || coversResource(statement, resource)),
      )
    );
  }
}

/** Thousands of roles have the same policies: each is read once. */
const readPolicies = new WeakMap<HeldPolicy, readonly PolicyStatement[] | null>();
const statementActions = new WeakMap<PolicyStatement, readonly KnownAction[]>();

function statementsOf(policy: HeldPolicy): readonly PolicyStatement[] | null {
  const known = readPolicies.get(policy);
  if (known !== undefined) return known;
  const statements = policy.document === null ? null : readPolicy(policy.document);
  readPolicies.set(policy, statements);
  return statements;
}

/** Every known action that a statement is about. */
export function actionsOf(statement: PolicyStatement): readonly KnownAction[] {
  const known = statementActions.get(statement);
  if (known !== undefined) return known;
  const { actions } = statement;
  const found =
    actions === null
      ? actionsLike("*").filter(({ name }) => coversAction(statement, name))
      : actions.flatMap(actionsLike);
  statementActions.set(statement, found);
  return found;
}
