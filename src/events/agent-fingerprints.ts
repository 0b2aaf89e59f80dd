/**
 * Marks that AI agents and their tools leave in user agents. All of them are the client's own
 * words: corroborate.
 *
 * The codes are those of AWS's SDKs for `m/`; AWS CLI 2.35.24 and later writes the coding agent
 * that ran it, told from the environment (`CLAUDECODE=1`, `CODEX_THREAD_ID`, …).
 * https://github.com/aws/aws-cli/blob/v2/awscli/botocore/useragent.py
 */
export const agentCodes: ReadonlyMap<string, string> = new Map([
  ["AN", "claude-code"],
  ["AO", "gemini-cli"],
  ["AP", "codex"],
  ["AQ", "kiro"],
  ["AR", "opencode"],
  ["AS", "antigravity"],
  ["AT", "amp"],
  ["AU", "pi"],
  ["AV", "copilot-cli"],
  ["AW", "cursor"],
]);

/**
 * Product names (`claude-code/2.1.202`) and values of `app/` that name an agent, lower-case. Names
 * that are common words (`amp`, `pi`, `continue`) are left out: only their code tells them.
 */
export const agentProducts: ReadonlyMap<string, string> = new Map([
  ["claude-code", "claude-code"],
  ["claude-cli", "claude-code"],
  ["claude-desktop", "claude-desktop"],
  ["gemini-cli", "gemini-cli"],
  ["geminicli", "gemini-cli"],
  ["codex", "codex"],
  ["codex-cli", "codex"],
  ["codex_cli_rs", "codex"],
  ["codex-mcp-client", "codex"],
  ["kiro", "kiro"],
  ["kiro-cli", "kiro"],
  ["opencode", "opencode"],
  ["antigravity", "antigravity"],
  ["copilot-cli", "copilot-cli"],
  ["github-copilot-cli", "copilot-cli"],
  ["cursor", "cursor"],
  ["cursor-agent", "cursor"],
  ["cursor-vscode", "cursor"],
  ["aider", "aider"],
  ["cline", "cline"],
  ["roo-code", "roo-code"],
  ["windsurf", "windsurf"],
  ["openhands", "openhands"],
  ["devin", "devin"],
  ["amazon-q", "amazon-q"],
  ["amazonq", "amazon-q"],
  ["amazonq-for-cli", "amazon-q"],
  ["amazonqdeveloper", "amazon-q"],
]);

/** Beginnings of `exec-env/` that an agent's own AWS tool sets: Amazon Q's and Kiro's `use_aws`. */
export const agentExecEnvs: readonly (readonly [beginning: string, agent: string])[] = [
  ["AmazonQ-For-CLI", "amazon-q"],
  ["UseAws-MCP-Server", "amazon-q"],
];

/**
 * Codes by which SDKs say where a credential came from, and our word for it; where several stand
 * together (a profile that assumes a role by a source profile) the first of this list is what the
 * chain began with.
 */
export const credentialSources: readonly (readonly [code: string, source: string])[] = [
  ["0", "imds"],
  ["z", "container"], // ECS and EKS Pod Identity: the container endpoint
  ["AC", "login"], // `aws login`
  ["AD", "login"],
  ["r", "sso"],
  ["s", "sso"],
  ["t", "sso"],
  ["u", "sso"],
  ["v", "process"],
  ["w", "process"],
  ["g", "environment"],
  ["h", "web-identity"],
  ["q", "web-identity"],
  ["k", "web-identity"],
  ["e", "code"],
  ["n", "profile"],
  ["o", "profile"],
  ["p", "profile"],
  ["i", "assume-role"],
];
