import {
  agentCodes,
  agentExecEnvs,
  agentProducts,
  credentialSources,
} from "./agent-fingerprints.ts";
import { attackSystemOf, attackToolOf } from "./attack-tools.ts";
import { memoise } from "./memo.ts";
import { familyOf } from "./user-agent-family.ts";
import { metadataOf, tokenise, type Tokens } from "./user-agent-tokens.ts";

/** A user agent, taken apart. Client-controlled: corroborate, never trust alone. */
export interface UserAgent {
  /** As logged, brackets stripped, at most 1 KB; null when absent. */
  readonly text: string | null;
  /**
   * A closed, lower-case family: `aws-cli`, `boto3`, `aws-sdk-js`, `terraform`, `aws-mcp`,
   * `console`, `service`, `unknown`, …
   */
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
  /**
   * The coding agent that ran the AWS CLI, e.g. `claude-code`, `codex`, `cursor`; null when none is
   * told.
   */
  readonly agent: string | null;
  /**
   * Where the SDK says its credentials came from, e.g. `environment`, `imds`, `container`,
   * `profile`, `sso`; null when not told.
   */
  readonly credentialSource: string | null;
  /** Feature codes of `m/`, sorted. */
  readonly codes: readonly string[];
  /** A known attack or secret-scanning tool, e.g. `pacu`, `trufflehog`; null when none. */
  readonly attackTool: string | null;
}

/**
 * Takes a user agent apart.
 *
 * `<name>/<version> md/… ua/2.1 os/linux#6.8 lang/python#3.12 exec-env/<…> m/<codes> app/<…>
 * sid/<…> md/command#s3.ls` is what SDKs write now; older ones write `Boto3/1.15.2 Python/3.8.2
 * Linux/5.6 Botocore/1.18.2`. S3 puts brackets around.
 *
 * @param invokedBy `userIdentity.invokedBy`: tells a call through AWS's MCP server by itself
 */
export function readUserAgent(text: unknown, invokedBy: string | null = null): UserAgent {
  const agent = typeof text === "string" && text !== "" ? remembered(text) : absent;
  if (invokedBy !== mcpServer || agent.family === "aws-mcp") return agent;
  return { ...agent, family: "aws-mcp" };
}

/** What calls through the AWS-managed MCP server carry as user agent, address and `invokedBy`. */
export const mcpServer = "aws-mcp.amazonaws.com";

/** CloudTrail cuts at 1 KB; what comes longer is cut here. */
const textLengthMax = 1024;

const absent: UserAgent = {
  text: null,
  family: "unknown",
  version: null,
  os: null,
  language: null,
  execEnv: null,
  app: null,
  command: null,
  sid: null,
  agent: null,
  credentialSource: null,
  codes: [],
  attackTool: null,
};

/**
 * Agents repeat; `md/command#`, `m/` and `sid/` vary, which makes some hundreds per host and day.
 * About 2 KB each.
 */
const remembered = memoise(4096, parse);

function parse(raw: string): UserAgent {
  const text = unwrapped(raw.slice(0, textLengthMax));
  const tokens = tokenise(text);
  const { family, version, server } = familyOf(text, tokens);
  const codes = codesOf(tokens);
  return {
    text,
    family,
    version,
    os: osOf(tokens),
    language: languageOf(tokens, family),
    execEnv: valueOf(tokens, "exec-env"),
    app: server ?? valueOf(tokens, "app"),
    command: metadataOf(tokens, "command") ?? valueOf(tokens, "command"),
    sid: sidOf(tokens),
    agent: agentOf(tokens, codes),
    credentialSource: credentialSources.find(([code]) => codes.includes(code))?.[1] ?? null,
    codes,
    attackTool: attackToolIn(tokens),
  };
}

function unwrapped(text: string): string {
  return text.startsWith("[") ? text.slice(1, text.endsWith("]") ? -1 : undefined) : text;
}

function valueOf(tokens: Tokens, name: string): string | null {
  const token = tokens.byName.get(name);
  if (token === undefined || token.value === "") return null;
  return token.detail === "" ? token.value : `${token.value}#${token.detail}`;
}

/** Their order is random by design, so that they are sorted before anything compares them. */
function codesOf(tokens: Tokens): readonly string[] {
  const codes = tokens.byName.get("m")?.value.split(",") ?? [];
  return [...new Set(codes)].filter((code) => /^[A-Za-z0-9+-]{1,2}$/.test(code)).sort();
}

function sidOf(tokens: Tokens): string | null {
  const sid = tokens.byName.get("sid")?.value ?? "";
  return /^[0-9a-f]{12}$/.test(sid) ? sid : null;
}

function agentOf(tokens: Tokens, codes: readonly string[]): string | null {
  for (const code of codes) {
    const agent = agentCodes.get(code);
    if (agent !== undefined) return agent;
  }
  const execEnv = tokens.byName.get("exec-env")?.value ?? "";
  const tool = agentExecEnvs.find(([beginning]) => execEnv.startsWith(beginning));
  if (tool !== undefined) return tool[1];
  for (const { name, value } of tokens.words) {
    const isProduct = value !== "" && name !== "app";
    const agent = agentProducts.get((isProduct ? name : value).toLowerCase());
    if (agent !== undefined) return agent;
  }
  return null;
}

function attackToolIn(tokens: Tokens): string | null {
  for (const { name, value, detail } of tokens.words) {
    const isLabel = name === "exec-env" || name === "app";
    const tool = attackToolOf(isLabel ? value : name) ?? systemIn(name, value, detail);
    if (tool !== null) return tool;
  }
  return null;
}

/** `os/linux#<kernel>`, `Linux/<kernel>`, `md/distrib#<name>`. */
function systemIn(name: string, value: string, detail: string): string | null {
  if (name === "os" || (name === "md" && value === "distrib")) return attackSystemOf(detail);
  return name.toLowerCase() === "linux" ? attackSystemOf(value) : null;
}

const systems: ReadonlyMap<string, string> = new Map([
  ["linux", "linux"],
  ["darwin", "macos"],
  ["macos", "macos"],
  ["mac", "macos"],
  ["windows", "windows"],
  ["win32", "windows"],
  ["android", "android"],
  ["ios", "ios"],
]);

function osOf(tokens: Tokens): string | null {
  const told = tokens.byName.get("os")?.value.toLowerCase().split("/")[0];
  if (told !== undefined) return systems.get(told) ?? "other";
  for (const [name, os] of systems) if (tokens.byName.has(name)) return os;
  return browserSystems.find(([mark]) => tokens.comments.includes(mark))?.[1] ?? null;
}

/** In a browser's comment; Android's names Linux as well. */
const browserSystems = [
  ["Windows", "windows"],
  ["Android", "android"],
  ["iPhone", "ios"],
  ["Mac OS X", "macos"],
  ["linux", "linux"],
  ["Linux", "linux"],
] as const;

const languages: ReadonlyMap<string, string> = new Map([
  ["python", "python"],
  ["java", "java"],
  ["ruby", "ruby"],
  ["php", "php"],
  ["js", "js"],
  ["go", "go"],
  ["rust", "rust"],
  [".net", "net"],
  [".net_core", "net"],
  ["swift", "swift"],
  ["kotlin", "kotlin"],
]);

/**
 * `lang/python#3.12`; old SDKs name it as a product (`Python/3.8.2`, `java/1.8.0_312`); else what
 * the SDK is written in.
 */
function languageOf(tokens: Tokens, family: string): string | null {
  const told = tokens.byName.get("lang")?.value.toLowerCase().split("/")[0];
  if (told !== undefined) return languages.get(told) ?? "other";
  for (const [name, language] of languages) if (tokens.byName.has(name)) return language;
  return family.startsWith("aws-sdk-") ? family.slice("aws-sdk-".length) : null;
}
