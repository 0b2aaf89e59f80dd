import { describe, expect, it } from "vitest";
import { crossChecks } from "../../src/config/cross-checks.ts";
import { Config } from "../../src/config/schema.ts";

const folder = (name: string, path: string) => ({ kind: "directory", name, path });
const queue = (name: string, queueUrl = `https://example.com/${name}`) => {
  return { kind: "sqs", name, queueUrl };
};
const history = (accounts: readonly string[], regions: readonly string[]) => {
  return { kind: "lookup-events", name: "h", accounts: accounts.map((id) => ({ id })), regions };
};
const file = (name: string, path: string) => ({ kind: "file", name, path });
const token = (name: string, digit: string) => {
  return { name, role: "viewer", sha256: digit.repeat(64) };
};
const [one, two] = ["111122223333", "333344445555"];

describe("crossChecks", () => {
  it.each<[string, object, { path: string; message: string }]>([
    ["two sources of one name", { sources: [queue("a"), folder("a", "x")] },
      { path: "sources.1.name", message: "The name is declared twice: sources[0] has it too." }],
    ["two sinks of one name", { sinks: [file("a", "x"), file("a", "y")] },
      { path: "sinks.1.name", message: "The name is declared twice: sinks[0] has it too." }],
    ["two tokens of one name", { http: { tokens: [token("a", "1"), token("a", "2")] } },
      { path: "http.tokens.1.name", message: "The name is declared twice: http.tokens[0]" }],
    ["one token under two names", { http: { tokens: [token("a", "1"), token("b", "1")] } },
      { path: "http.tokens.1.sha256", message: "The token is declared twice: http.tokens[0]" }],
    ["one queue read twice", { sources: [queue("a", "https://q"), queue("b", "https://q")] },
      { path: "sources.1.queueUrl", message: "The queue is declared twice: sources[0]" }],
    ["one folder read twice, spelt differently",
      { sources: [folder("a", "x"), queue("q"), folder("b", "./y/../x/")] },
      { path: "sources.2.path", message: "The folder is declared twice: sources[0] has it too." }],
    ["two sinks that write into one file", { sinks: [file("a", "x"), file("b", "./x")] },
      { path: "sinks.1.path", message: "The path is declared twice: sinks[0] has it too." }],
    ["one account audited twice", { audit: { accounts: [{ id: one }, { id: two }, { id: one }] } },
      { path: "audit.accounts.2.id", message: "The account is declared twice: audit.accounts[0]" }],
    ["one account asked twice", { sources: [history([one, one], ["eu-west-1"])] },
      { path: "sources.0.accounts.1.id", message: "The account is declared twice" }],
    ["one region asked twice", { sources: [history([one], ["eu-west-1", "eu-west-1"])] },
      { path: "sources.0.regions.1", message: "The region is declared twice" }],
    ["a sink that writes where a source reads",
      { sources: [folder("drop", "in")], sinks: [file("out", "./in/deep/out.ndjson")] },
      { path: "sinks.0.path", message: 'The source "drop" reads what is written here.' }],
    ["an address of all networks without tokens", { http: { host: "0.0.0.0" } },
      { path: "http.host", message: 'Everybody who reaches "0.0.0.0" could read everything.' }],
    ["a name that only begins like this machine", { http: { host: "127.0.0.1.example.com" } },
      { path: "http.host", message: "Everybody who reaches" }],
  ])("refuses %s", (_what, config, { path, message }) => {
    const [misfit, ...others] = crossChecks(Config.parse(config));
    expect(others).toEqual([]);
    expect(misfit?.path.join(".")).toBe(path);
    expect(misfit?.message).toContain(message);
  });

  it.each<[string, object]>([
    ["a sink beside the folder a source reads, with a name that begins alike",
      { sources: [folder("a", "in")], sinks: [file("o", "in-out.ndjson"), file("p", "../x")] }],
    ["a source and a sink of one name", { sources: [folder("a", "in")], sinks: [file("a", "o")] }],
    ["several accounts and regions",
      { sources: [history([one, two], ["eu-west-1", "us-east-1"])] }],
    ["an address of all networks with a token",
      { http: { host: "0.0.0.0", tokens: [token("a", "1")] } }],
    ["this machine by number", { http: { host: "127.0.0.53" } }],
    ["this machine by its IPv6 number", { http: { host: "::1" } }],
    ["this machine by name", { http: { host: "localhost" } }],
  ])("takes %s", (_what, config) => {
    expect(crossChecks(Config.parse(config))).toEqual([]);
  });
});
