import { describe, expect, it } from "vitest";
import { Config } from "../../src/config/schema.ts";
import { readUserAgent } from "../../src/events/user-agent.ts";
import type { FactContext } from "../../src/facts/fact.ts";
import type { Sighting } from "../../src/sessions/session.ts";
import { at, trailEvent, type EventOverrides } from "../builders/event.ts";
import { credential, factOf, seen, session } from "../builders/fact-context.ts";
import { issuance } from "../builders/session.ts";

describe("credential.lifetime_seconds and its excess", () => {
  const config = Config.parse({
    agents: [{ name: "inventory", roles: ["*"], maxLifetimeSeconds: 900 }, { name: "other" }],
  });
  const of = (
    agent: string,
    status: "declared" | "discovered",
    expiresAt: number | null,
  ): Partial<FactContext> => ({
    config,
    session: session({ attribution: { agent, status } }),
    credential: credential({ issuance: issuance({ expiresAt }), expiresAt }),
  });
  it.each<[string, Partial<FactContext>, number | null, number | null]>([
    ["longer than the agent may", of("inventory", "declared", at(3600)), 3600, 2700],
    ["as long as it may", of("inventory", "declared", at(900)), 900, 0],
    ["shorter", of("inventory", "declared", at(300)), 300, 0],
    ["an expiry that is not told", of("inventory", "declared", null), null, null],
    ["an agent without a maximum", of("other", "declared", at(3600)), 3600, null],
    ["a discovered agent of a declared one's name", of("inventory", "discovered", at(3600)),
      3600, null],
    ["an issuance that was not seen", { config, credential: credential() }, null, null],
    ["a call without a key", { config }, null, null],
  ])("%s", (...[, context, lifetime, excess]) => {
    expect(factOf("credential.lifetime_seconds", context)).toBe(lifetime);
    expect(factOf("credential.lifetime_excess_seconds", context)).toBe(excess);
  });

  it("remains for what is left after the call, and is not known without an expiry", () => {
    const event = trailEvent({ at: at(300) });
    const remaining = (expiresAt: number | null) =>
      factOf("credential.remaining_seconds", { event, credential: credential({ expiresAt }) });
    expect([remaining(at(900)), remaining(at(200)), remaining(null)]).toEqual([600, -100, null]);
  });
});

describe("credential.user_agent_change", () => {
  const python = seen("aws-cli/linux/python", "", [0, 60]);
  const call = (
    text: string | null,
    userAgents: readonly Sighting[],
    rest: EventOverrides = {},
  ): Partial<FactContext> => ({
    event: trailEvent({ ...rest, userAgent: readUserAgent(text) }),
    credential: credential({ userAgents }),
  });
  const windows = "aws-cli/2.36.7 ua/2.1 os/windows#11 lang/python#3.14";
  it.each<[string, string | null, Partial<FactContext>]>([
    ["tells another system", "os", call(windows, [python])],
    ["tells the system before the language", "os",
      call("aws-sdk-go-v2/1.30.0 os/windows#11 lang/go#1.22", [python])],
    ["tells another language of another tool", "language",
      call("aws-sdk-go-v2/1.30.0 os/linux lang/go#1.22", [python])],
    ["says nothing of another tool in the same language", null,
      call("Boto3/1.40.0 os/linux#6.8 lang/python#3.12", [python])],
    ["says nothing of the same tool in another language", null,
      call("Terraform/1.9.0 os/linux lang/rust", [seen("terraform/linux/go", "", [0, 9])])],
    ["says nothing of the first client itself", null,
      call("aws-cli/2.30.0 os/linux#5.10 lang/python#3.13", [python])],
    ["takes `other` for not told", null,
      call("aws-sdk-go-v2/1.30.0 os/other lang/python#3", [python])],
    ["takes `other` for not told, at first", null,
      call(windows, [seen("aws-cli/other/python", "", [0, 9])])],
    ["takes what is left out for not told", null,
      call("aws-cli/2.36.7", [python])],
    ["compares no call of a service", null,
      call(windows, [python], { principal: { invokedBy: "athena.amazonaws.com" } })],
    ["begins with no call of a service", null, call("aws-cli/2.36.7 os/linux lang/python", [
      seen("aws-sdk-java/macos/java", "service", [0, 9]), python,
    ])],
    ["begins with no console or browser", null, call("aws-cli/2.36.7 os/linux lang/python", [
      seen("browser/windows/", "", [0, 9]), seen("console//", "", [1, 9]), python,
    ])],
    ["compares no browser", null,
      call("Mozilla/5.0 (Windows NT 10.0; Win64; x64)", [python])],
    ["compares no missing user agent", null, call(null, [python])],
    ["has nothing to compare with", null, call(windows, [])],
  ])("%s", (...[, expected, context]) => {
    expect(factOf("credential.user_agent_change", context)).toBe(expected);
  });
});

describe("credential.source_changed", () => {
  const sources = [seen("imds", "", [0, 60]), seen("environment", "", [90, 120])];
  it.each<[string, string | null, readonly Sighting[], boolean]>([
    ["another source than the first", "environment", sources, true],
    ["the first again", "imds", sources, false],
    ["none told by this call", null, sources, false],
    ["none told by any", null, [], false],
  ])("%s", (...[, credentialSource, credentialSources, changed]) => {
    const context = {
      event: trailEvent({ userAgent: { credentialSource } }),
      credential: credential({ credentialSources }),
    };
    expect(factOf("credential.source_changed", context)).toBe(changed);
    expect(factOf("credential.first_source", context)).toBe(credentialSources[0]?.value ?? null);
  });
});
