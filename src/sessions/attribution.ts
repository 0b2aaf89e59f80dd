/** Session -> agent, and why we believe it. Not proof. */
export interface Attribution {
  /**
   * The agent's name in config, or the discovered family (`claude-code`, `terraform`); null when no
   * agent is seen.
   */
  readonly agent: string | null;
  readonly status: "declared" | "discovered" | "none";
  /** Every reason that held, strongest first. */
  readonly basis: readonly Basis[];
  readonly confidence: "high" | "medium" | "low";
  /**
   * The fingerprint of an agent or agent tool seen in the session's user agents or MCP marks; null
   * when none.
   */
  readonly fingerprint: string | null;
  /**
   * A coding agent or assistant, or a runner (Terraform, Ansible, CI); null when none, or declared
   * and unseen.
   */
  readonly agentKind: "ai" | "automation" | null;
  /** Whether the session's name fits the agent's declared patterns; null when it declares none. */
  readonly sessionNameMatches: boolean | null;
}

export interface Basis {
  readonly by:
    | "role-arn"
    | "session-name"
    | "source-identity"
    | "session-tag"
    | "user-agent"
    | "mcp"
    | "chain";
  /** The pattern or code that matched, e.g. `arn:aws:iam::*:role/agents/*`, `m/AN`. */
  readonly matched: string;
}

export const modes = ["readonly", "readwrite", "deploy", "break-glass", "unknown"] as const;
export type Mode = (typeof modes)[number];

/** What the role is for. Guessed (from its name, tags or policies) is never as good as declared. */
export interface RoleMode {
  readonly mode: Mode;
  readonly basis: "config" | "session-tag" | "session-policy" | "role-name" | "none";
  readonly isGuessed: boolean;
}
