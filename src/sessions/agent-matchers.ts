import type { AgentConfig, Config } from "../config/schema.ts";
import type { Basis } from "./attribution.ts";
import { compileGlob, specificity, type Glob } from "./glob.ts";

/** What of a session the config's patterns are matched against. */
export interface Matchable {
  readonly roleArn: string | null;
  readonly sessionName: string | null;
  readonly sourceIdentity: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** Families, coding agents and texts of its user agents. */
  readonly userAgents: readonly string[];
}

export interface AgentMatch {
  readonly agent: string;
  readonly basis: readonly Basis[];
  /**
   * Recognised by who it is (role, name, source identity, tags), not only by what its client says.
   */
  readonly byIdentity: boolean;
  /** Length of the longest literal pattern that matched. */
  readonly specificity: number;
  readonly sessionNameMatches: boolean | null;
}

/**
 * The declared agents that a session matches, best first: identity, most reasons, most specific,
 * config order.
 */
export function matchAgents(session: Matchable, config: Config): readonly AgentMatch[] {
  return compiled(config)
    .map((agent) => matchAgent(session, agent))
    .filter((match) => match !== null)
    .sort(
      (a, b) =>
        Number(b.byIdentity) - Number(a.byIdentity) ||
        b.basis.length - a.basis.length ||
        b.specificity - a.specificity,
    );
}

/**
 * A role attributes by itself: a session of the agent's role with a foreign name is the agent's,
 * and worth a finding. Names, source identities and tags attribute alone only where no role is
 * declared, and then all kinds declared must hold; beside a role they add to the basis. User agents
 * attribute alone, weakly.
 */
function matchAgent(session: Matchable, agent: Matchers): AgentMatch | null {
  const role = first(agent.roles, session.roleArn, "role-arn");
  const name = first(agent.sessionNames, session.sessionName, "session-name");
  const source = first(agent.sourceIdentities, session.sourceIdentity, "source-identity");
  const tags = tagBasis(agent.tags, session.tags);
  const client = firstOf(agent.userAgents, session.userAgents);
  const declared = [
    agent.sessionNames.length === 0 ? null : name !== null,
    agent.sourceIdentities.length === 0 ? null : source !== null,
    agent.tags.length === 0 ? null : tags !== null,
  ].filter((holds) => holds !== null);
  const byIdentity =
    agent.roles.length > 0 ? role !== null : declared.length > 0 && declared.every(Boolean);
  if (!byIdentity && client === null) return null;
  const identity = byIdentity ? [role, source, ...(tags ?? []), name] : [];
  const basis = [...identity, client].filter((each) => each !== null);
  return {
    agent: agent.name,
    basis,
    byIdentity,
    specificity: Math.max(...basis.map(({ matched }) => specificity(matched))),
    sessionNameMatches:
      agent.sessionNames.length === 0 || session.sessionName === null ? null : name !== null,
  };
}

interface Pattern {
  readonly pattern: string;
  readonly matches: Glob;
}

interface Matchers {
  readonly name: string;
  readonly roles: readonly Pattern[];
  readonly sessionNames: readonly Pattern[];
  readonly sourceIdentities: readonly Pattern[];
  readonly tags: readonly (Pattern & { readonly key: string })[];
  readonly userAgents: readonly Pattern[];
}

function first(
  patterns: readonly Pattern[],
  text: string | null,
  by: Basis["by"],
): Basis | null {
  if (text === null) return null;
  const found = patterns
    .filter(({ matches }) => matches(text))
    .sort((a, b) => specificity(b.pattern) - specificity(a.pattern))[0];
  return found === undefined ? null : { by, matched: found.pattern };
}

function firstOf(patterns: readonly Pattern[], texts: readonly string[]): Basis | null {
  const found = patterns.find(({ matches }) => texts.some(matches));
  return found === undefined ? null : { by: "user-agent", matched: found.pattern };
}

/** All declared tags must be there. */
function tagBasis(declared: Matchers["tags"], tags: Matchable["tags"]): readonly Basis[] | null {
  const holds = declared.every(({ key, matches }) => {
    const value = Object.hasOwn(tags, key) ? tags[key] : undefined;
    return value !== undefined && matches(value);
  });
  if (!holds || declared.length === 0) return null;
  return declared.map(({ key, pattern }) => ({ by: "session-tag", matched: `${key}=${pattern}` }));
}

const known = new WeakMap<Config, readonly Matchers[]>();

function compiled(config: Config): readonly Matchers[] {
  const before = known.get(config);
  if (before !== undefined) return before;
  const matchers = config.agents.map(compileAgent);
  known.set(config, matchers);
  return matchers;
}

function compileAgent(agent: AgentConfig): Matchers {
  const compile = (pattern: string): Pattern => ({ pattern, matches: compileGlob(pattern) });
  return {
    name: agent.name,
    roles: agent.roles.map((pattern) => ({ pattern, matches: compileRoleGlob(pattern) })),
    sessionNames: agent.sessionNames.map(compile),
    sourceIdentities: agent.sourceIdentities.map(compile),
    tags: Object.entries(agent.sessionTags).map(([key, pattern]) => ({ key, ...compile(pattern) })),
    userAgents: agent.userAgents.map(compile),
  };
}

/**
 * A role pattern holds for the role's ARN with its path or without (most records of a session tell
 * no path). What stands behind the pattern's last slash must also fit the role's name by itself:
 * `role/agents/aider-*` is for roles whose name begins with `aider-`, not for any role below a path
 * `/agents/aider-x/`. So every record of such a session holds that piece of the name, which is what
 * the pre-filter looks for.
 */
export function compileRoleGlob(pattern: string): Glob {
  const whole = compileGlob(pattern);
  const namePattern = roleNamePattern(pattern);
  const name = namePattern === null ? null : compileGlob(namePattern);
  return (arn) => {
    if (name !== null && !name(arn.slice(arn.lastIndexOf("/") + 1))) return false;
    return whole(arn) || whole(withoutPath(arn));
  };
}

/**
 * What a role pattern says of the name: all behind its last slash; null where no slash tells it
 * apart.
 */
export function roleNamePattern(pattern: string): string | null {
  const slash = pattern.lastIndexOf("/");
  return slash < 0 ? null : pattern.slice(slash + 1);
}

function withoutPath(arn: string): string {
  const start = arn.indexOf(":role/");
  if (start < 0) return arn;
  return arn.slice(0, start + ":role/".length) + arn.slice(arn.lastIndexOf("/") + 1);
}
