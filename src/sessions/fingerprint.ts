import { agentCodes } from "../events/agent-fingerprints.ts";
import type { TrailEvent } from "../events/event.ts";
import type { UserAgent } from "../events/user-agent.ts";

/**
 * What a single call shows of the software behind it. Kept in state as `<name> <via>`, e.g.
 * `claude-code m/AN`, `aws-mcp mcp`, `terraform user-agent`.
 */
export interface Fingerprint {
  /** A family, lower case: `claude-code`, `terraform`, … */
  readonly name: string;
  readonly kind: "ai" | "automation";
  /** `mcp` is AWS's own word; the rest is the client's, and forgeable. */
  readonly by: "mcp" | "user-agent" | "session-name";
  readonly matched: string;
}

/** Every fingerprint of the event, encoded; most events have none. */
export function fingerprintsOf(event: TrailEvent): readonly string[] {
  const shown = userAgentFingerprints(event.userAgent);
  if (event.mcp === null) return shown;
  const client = event.mcp.step === "grant" && isBun(event.userAgent.text) ? [bunClient] : [];
  return [...shown, ...client, isMarkedByAws(event) ? "aws-mcp mcp" : "aws-mcp user-agent"];
}

/** A user agent that only says it is the MCP server's proves nothing; AWS writes the rest. */
function isMarkedByAws({ mcp, principal, network }: TrailEvent): boolean {
  return mcp?.step !== "call" || principal.invokedBy !== null || network.kind === "service";
}

export function fingerprintFrom(encoded: string): Fingerprint {
  const space = encoded.indexOf(" ");
  const name = encoded.slice(0, space);
  const via = encoded.slice(space + 1);
  const by = via === "mcp" ? "mcp" : "user-agent";
  return { name, kind: automation.has(name) ? "automation" : "ai", by, matched: via };
}

/**
 * Claude Code's OAuth client runs on Bun: on the grant of an MCP sign-in, `Bun/<version>` is its
 * mark.
 */
const bunClient = "claude-code Bun/";

function isBun(text: string | null): boolean {
  return text?.startsWith("Bun/") ?? false;
}

function userAgentFingerprints({ agent, codes, family }: UserAgent): readonly string[] {
  const isTool = tools.has(family) && family !== agent;
  if (agent === null) return isTool ? [`${family} user-agent`] : none;
  const code = codes.find((each) => agentCodes.get(each) === agent);
  const named = `${agent} ${code === undefined ? "user-agent" : `m/${code}`}`;
  return isTool ? [named, `${family} user-agent`] : [named];
}

const none: readonly string[] = [];

/** Runners: whoever wrote their configuration acts through them. */
const automation: ReadonlySet<string> = new Set([
  "terraform",
  "opentofu",
  "pulumi",
  "ansible",
  "github-actions",
]);

/** User-agent families that are a tool of agents, or a runner. */
const tools: ReadonlySet<string> = new Set([...automation, "awslabs-mcp", "amazon-q"]);

/** Names that tools choose when nobody chooses for them, or that people choose for their agents. */
const sessionNames: readonly (readonly [pattern: RegExp, name: string, matched: string])[] = [
  [/^aider-\d{9,}$/, "aider", "aider-<epoch>"],
  [/^claude-code(?:[-_.@]|$)/, "claude-code", "claude-code-*"],
  [/^codex(?:[-_.@]|$)/, "codex", "codex-*"],
  [/^cursor-agent(?:[-_.@]|$)/, "cursor", "cursor-agent-*"],
  [/^gemini-cli(?:[-_.@]|$)/, "gemini-cli", "gemini-cli-*"],
  [/^GitHubActions$/, "github-actions", "GitHubActions"],
  [/^(?:terraform|Terraform)(?:[-_.@]|$)/, "terraform", "terraform-*"],
  [/^ansible(?:[-_.@]|$)/, "ansible", "ansible-*"],
];

/** What a session's name alone suggests: the caller chose it, so it is the weakest of signs. */
export function sessionNameFingerprint(sessionName: string): Fingerprint | null {
  const found = sessionNames.find(([pattern]) => pattern.test(sessionName));
  if (found === undefined) return null;
  const [, name, matched] = found;
  return { name, kind: automation.has(name) ? "automation" : "ai", by: "session-name", matched };
}

/** Coding agents name the software; the servers they speak through do not. The weakest last. */
export function rank({ name, kind, by }: Fingerprint): number {
  if (kind === "automation") return by === "user-agent" ? 5 : 6;
  if (by === "session-name") return 4;
  if (name === "aws-mcp") return 3;
  if (name === "awslabs-mcp") return 2;
  return name === "amazon-q" || name === "kiro" ? 1 : 0;
}
