import { matchAgents } from "../sessions/agent-matchers.ts";
import type { Issuance } from "../sessions/issuance.ts";
import { mayIssue } from "../sessions/issued.ts";
import type { Session } from "../sessions/session.ts";
import type { Fact, FactContext, Growth } from "./fact.ts";

const of = (
  name: string,
  [type, unit]: readonly [Fact["type"], string | null],
  rest: Pick<Fact, "meaning" | "of" | "grows">,
): Fact => ({ name, type, unit, ...rest });
const grows = (view: (session: Session) => unknown): Growth => ({ with: "session", view });
const text = ["text", null] as const;
const truth = ["truth", null] as const;
const list = ["list", null] as const;
const seconds = ["number", "seconds"] as const;
const count = ["number", "count"] as const;

/** Facts of who called: principal, role, session. All are functions of the final merged state. */
export const sessionFacts: readonly Fact[] = [
  of("principal.kind", text, {
    meaning: "role-session, iam-user, root, federated-user, service, account, …",
    of: ({ event }) => event.principal.kind,
  }),
  of("principal.arn", text, {
    meaning: "userIdentity.arn.",
    of: ({ event }) => event.principal.arn,
  }),
  of("principal.account", text, {
    meaning: "The caller's account.",
    of: ({ event }) => event.principal.account,
  }),
  of("principal.is_human", truth, {
    meaning: "A person's identity: an Identity Center role, a SAML sign-in, an IAM user, root, a " +
      "console session.",
    of: isHuman,
  }),
  of("principal.in_scope_of", text, {
    meaning: "The resource a credential was minted for (inScopeOf.credentialsIssuedTo).",
    of: ({ event }) => event.principal.inScopeOf?.credentialsIssuedTo ?? null,
  }),
  of("role.arn", text, {
    meaning: "The IAM role, with its path where told.",
    of: (context) => roleOf(context)?.arn ?? null,
  }),
  of("role.name", text, { meaning: "The role's name.", of: (c) => roleOf(c)?.name ?? null }),
  of("role.mode", text, {
    meaning: "readonly, readwrite, deploy or break-glass: declared, or guessed from tags, " +
      "policies or name.",
    of: ({ session }) => {
      const mode = session?.mode.mode ?? "unknown";
      return mode === "unknown" ? null : mode;
    },
  }),
  of("role.mode_basis", text, {
    meaning: "config, session-tag, session-policy or role-name.",
    of: ({ session }) => session?.mode.basis ?? null,
  }),
  of("role.is_service_linked", truth, {
    meaning: "A role AWS made for itself (AWSServiceRoleFor…).",
    of: (c) => roleOf(c)?.name.startsWith("AWSServiceRoleFor") ?? false,
  }),
  of("session.id", text, {
    meaning: "Our id of the session.",
    of: ({ session }) => session?.id ?? null,
  }),
  of("session.name", text, {
    meaning: "The session name: chosen by the caller, untrusted.",
    of: ({ session }) => session?.name ?? null,
  }),
  of("session.anchor", text, {
    meaning: "What ties the session's calls together: role-issue, sign-in-session, console, …",
    of: ({ session }) => session?.anchor ?? null,
  }),
  of("session.age_seconds", seconds, {
    meaning: "From the session's creation to this call.",
    of: ({ session, event }) => {
      const from = session?.createdAt ?? session?.firstAt ?? null;
      return from === null ? null : Math.max(0, (event.at - from) / 1000);
    },
    grows: grows(({ createdAt, firstAt }) => createdAt ?? firstAt),
  }),
  of("session.source_identity", text, {
    meaning: "Who stands behind the session (sts:SourceIdentity).",
    of: ({ session }) => session?.sourceIdentity ?? null,
  }),
  of("session.mfa", truth, {
    meaning: "Whether the session was opened with MFA; absent when not told.",
    of: ({ session }) => session?.mfa ?? null,
  }),
  of("session.chain_depth", count, {
    meaning: "How many role assumptions lie behind the session.",
    of: ({ session }) => session?.chain.length ?? null,
  }),
  of("session.event_count", count, {
    meaning: "Calls of the whole session.",
    of: ({ session }) => session?.eventCount ?? null,
    grows: grows(({ eventCount }) => eventCount),
  }),
  of("session.denied_count", count, {
    meaning: "Denied calls of the whole session.",
    of: ({ session }) => session?.deniedCount ?? null,
    grows: grows(({ deniedCount }) => deniedCount),
  }),
  of("session.distinct_secret_count", count, {
    meaning: "Distinct secrets and decrypted parameters read in the whole session.",
    of: ({ session }) => session?.distinctSecretCount ?? null,
    grows: grows(({ distinctSecretCount }) => distinctSecretCount),
  }),
  of("session.secret_burst_count", count, {
    meaning: "The most secrets and decrypted parameters that the session read for the first time " +
      "within any ten minutes.",
    of: ({ session }) => session?.secretBurstCount ?? null,
    grows: grows(({ secretBurstCount }) => secretBurstCount),
  }),
  of("session.name_matches", truth, {
    meaning: "Whether the session name fits the agent's declared patterns; absent when none are " +
      "declared.",
    of: ({ session }) => session?.attribution.sessionNameMatches ?? null,
  }),
  of("session.user_agent_families", list, {
    meaning: "Every user-agent family of the session.",
    of: ({ session }) => session?.userAgentFamilies ?? null,
    grows: grows(({ userAgentFamilies }) => userAgentFamilies),
  }),
];

/** Records come 5 minutes late as a rule, 15 at times: before that, no use seen says nothing. */
export const expiryGraceMs = 15 * 60_000;

/** Whether a credential can bring no further use, by the latest event known. */
export function isExpired({ expiresAt }: Issuance, asOf: number): boolean {
  return expiresAt !== null && expiresAt + expiryGraceMs <= asOf;
}

/** Facts of the credential this event minted. */
export const issuedFacts: readonly Fact[] = [
  of("issued.lifetime_seconds", seconds, {
    meaning: "The real lifetime of the credential this call minted, from `expiration`.",
    of: ({ issued }) => {
      if (issued === null || issued.issuance.expiresAt === null) return null;
      return (issued.issuance.expiresAt - issued.issuance.at) / 1000;
    },
  }),
  of("issued.role_arn", text, {
    meaning: "The role it was minted for.",
    of: ({ issued }) => issued?.issuance.roleArn ?? null,
  }),
  of("issued.session_name", text, {
    meaning: "The session it opens: untrusted.",
    of: ({ issued }) => issued?.issuance.sessionName ?? null,
  }),
  of("issued.use_count", count, {
    meaning: "Calls ever made with it, counted when it has expired.",
    of: ({ issued }) => issued?.useCount ?? null,
    grows: { with: "issued" },
  }),
  of("issued.is_watched", truth, {
    meaning: "Whether its uses would be seen: it is a declared agent's, or no agent is declared.",
    of: ({ issued, config }) => {
      if (issued === null) return null;
      const { roleArn, sessionName, sourceIdentity, tags } = issued.issuance;
      const session = { roleArn, sessionName, sourceIdentity, tags, userAgents: [] };
      return config.agents.length === 0 || matchAgents(session, config).length > 0;
    },
  }),
  of("issued.expired_at", text, {
    meaning: "When it expired (ISO 8601), once a quarter of an hour has passed since, by the " +
      "latest event known.",
    of: ({ issued, asOf }) => {
      const expiresAt = issued?.issuance.expiresAt ?? null;
      if (issued === null || expiresAt === null || !isExpired(issued.issuance, asOf)) return null;
      return new Date(expiresAt).toISOString();
    },
    grows: { with: "issued" },
  }),
].map((fact) => ({ ...fact, ofCalls: { are: mayIssue, otherwise: null } }));

function roleOf({ session, event }: FactContext): { arn: string; name: string } | null {
  return session?.role ?? event.principal.role;
}

const people = new Set(["iam-user", "root", "identity-center-user", "saml-user"]);

function isHuman({ event: { principal }, session }: FactContext): boolean {
  if (people.has(principal.kind)) return true;
  if (principal.kind !== "role-session") return false;
  if (principal.role?.name.startsWith("AWSReservedSSO_") === true) return true;
  return principal.fromConsole || session?.issuance?.kind === "saml";
}
