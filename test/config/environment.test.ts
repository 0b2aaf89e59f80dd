import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { filled } from "../../src/config/environment.ts";
import { readConfig } from "../../src/config/load.ts";

const sha256 = "ab".repeat(32);
const sink = (path: string) => `sinks:\n  - kind: file\n    name: out\n    path: "${path}"\n`;

describe("${env:NAME}", () => {
  it.each<[string, string, string]>([
    ["a whole text", "${env:PLACE}", "/var/out"],
    ["a part of one", "${env:PLACE}/x-${env:STAGE}.ndjson", "/var/out/x-prod.ndjson"],
    ["the same twice", "${env:STAGE}${env:STAGE}", "prodprod"],
    ["not what only looks like it", "$STAGE ${STAGE} {env:STAGE}", "$STAGE ${STAGE} {env:STAGE}"],
  ])("replaces %s", (_what, written, expected) => {
    const { config } = readConfig("c.yaml", sink(written), { PLACE: "/var/out", STAGE: "prod" });
    expect(config?.sinks[0]).toMatchObject({ path: expected });
  });

  it("puts in text that looks like a reference as it is", () => {
    const { config } = readConfig("c.yaml", sink("${env:A}"), { A: "${env:B}", B: "no" });
    expect(config?.sinks[0]).toMatchObject({ path: "${env:B}" });
  });

  it.each<[string, Record<string, string>]>([
    ["not set", {}],
    ["empty", { PLACE: "" }],
  ])("is a problem that names key and variable when it is %s", (_what, environment) => {
    expect(readConfig("c.yaml", `${sink("${env:PLACE}")}x: 1\n`, environment).problems).toEqual([
      {
        file: "c.yaml",
        line: 4,
        column: 11,
        key: "sinks[0].path",
        message: "The environment variable PLACE is not set, and is needed here.",
      },
      expect.objectContaining({ key: "x" }),
    ]);
  });

  it("is the only problem told of its key", () => {
    const { problems } = readConfig("c.yaml", "accounts:\n  - id: ${env:ID}\n    name: x\n");
    expect(problems.map(({ message }) => message)).toEqual([
      "The environment variable ID is not set, and is needed here.",
    ]);
  });

  it.each<[string, string]>([
    ["a value that does not fit", "accounts:\n  - id: ${env:S}\n    name: x\n"],
    ["a list that does not fit", "accounts: [{id: '${env:S}'}]\nretentionDays: ['${env:S}']\n"],
    ["a name given twice", "zones:\n  - name: ${env:S}\n  - name: ${env:S}\n"],
    ["a name that points nowhere",
      "agents:\n  - name: a\n    roles: ['*']\n    forbiddenZones: ['${env:S}']\n"],
    ["a near name that is suggested",
      "agents:\n  - name: a\n    roles: ['*']\n    forbiddenZones: [hunter3]\n" +
      "zones:\n  - name: ${env:S}\n"],
    ["an agent without matchers", "agents:\n  - name: ${env:S}\n"],
    ["a source that reads a sink",
      "sources:\n  - {kind: directory, name: '${env:S}', path: a}\n" +
      "sinks:\n  - {kind: file, name: b, path: a/b}\n"],
    ["an open door", "http:\n  host: ${env:S}\n"],
    ["a part of a text", "http:\n  host: x${env:S}x\n"],
  ])("never shows its value: %s", (_what, text) => {
    const { problems } = readConfig("c.yaml", text, { S: "hunter2" });
    expect(problems).not.toEqual([]);
    expect(JSON.stringify(problems)).not.toContain("hunter2");
  });

  it("leaves everything else as it is", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        fc.pre(!JSON.stringify(value).includes("${env:"));
        expect(filled(value, {})).toEqual({ value, missing: [], texts: new Map() });
      }),
    );
  });
});

describe("variables that stand for settings", () => {
  it("go before the file", () => {
    const text = "http:\n  host: 127.0.0.1\n  port: 1\n  requestsPerMinute: 5\n";
    const { config } = readConfig("c.yaml", text, {
      TRAILWARDEN_HTTP_HOST: "0.0.0.0",
      TRAILWARDEN_HTTP_PORT: "9000",
      TRAILWARDEN_TOKENS: `on-call:responder:${sha256}, ci:viewer:${"cd".repeat(32)}`,
      TRAILWARDEN_LOG_LEVEL: "debug",
    });
    expect(config?.http).toEqual({
      host: "0.0.0.0",
      port: 9000,
      requestsPerMinute: 5,
      tokens: [
        { name: "on-call", role: "responder", sha256 },
        { name: "ci", role: "viewer", sha256: "cd".repeat(32) },
      ],
    });
    expect(config?.service.logLevel).toBe("debug");
  });

  it("count without any file, and not when they are empty", () => {
    expect(readConfig("", "", { TRAILWARDEN_HTTP_PORT: "1" }).config?.http.port).toBe(1);
    expect(readConfig("", "", { TRAILWARDEN_HTTP_PORT: "" }).config?.http.port).toBe(8484);
  });

  const ofTokens = " It is a list of name:role:sha256, with commas between.";
  it.each<[string, string, { key: string; message: string }]>([
    ["HTTP_PORT", "99999", { key: "http.port", message: " has to hold at most 65535." }],
    ["HTTP_PORT", "web", { key: "http.port", message: " has to hold a number." }],
    ["LOG_LEVEL", "loud", {
      key: "service.logLevel", message: " has to hold one of: debug, info, warn, error.",
    }],
    ["TOKENS", `a:boss:${sha256}`, {
      key: "http.tokens[0].role",
      message: ` has to hold one of: viewer, responder, admin.${ofTokens}`,
    }],
    ["TOKENS", "a:b:c:d", {
      key: "http.tokens[0]", message: ` has to hold a block of keys.${ofTokens}`,
    }],
  ])("are told by their names when wrong: %s=%s", (name, value, { key, message }) => {
    const variable = `TRAILWARDEN_${name}`;
    expect(readConfig("c.yaml", "", { [variable]: value }).problems).toEqual([
      expect.objectContaining({ key, message: `${variable}${message}` }),
    ]);
  });

  it("are told by their names when they open the door", () => {
    const { problems } = readConfig("c.yaml", "", { TRAILWARDEN_HTTP_HOST: "10.1.2.3" });
    expect(problems).toEqual([
      expect.objectContaining({
        key: "http.host",
        message:
          'Everybody who reaches "TRAILWARDEN_HTTP_HOST" could read everything. Give http.tokens ' +
          "(make one with: trailwarden token new), or listen on 127.0.0.1.",
      }),
    ]);
  });

  it("do not hide that the file is wrong in the same place", () => {
    const { problems } = readConfig("c.yaml", "http: 3\n", { TRAILWARDEN_HTTP_PORT: "1" });
    const message = "This has to be a block of keys. Found: 3.";
    expect(problems).toEqual([expect.objectContaining({ key: "http", message })]);
  });
});

describe("${file:path}", () => {
  const folder = mkdtempSync(join(tmpdir(), "config-"));
  afterAll(() => { rmSync(folder, { recursive: true }); });
  const path = join(folder, "secret");

  it("puts in what a file holds, without its last line break", () => {
    writeFileSync(path, "/var/out\n");
    const { config } = readConfig("c.yaml", sink(`\${file:${path}}/\${env:A}`), { A: "x" });
    expect(config?.sinks[0]).toMatchObject({ path: "/var/out/x" });
  });

  it("is a problem that names a file that is not there, and tells of none what it holds", () => {
    const missing = readConfig("c.yaml", sink(`\${file:${path}-not}`)).problems;
    expect(missing.map(({ key, message }) => [key, message])).toEqual([
      ["sinks[0].path", `The file ${path}-not cannot be read, or is empty, and is needed here.`],
    ]);
    writeFileSync(path, "hunter2");
    const { problems } = readConfig("c.yaml", `zones: [{name: "\${file:${path}}", accounts: 1}]`);
    expect(problems.length).toBeGreaterThan(0);
    expect(JSON.stringify(problems)).not.toContain("hunter2");
  });
});
