import { agentProducts } from "./agent-fingerprints.ts";
import { attackToolOf } from "./attack-tools.ts";
import { metadataOf, type Tokens } from "./user-agent-tokens.ts";

/** What kind of client speaks. `server` is the name of an awslabs MCP server, else null. */
export interface Family {
  readonly family: string;
  readonly version: string | null;
  readonly server: string | null;
}

/**
 * The family of a user agent: AWS's own places first, then tools that name themselves anywhere
 * among the products (Terraform, MCP servers, which put the SDK's name behind or before their own),
 * then the leading product.
 *
 * @param text the whole text, brackets stripped
 */
export function familyOf(text: string, tokens: Tokens): Family {
  const place = placeOf(text);
  if (place !== null) return { family: place, version: null, server: null };
  return mcpServerOf(tokens) ?? toolOf(tokens) ?? leadingOf(tokens) ?? unknown;
}

const unknown: Family = { family: "unknown", version: null, server: null };

function placeOf(text: string): string | null {
  if (text === "aws-mcp.amazonaws.com") return "aws-mcp";
  if (consoleHost.test(text) || text.startsWith("S3Console/")) return "console";
  if (text.startsWith("AWS Internal") || text.startsWith("aws-internal/")) return "internal";
  if (text.startsWith("Coral/") || text.startsWith("awslambda-worker")) return "internal";
  return serviceHost.test(text) ? "service" : null;
}

const consoleHost =
  /^(?:console|signin|[a-z0-9-]+\.console|console\.[a-z0-9.-]+)\.(?:amazonaws|aws\.amazon)\.com$/;
const serviceHost = /^[a-z0-9][a-z0-9.-]*\.(?:amazonaws\.(?:com|com\.cn|eu)|aws\.internal)$/i;

/** `md/awslabs#mcp#<server>#<version>`, or a product `[awslabs.]<server>-mcp-server/<version>`. */
function mcpServerOf(tokens: Tokens): Family | null {
  const [mark, server = null, version = null] = metadataOf(tokens, "awslabs")?.split("#") ?? [];
  if (mark === "mcp") return { family: "awslabs-mcp", version, server };
  const word = tokens.words.find(({ name }) => /^[\w.-]{1,100}-mcp-server$/.test(name));
  if (word === undefined) return null;
  const name = word.name.replace(/^awslabs\./, "");
  return { family: "awslabs-mcp", version: word.value || null, server: name };
}

/** Products that count wherever they stand, before the SDK they use. */
const tools: ReadonlyMap<string, string> = new Map([
  ["terraform", "terraform"],
  ["terraform-provider-aws", "terraform"],
  ["opentofu", "opentofu"],
  ["pulumi", "pulumi"],
  ["ansible", "ansible"],
  ["aws-cdk", "cdk"],
  ["cdk", "cdk"],
  ["aws-sam-cli", "sam"],
  ["eksctl", "eksctl"],
  ["configure-aws-credentials-for-github-actions", "github-actions"],
]);

function toolOf(tokens: Tokens): Family | null {
  for (const { name, value } of tokens.words) {
    const family = tools.get(name.toLowerCase());
    if (family !== undefined) return { family, version: value || null, server: null };
  }
  const execEnv = tokens.byName.get("exec-env")?.value ?? "";
  return execEnv.startsWith("AmazonQ-For-CLI")
    ? { family: "amazon-q", version: lastPart(execEnv), server: null }
    : null;
}

/** `AmazonQ-For-CLI-Version-1.2.0` -> `1.2.0` */
function lastPart(execEnv: string): string | null {
  return /-(\d[\d.]*)$/.exec(execEnv)?.[1] ?? null;
}

const leading: ReadonlyMap<string, string> = new Map([
  ["aws-cli", "aws-cli"],
  ["boto3", "boto3"],
  ["boto", "boto3"],
  ["botocore", "botocore"],
  ["aiobotocore", "botocore"],
  ["aws-sdk-js", "aws-sdk-js"],
  ["aws-sdk-nodejs", "aws-sdk-js"],
  ["aws-sdk-go", "aws-sdk-go"],
  ["aws-sdk-go-v2", "aws-sdk-go"],
  ["aws-sdk-java", "aws-sdk-java"],
  ["aws-sdk-kotlin", "aws-sdk-kotlin"],
  ["aws-sdk-rust", "aws-sdk-rust"],
  ["aws-sdk-php", "aws-sdk-php"],
  ["aws-sdk-php2", "aws-sdk-php"],
  ["aws-sdk-ruby", "aws-sdk-ruby"],
  ["aws-sdk-ruby2", "aws-sdk-ruby"],
  ["aws-sdk-ruby3", "aws-sdk-ruby"],
  ["aws-sdk-net", "aws-sdk-net"],
  ["aws-sdk-dotnet-core", "aws-sdk-net"],
  ["aws-sdk-dotnet-coreclr", "aws-sdk-net"],
  ["aws-sdk-dotnet-45", "aws-sdk-net"],
  ["aws-sdk-cpp", "aws-sdk-cpp"],
  ["aws-sdk-swift", "aws-sdk-swift"],
  ["awspowershell", "aws-powershell"],
  ["awspowershell.netcore", "aws-powershell"],
  ["aws-tools-for-powershell", "aws-powershell"],
  ["mozilla", "browser"],
  ["opera", "browser"],
  ["curl", "http-client"],
  ["wget", "http-client"],
  ["python-requests", "http-client"],
  ["python-urllib", "http-client"],
  ["go-http-client", "http-client"],
  ["okhttp", "http-client"],
  ["axios", "http-client"],
  ["node-fetch", "http-client"],
  ["bun", "http-client"], // the OAuth client of Claude Code's sign-in, and of any other Bun program
]);

/** The first product; an agent or an attack tool that names itself first is its own family. */
function leadingOf(tokens: Tokens): Family | null {
  const first = tokens.words[0];
  if (first === undefined) return null;
  const name = first.name.toLowerCase();
  const family = leading.get(name) ?? agentProducts.get(name) ?? attackToolOf(name);
  return family === null ? null : { family, version: first.value || null, server: null };
}
