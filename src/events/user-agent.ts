/** A user agent, taken apart. Client-controlled: corroborate, never trust alone. */
export interface UserAgent {
  /** As logged, brackets stripped, at most 1 KB; null when absent. */
  readonly text: string | null;
  /** A closed, lower-case family: `aws-cli`, `boto3`, `aws-sdk-js`, `terraform`, `aws-mcp`, `console`, `service`, `unknown`, … */
  readonly family: string;
  readonly version: string | null;
  /** `linux`, `macos`, `windows`, …; null when not told. */
  readonly os: string | null;
  /** `python`, `js`, `go`, `rust`, `java`, …; null when not told. */
  readonly language: string | null;
  /** `AWS_Lambda_nodejs22.x`, `CloudShell`, … */
  readonly execEnv: string | null;
  readonly app: string | null;
  /** The CLI command, e.g. `s3.ls`. */
  readonly command: string | null;
  /** The CLI's per-host session id, 12 hex digits. */
  readonly sid: string | null;
  /** The coding agent that ran the AWS CLI, e.g. `claude-code`, `codex`, `cursor`; null when none is told. */
  readonly agent: string | null;
  /** Where the SDK says its credentials came from, e.g. `environment`, `imds`, `container`, `profile`, `sso`; null when not told. */
  readonly credentialSource: string | null;
  /** Feature codes of `m/`, sorted. */
  readonly codes: readonly string[];
  /** A known attack or secret-scanning tool, e.g. `pacu`, `trufflehog`; null when none. */
  readonly attackTool: string | null;
}
