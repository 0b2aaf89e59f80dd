import type { AgentConfig, Config } from "../config/schema.ts";
import type { Markers } from "../records/markers.ts";
import { roleNamePattern } from "./agent-matchers.ts";
import { literalsOf } from "./glob.ts";
import { issuingNames } from "./issued.ts";

/** Why the pre-filter must be off: a sentence for a person. */
export interface NoMarkers {
  readonly none: string;
}

/**
 * What every record has that may belong to an agent's session, or issue its credential.
 *
 * - `any`: declared agents and those to be discovered. An agent may show in one call of a session
 *   and hide in the rest, so every principal that could have one behind it stays; what falls away
 *   are AWS's services on their own (four of five records in a busy account) and their events.
 * - `declared`: only sessions that the config gives to an agent by role or session name, and
 *   sessions of the roles it may assume. Undeclared agents, and what an agent does under roles that
 *   it may not assume, are not seen beyond the call that assumes them.
 *
 * Issuing calls stay: without them no expiry, no chain, no issuer. With `declared`, people's
 * sign-ins stay only where they are to an agent's role ({@link outsideMarkersFor}), and calls whose
 * credential can be told by nothing fall away.
 */
export function markersFor(config: Config, scope: "any" | "declared" = "any"): Markers | NoMarkers {
  if (scope === "any") return anyAgent;
  if (config.agents.length === 0) return { none: "No agent is declared." };
  const markers = new Set<string>(tiedNames);
  for (const agent of config.agents) {
    const found = agentMarkers(agent);
    if (!Array.isArray(found)) return found;
    for (const marker of found) markers.add(marker);
  }
  return [...markers].sort();
}

/**
 * What a call that no agent makes must ask for, where only declared agents count: the role or
 * session of one. A service that opens another workload's session says nothing of an agent: no
 * service is part of a chain, and what the workload itself then asks for stays. So it is with
 * people who sign in to a role of their own: when they open an agent's session, that call names
 * them.
 */
export function outsideMarkersFor(config: Config): Markers | NoMarkers {
  const markers = markersFor(config, "declared");
  return "none" in markers ? markers : markers.filter((name) => !issuingNames.includes(name));
}

/**
 * Identity Center logs neither key nor session of the role credentials it hands out: nothing is
 * ever tied to them.
 */
const tiedNames = issuingNames.filter((name) => name !== "GetRoleCredentials");

/**
 * `userIdentity.type` of every principal of `agentKinds`: each of its records carries it. `Role`
 * stands for `AssumedRole` and the rare `Role`, and for `AssumeRole…` among the issuing calls.
 */
const identityTypes: readonly string[] = [
  "Role",
  "IAMUser",
  "Root",
  "FederatedUser",
  "SAMLUser",
  "WebIdentityUser",
  "IdentityCenterUser",
  "AWSAccount",
];

const anyAgent: Markers = [
  ...identityTypes,
  ...issuingNames.filter((name) => !identityTypes.some((type) => name.includes(type))),
];

function agentMarkers(agent: AgentConfig): string[] | NoMarkers {
  const { name, roles, sessionNames, userAgents, mayAssume } = agent;
  if (userAgents.length > 0) {
    return { none: `Agent ${name} is recognised by user agents, which not all its calls show.` };
  }
  const assumed = markersOfAll(name, [...roles, ...mayAssume], roleMarker);
  if (roles.length > 0 || !Array.isArray(assumed)) return assumed;
  if (sessionNames.length > 0) {
    const own = markersOfAll(name, sessionNames, longestLiteral);
    return Array.isArray(own) ? [...own, ...assumed] : own;
  }
  return { none: `Agent ${name} is recognised by source identity or tags: not in every call.` };
}

function markersOfAll(
  agent: string,
  patterns: readonly string[],
  markerOf: (pattern: string) => string | null,
): string[] | NoMarkers {
  const markers: string[] = [];
  for (const pattern of patterns) {
    const marker = markerOf(pattern);
    if (marker === null) {
      return { none: `Agent ${agent}: the pattern ${pattern} holds no name of 3 characters.` };
    }
    markers.push(marker);
  }
  return markers;
}

/** A session's own ARN (`assumed-role/<role>/<session>`) holds the role's name, not its path. */
function roleMarker(pattern: string): string | null {
  const name = roleNamePattern(pattern);
  return name === null ? null : longestLiteral(name);
}

/** The longest run that JSON never escapes, so that it stands in the file's bytes as it is. */
function longestLiteral(pattern: string): string | null {
  const runs = literalsOf(pattern).flatMap((literal) => literal.split(escapable));
  const [longest = ""] = runs.sort((a, b) => b.length - a.length);
  return longest.length >= markerLengthMin ? longest : null;
}
const escapable = /[^A-Za-z0-9_.,@+:-]+/;
const markerLengthMin = 3;
