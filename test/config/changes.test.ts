import { describe, expect, it } from "vitest";
import { changedSettings, inForce, settings } from "../../src/config/changes.ts";
import { Config } from "../../src/config/schema.ts";

const running = Config.parse({});
const token = { name: "alice", role: "admin", sha256: "a".repeat(64) };

/** Every setting, and a value that differs from its default. */
const others: readonly [string, object, "now" | "restart"][] = [
  ["agents", { agents: [{ name: "aider", roles: ["*"] }] }, "now"],
  ["roles", { roles: [{ arn: "*", mode: "readonly" }] }, "now"],
  ["zones", { zones: [{ name: "prod" }] }, "now"],
  ["networks", { networks: [{ name: "office" }] }, "now"],
  ["accounts", { accounts: [{ id: "111122223333", name: "dev" }] }, "now"],
  ["placeholders", { placeholders: { Admins: ["alice"] } }, "now"],
  ["retentionDays", { retentionDays: 7 }, "now"],
  ["http.tokens", { http: { tokens: [token] } }, "now"],
  ["run", { run: { offline: "queue" } }, "now"],
  ["tasks", { tasks: { graceSeconds: 5 } }, "now"],
  ["baselines", { baselines: { alertsPerRoleWeek: 2 } }, "now"],
  ["arrival", { arrival: { lagObjectiveSeconds: 3600 } }, "now"],
  ["response", { response: { enabled: true } }, "now"],
  ["audit", { audit: { keyAgeDays: 30 } }, "now"],
  ["service.logLevel", { service: { logLevel: "debug" } }, "now"],
  ["service.announceHours", { service: { announceHours: 1 } }, "now"],
  ["aws", { aws: { region: "eu-west-1" } }, "restart"],
  ["sources", { sources: [{ kind: "directory", name: "drop", path: "drop" }] }, "restart"],
  ["sinks", { sinks: [{ kind: "file", name: "out", path: "out.ndjson" }] }, "restart"],
  ["http.host", { http: { host: "::1" } }, "restart"],
  ["http.port", { http: { port: 9000 } }, "restart"],
  ["http.requestsPerMinute", { http: { requestsPerMinute: 1 } }, "restart"],
  ["service.shutdownSeconds", { service: { shutdownSeconds: 1 } }, "restart"],
  ["service.inHandBytesMax", { service: { inHandBytesMax: 1024 ** 2 } }, "restart"],
  ["read", { read: { depthMax: 32 } }, "restart"],
];

describe("changed settings", () => {
  it.each(others)("%s: told alone, and whether it waits for a restart", (name, value, effect) => {
    const wanted = Config.parse(value);
    expect(changedSettings(running, wanted)).toEqual({
      changed: [name],
      needRestart: effect === "restart" ? [name] : [],
    });
  });

  it.each(others)("%s: in force at once, or as it was", (_name, value, effect) => {
    const wanted = Config.parse(value);
    expect(inForce(running, wanted)).toEqual(effect === "now" ? wanted : running);
  });

  it("have a case above each, and no others", () => {
    expect(others.map(([name]) => name).sort()).toEqual([...settings].sort());
  });

  it("are told again at the next reload while the restart has not come", () => {
    const wanted = Config.parse({ http: { port: 9000 }, retentionDays: 7 });
    const next = inForce(running, wanted);
    expect(changedSettings(next, wanted)).toEqual({
      changed: ["http.port"],
      needRestart: ["http.port"],
    });
  });

  it("are none where only the order of names differs", () => {
    const one = Config.parse({ placeholders: { a: ["x"], b: ["y"] } });
    const same = Config.parse({ placeholders: { b: ["y"], a: ["x"] } });
    expect(changedSettings(one, same).changed).toEqual([]);
  });
});
