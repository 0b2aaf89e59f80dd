import fc from "fast-check";
import { expect, test } from "vitest";
import { agentCodes } from "../../src/events/agent-fingerprints.ts";
import { readUserAgent } from "../../src/events/user-agent.ts";

const cli = [
  "aws-cli/2.36.7 md/awscrt#0.36.2 ua/2.1 os/linux#6.8 md/arch#x86_64 lang/python#3.14.4",
  "md/pyimpl#CPython exec-env/CloudShell m/b,AN,g,Z,E cfg/retry-mode#standard md/installer#exe",
  "app/inventory sid/0123456789ab md/prompt#off md/command#iam.create-access-key",
].join(" ");

test("a modern AWS CLI tells everything it has", () => {
  expect(readUserAgent(cli)).toEqual({
    text: cli,
    family: "aws-cli",
    version: "2.36.7",
    os: "linux",
    language: "python",
    execEnv: "CloudShell",
    app: "inventory",
    command: "iam.create-access-key",
    sid: "0123456789ab",
    agent: "claude-code",
    credentialSource: "environment",
    codes: ["AN", "E", "Z", "b", "g"],
    attackTool: null,
  });
});

test("S3's brackets and the order of the codes make no difference", () => {
  expect(readUserAgent(`[${cli.replace("b,AN,g,Z,E", "g,E,Z,AN,b")}]`)).toEqual({
    ...readUserAgent(cli),
    text: cli.replace("b,AN,g,Z,E", "g,E,Z,AN,b"),
  });
});

test.each([
  [
    "aws-cli/2.13.5 Python/3.11.4 Linux/5.6 exe/x86_64 prompt/off command/iam.list-users",
    "aws-cli", "2.13.5", "linux", "python",
  ],
  [
    "Boto3/1.15.2 Python/3.8.2 Linux/5.6.3-arch1-1 Botocore/1.18.2", "boto3", "1.15.2", "linux",
    "python",
  ],
  [
    "Boto3/1.40.1 md/Botocore#1.40.1 ua/2.1 os/macos#24 lang/python#3.12", "boto3", "1.40.1",
    "macos", "python",
  ],
  [
    "Botocore/1.31.0 ua/2.0 os/windows#10 lang/python#3.11", "botocore", "1.31.0", "windows",
    "python",
  ],
  [
    "aws-sdk-js/3.900.0 ua/2.1 os/linux lang/js md/nodejs#22.0.0 m/E,g", "aws-sdk-js", "3.900.0",
    "linux", "js",
  ],
  [
    "aws-sdk-nodejs/2.1 linux/v14.17.0 exec-env/AWS_Lambda_nodejs14.x promise", "aws-sdk-js", "2.1",
    "linux", "js",
  ],
  ["aws-sdk-go-v2/1.36.3 ua/2.1 os/linux lang/go#1.23.8", "aws-sdk-go", "1.36.3", "linux", "go"],
  ["aws-sdk-go/1.44.83 (go1.19; linux; amd64)", "aws-sdk-go", "1.44.83", "linux", "go"],
  [
    "aws-sdk-java/2.20.1 Linux/5.10 OpenJDK_64-Bit_Server_VM/17 Java/17", "aws-sdk-java", "2.20.1",
    "linux", "java",
  ],
  ["aws-sdk-rust/1.3.7 os/linux lang/rust/1.83.0", "aws-sdk-rust", "1.3.7", "linux", "rust"],
  ["aws-sdk-php/3.300 ua/2.0 OS/Linux#5.10 lang/php#8.2", "aws-sdk-php", "3.300", "linux", "php"],
  [
    "aws-sdk-ruby3/3.190 ua/2.0 os/linux md/x86_64 lang/ruby#3.2", "aws-sdk-ruby", "3.190", "linux",
    "ruby",
  ],
  [
    "aws-sdk-dotnet-coreclr/3.7 ua/2.0 os/windows lang/.NET_Core#8", "aws-sdk-net", "3.7",
    "windows", "net",
  ],
  ["aws-sdk-cpp/1.11 Linux/5.10 x86_64 GCC/11", "aws-sdk-cpp", "1.11", "linux", "cpp"],
  [
    "APN/1.0 HashiCorp/1.0 Terraform/1.11.0 (+https://www.terraform.io) " +
      "terraform-provider-aws/5.98.0 (+https://x) aws-sdk-go-v2/1.36.3 os/linux lang/go#1",
    "terraform", "1.11.0", "linux", "go",
  ],
  [
    "aws-sdk-js/3.9 os/linux lang/js configure-aws-credentials-for-github-actions",
    "github-actions", null, "linux", "js",
  ],
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/1",
    "browser", "5.0", "windows", null,
  ],
  ["console.amazonaws.com", "console", null, null, null],
  ["console.ec2.amazonaws.com", "console", null, null, null],
  ["signin.amazonaws.com", "console", null, null, null],
  ["S3Console/0.4, aws-internal/3 aws-sdk-java/1.11", "console", null, null, null],
  ["AWS Internal", "internal", null, null, null],
  [
    "aws-internal/3 aws-sdk-java/1.12.101 Linux/4.14 java/1.8.0_312", "internal", null, "linux",
    "java",
  ],
  ["config.amazonaws.com", "service", null, null, null],
  ["aws-mcp.amazonaws.com", "aws-mcp", null, null, null],
  ["claude-code/2.1.202 (cli)", "claude-code", "2.1.202", null, null],
  ["curl/8.0.1", "http-client", "8.0.1", null, null],
  ["SampleUserAgent", "unknown", null, null, null],
])("%s is of family %s", (text, family, ...[version, os, language]) => {
  expect(readUserAgent(text)).toMatchObject({ family, version, os, language });
});

test("every agent code of the AWS CLI is known, and only in m/", () => {
  expect([...agentCodes].map(([code]) => readUserAgent(`aws-cli/2.36 m/E,${code}`).agent)).toEqual([
    ...["claude-code", "gemini-cli", "codex", "kiro", "opencode", "antigravity", "amp", "pi"],
    ...["copilot-cli", "cursor"],
  ]);
  expect(readUserAgent("aws-cli/2.36 m/E,AM app/AN md/AN#AN AN/1").agent).toBeNull();
});

test.each([
  ["Boto3/1.3 exec-env/AmazonQ-For-CLI-Version-1.12.1 Botocore/1", "amazon-q", "amazon-q"],
  ["aws-cli/2.3 exec-env/AmazonQ-For-CLI Version/1.12.1", "amazon-q", "amazon-q"],
  ["aws-sdk-rust/1.3 exec-env/UseAws-MCP-Server-1", "amazon-q", "aws-sdk-rust"],
  ["aws-sdk-js/3.9 os/linux app/claude-code", "claude-code", "aws-sdk-js"],
  ["Boto3/1.3 aider/0.86", "aider", "boto3"],
  ["Cursor/1.2 (darwin)", "cursor", "cursor"],
  ["codex/0.4", "codex", "codex"],
  ["Boto3/1.3 (claude-code/2)", null, "boto3"], // a comment is prose
  ["Boto3/1.3 codex", null, "boto3"], // no product: no version
  ["Boto3/1.3 app/my-codex-helper", null, "boto3"],
])("%s is run by %s", (text, agent, family) => {
  expect(readUserAgent(text)).toMatchObject({ agent, family });
});

test.each([
  [
    "Boto3/1.3 md/awslabs#mcp#cloudtrail-mcp-server#0.0.9 os/linux", "cloudtrail-mcp-server",
    "0.0.9",
  ],
  [
    "Boto3/1.3 awslabs.cloudwatch-applicationsignals-mcp-server/0.1.21",
    "cloudwatch-applicationsignals-mcp-server", "0.1.21",
  ],
  ["Boto3/1.3 eks-mcp-server/1.0", "eks-mcp-server", "1.0"],
])("%s is an awslabs MCP server, named in app", (text, app, version) => {
  expect(readUserAgent(text)).toMatchObject({ family: "awslabs-mcp", app, version });
});

test("a call through AWS's MCP server is told by invokedBy as well", () => {
  expect(readUserAgent("AWS Internal", "aws-mcp.amazonaws.com").family).toBe("aws-mcp");
  expect(readUserAgent(undefined, "aws-mcp.amazonaws.com")).toMatchObject({
    family: "aws-mcp", text: null,
  });
  expect(readUserAgent("AWS Internal", "s3.amazonaws.com").family).toBe("internal");
});

test.each([
  ["0", "imds"],
  ["z", "container"],
  ["g", "environment"],
  ["h", "web-identity"],
  ["k", "web-identity"],
  ["e", "code"],
  ["i", "assume-role"],
  ["n", "profile"],
  ["r", "sso"],
  ["u", "sso"],
  ["w", "process"],
  ["AC", "login"],
  ["AD", "login"],
  ["E,C,b", null],
  ["i,o,0", "imds"], // a role assumed with the instance's credential
])("credential code %s is %s", (codes, source) => {
  expect(readUserAgent(`aws-cli/2 m/${codes}`).credentialSource).toBe(source);
});

test.each([
  ["stratus-red-team_6eb5a3fc-8b0b-4a9c-b1f9-6f1a0b2c3d4e", "stratus-red-team"],
  ["aws-cli/2.17 exec-env/grimoire_95724e3-1fa0-4e3e-b68a-e8581d194380", null], // no UUID
  ["aws-cli/2.17 os/linux exec-env/grimoire_095724e3-1fa0-4e3e-b68a-e8581d194380", "grimoire"],
  ["aws-sdk-go/1.44 (go1.19; linux; amd64) TruffleHog", "trufflehog"],
  ["Boto3/1.3 Pacu/1.5", "pacu"],
  ["Boto3/1.3 Prowler/5.0", "prowler"],
  ["Boto3/1.3 APN_1826889", "prowler"],
  ["aws-cli/2 os/linux#6.8.11-kali1-amd64 lang/python#3.11", "kali-linux"],
  ["Boto3/1.9 Python/3.8 Linux/6.5.0-13parrot1-amd64 Botocore/1", "parrot-os"],
  ["Boto3/1.9 Python/3.8 Linux/6.1.12-pentoo Botocore/1", "pentoo"],
  ["aws-cli/2 os/linux#6.8 md/distrib#kali.2024", "kali-linux"],
  ["aws-cli/2 os/linux#6.8 md/command#s3.pacu app/my-pacu-report", null],
  ["aws-cli/2 os/linux#6.8-kalinka lang/python#3", null],
  ["aws-cli/2 (pacu/1.0)", null],
])("%s: attack tool %s", (text, tool) => {
  expect(readUserAgent(text).attackTool).toBe(tool);
});

test("any text is read, bounded, and the same each time", () => {
  const word = fc.constantFrom(
    ...[
      "m/", "m/AN,,AN", "[", "]", "((", "))", "app/", "os/", "sid/zz", "exec-env/", "md/awslabs#",
      "a/b#c", " ",
    ],
  );
  const text = fc.oneof(fc.string(), fc.array(word).map((words) => words.join(" ")));
  fc.assert(
    fc.property(text, (raw) => {
      const agent = readUserAgent(raw);
      expect(readUserAgent(raw)).toEqual(agent);
      expect([...agent.codes].sort()).toEqual(agent.codes);
    }),
  );
  expect(readUserAgent("x".repeat(9000)).text).toHaveLength(1024);
  expect(readUserAgent({ toString: null })).toMatchObject({ text: null, family: "unknown" });
});

test("more user agents than are remembered are still read", () => {
  for (let i = 0; i < 5000; i++) expect(readUserAgent(`aws-cli/2.${i}`).version).toBe(`2.${i}`);
});
