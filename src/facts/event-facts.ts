import { isWriteLike } from "../events/access.ts";
import { mintsLasting } from "../events/access-overrides.ts";
import type { TrailEvent } from "../events/event.ts";
import { assumedRoleOf, changesRole, passedRoleOf, targetsOwnRole } from "./event-targets.ts";
import { mayShare, sharedWith } from "./event-sharing.ts";
import type { Call, Fact, FactValue } from "./fact.ts";

type Rest = Pick<Fact, "meaning" | "of" | "grows" | "ofCalls">;
const of = (name: string, type: Fact["type"], rest: Rest): Fact => ({
  name: `event.${name}`, type, unit: null, ...rest,
});
const text = (name: string, meaning: string, read: (event: TrailEvent) => FactValue): Fact =>
  of(name, "text", { meaning, of: ({ event }) => read(event) });
const truth = (name: string, meaning: string, read: (event: TrailEvent) => boolean): Fact =>
  of(name, "truth", { meaning, of: ({ event }) => read(event) });
/** False for all calls but these. */
const truthOf = (
  are: (call: Call) => boolean, ...rest: Parameters<typeof truth>
): Fact => ({ ...truth(...rest), ofCalls: { are, otherwise: false } });

/** Facts of the call alone. */
export const eventFacts: readonly Fact[] = [
  text("id", "The record's eventID.", (e) => e.id),
  text("operation", "`<service>:<eventName>`, version suffix stripped: `lambda:CreateFunction`.",
    (e) => e.operation),
  text("service", "The IAM service prefix: `s3`, `iam`, `cloudwatch`.", (e) => e.service),
  text("action", "The IAM action the call needs, where known: `s3:ListAllMyBuckets`.",
    (e) => e.action),
  text("access", "read, list, write, permissions, tagging, credential (mints one), execution, " +
    "sign-in or unknown.", (e) => e.access),
  text("access_basis",
    "What decided the access class: override, iam-data, read-only-flag, name, none.",
    (e) => e.accessBasis),
  truth("is_write", "Changes something: write, permissions or tagging access, or mints a lasting " +
    "credential. Dry runs change nothing.",
    (e) => isWriteLike(e) && e.result.outcome !== "dry-run"),
  truth("is_sensitive_read", "Reads a secret, a decrypted parameter, password data or code.",
    (e) => e.isSensitiveRead),
  truthOf(({ operation }) => mintsLasting(operation), "mints_lasting",
    "Mints a credential that outlives the session: an access key, a login profile.",
    (e) => mintsLasting(e.operation)),
  text("result", "allowed, denied, failed or dry-run.", (e) => e.result.outcome),
  text("error_code", "errorCode as logged.", (e) => e.result.errorCode),
  text("denial", "implicit, explicit or unknown; absent when not denied.",
    (e) => e.result.denial?.kind ?? null),
  text("denied_by", "The policy type that denied: identity-based, service control, …",
    (e) => e.result.denial?.policyType ?? null),
  text("denied_by_policy", "The denying policy's ARN, where AWS names it.",
    (e) => e.result.denial?.policyArn ?? null),
  text("region", "awsRegion.", (e) => e.region),
  text("account", "The account the event was delivered to.", (e) => e.account),
  text("network", "The /24, /48, VPC endpoint or service the call came from.",
    (e) => e.network.name),
  text("network_kind", "ipv4, ipv6, vpc-endpoint, service, internal or unknown.",
    (e) => e.network.kind),
  text("user_agent.text", "The user agent as logged.", (e) => e.userAgent.text),
  text("user_agent.family", "aws-cli, boto3, terraform, aws-mcp, console, …",
    (e) => e.userAgent.family),
  text("user_agent.os", "The operating system the user agent tells.", (e) => e.userAgent.os),
  text("user_agent.agent",
    "The coding agent the user agent tells: claude-code, codex, cursor, …",
    (e) => e.userAgent.agent),
  text("user_agent.attack_tool", "A known attack or secret-scanning tool.",
    (e) => e.userAgent.attackTool),
  text("user_agent.credential_source", "Where the SDK says its credential came from.",
    (e) => e.userAgent.credentialSource),
  text("agent_fingerprint", "The coding agent or MCP server that this very call shows.",
    agentFingerprint),
  truth("via_mcp", "The call was made by, or to, the AWS-managed MCP server.",
    (e) => e.mcp !== null),
  of("mcp_tool", "text", {
    meaning: "The AWS MCP server's tool that made this call, or that this is a call of.",
    of: ({ event, toolCall }) =>
      event.mcp?.step === "tool" ? event.mcp.tool : (toolCall?.tool ?? null),
    grows: { with: "tool-call" },
  }),
  of("mcp_client", "text", {
    meaning: "The user agent of the client behind a call through the AWS MCP server. The call's " +
      "own record shows the server's.",
    of: ({ event, toolCall }) =>
      event.mcp?.step === "tool" ? event.userAgent.text : (toolCall?.userAgent ?? null),
    grows: { with: "tool-call" },
  }),
  of("mcp_client_network", "text", {
    meaning: "The /24, /48 or VPC endpoint of the client behind a call through the AWS MCP server.",
    of: ({ event, toolCall }) =>
      event.mcp?.step === "tool" ? event.network.name : (toolCall?.network ?? null),
    grows: { with: "tool-call" },
  }),
  truth("by_service", "A service made the call for the principal (forward access session).",
    (e) => e.principal.invokedBy !== null && e.mcp === null),
  truthOf(changesRole, "targets_own_role",
    "Changes the very role it runs under: its policies, boundary, trust or tags.",
    targetsOwnRole),
  text("passed_role", "The role this call hands to a service (iam:PassRole).", passedRoleOf),
  text("assumed_role", "The role this call assumes or tried to assume.", assumedRoleOf),
  of("shared_with", "list", {
    meaning: "Foreign accounts, organisations and `public`, to whom the call opens a snapshot, " +
      "image, bucket, key, queue, secret or function. Accounts in the config are not foreign.",
    ofCalls: { are: mayShare, otherwise: null },
    of: ({ event, config }) => sharedWith(event, config),
  }),
];

/** A fingerprint of an AI agent, not of plain automation: people run Terraform by hand. */
function agentFingerprint(event: TrailEvent): string | null {
  if (event.userAgent.agent !== null) return event.userAgent.agent;
  if (event.mcp !== null) return "aws-mcp";
  const { family } = event.userAgent;
  return family === "awslabs-mcp" || family === "amazon-q" ? family : null;
}
