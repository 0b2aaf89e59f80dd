import type { Config } from "../config/schema.ts";
import type { PrincipalKind } from "../events/principal.ts";
import { matchAgents, type AgentMatch, type Matchable } from "./agent-matchers.ts";
import type { Attribution, Basis } from "./attribution.ts";
import { fingerprintFrom, rank, sessionNameFingerprint, type Fingerprint } from "./fingerprint.ts";
import type { Span } from "./spans.ts";

export interface AttributionFacts extends Matchable {
  readonly kind: PrincipalKind;
  /** Encoded, with when they were seen. */
  readonly fingerprints: readonly (readonly [string, Span])[];
  /** Those who asked for the credential: the nearest first, then who asked for theirs, … */
  readonly issuers: readonly IssuerFacts[];
}

export type IssuerFacts = Omit<AttributionFacts, "issuers">;

/**
 * Principals that can have an agent behind them. AWS's own services are none, whatever their user
 * agents say. The pre-filter relies on this list (see `markers.ts`).
 */
export const agentKinds: ReadonlySet<PrincipalKind> = new Set([
  "role-session",
  "iam-user",
  "root",
  "federated-user",
  "saml-user",
  "web-identity-user",
  "identity-center-user",
  "account",
]);

/**
 * Session -> agent: declared for the session itself; else declared for a session it was assumed
 * from; else discovered by what the session shows; else by what its issuers showed when they asked
 * for it.
 */
export function attribute(facts: AttributionFacts, config: Config): Attribution {
  if (!agentKinds.has(facts.kind) || isAwsOwn(facts)) return nobody;
  const seen = fingerprints(facts);
  const fingerprint = seen.find(({ by }) => by !== "session-name")?.name ?? null;
  const [match] = matchAgents(facts, config);
  if (match !== undefined) return { ...declared(match), fingerprint, agentKind: kindOf(seen) };
  const chained = declaredByChain(facts.issuers, config);
  if (chained !== null) return { ...chained, fingerprint, agentKind: kindOf(seen) };
  return discovered(seen, facts.issuers, fingerprint);
}

const nobody: Attribution = {
  agent: null,
  status: "none",
  basis: [],
  confidence: "low",
  fingerprint: null,
  agentKind: null,
  sessionNameMatches: null,
};

/** Roles AWS made for its services: their sessions are the services' own. */
function isAwsOwn({ roleArn }: IssuerFacts): boolean {
  return roleArn?.includes("/AWSServiceRoleFor") ?? false;
}

function kindOf(seen: readonly Fingerprint[]): Attribution["agentKind"] {
  return seen[0]?.kind ?? null;
}

type Named = Omit<Attribution, "fingerprint" | "agentKind">;

function declared({ agent, basis, byIdentity, sessionNameMatches }: AgentMatch): Named {
  const isChosenName = basis.every(({ by }) => by === "session-name");
  const confidence = byIdentity && !isChosenName ? "high" : "medium";
  return { agent, status: "declared", basis, confidence, sessionNameMatches };
}

/** The agent went on under another role: still the agent's doing. */
function declaredByChain(issuers: readonly IssuerFacts[], config: Config): Named | null {
  for (const issuer of issuers) {
    const [match] = agentKinds.has(issuer.kind) ? matchAgents(issuer, config) : [];
    if (match === undefined) continue;
    const matched = issuer.roleArn ?? match.basis[0]?.matched ?? "";
    return {
      agent: match.agent,
      status: "declared",
      basis: [{ by: "chain", matched }],
      confidence: "medium",
      sessionNameMatches: null,
    };
  }
  return null;
}

function discovered(
  seen: readonly Fingerprint[],
  issuers: readonly IssuerFacts[],
  fingerprint: string | null,
): Attribution {
  const [strongest] = seen;
  if (strongest !== undefined && strongest.kind === "ai") return byFingerprint(seen, fingerprint);
  const chained = issuers.flatMap((issuer) => fingerprints(issuer)).sort(byRank);
  const [behind] = chained;
  const isBetter = behind !== undefined && (strongest === undefined || behind.kind === "ai");
  if (!isBetter) return strongest === undefined ? nobody : byFingerprint(seen, fingerprint);
  return {
    agent: behind.name,
    status: "discovered",
    basis: [{ by: "chain", matched: `${behind.name} ${behind.matched}` }],
    confidence: "low",
    fingerprint,
    agentKind: behind.kind,
    sessionNameMatches: null,
  };
}

function byFingerprint(seen: readonly Fingerprint[], fingerprint: string | null): Attribution {
  const [strongest] = seen;
  if (strongest === undefined) return nobody;
  const same = seen.filter(({ name, by }) => name === strongest.name || by === "mcp");
  const basis: Basis[] = same.map(({ by, matched }) => ({ by, matched }));
  return {
    agent: strongest.name,
    status: "discovered",
    basis,
    confidence: confidenceOf(same),
    fingerprint,
    agentKind: strongest.kind,
    sessionNameMatches: null,
  };
}

/** AWS itself marks what goes through its MCP server; a client can say anything of itself. */
function confidenceOf(basis: readonly Fingerprint[]): Attribution["confidence"] {
  if (basis.some(({ by }) => by === "mcp")) return "high";
  return basis.some(({ by }) => by === "user-agent") ? "medium" : "low";
}

/** Strongest first; among equals the first seen, then by name. */
function fingerprints({ fingerprints: encoded, sessionName }: IssuerFacts): Fingerprint[] {
  const inTime = [...encoded].sort((a, b) => a[1][0] - b[1][0] || (a[0] < b[0] ? -1 : 1));
  const seen = inTime.map(([text]) => fingerprintFrom(text));
  const named = sessionName === null ? null : sessionNameFingerprint(sessionName);
  return [...seen, ...(named === null ? [] : [named])].sort(byRank);
}

function byRank(a: Fingerprint, b: Fingerprint): number {
  return rank(a) - rank(b);
}
