import { describe, expect, it } from "vitest";
import { Config } from "../../src/config/schema.ts";
import type { FactContext, FactValue } from "../../src/facts/fact.ts";
import type { Issuance } from "../../src/sessions/issuance.ts";
import { at, otherPrincipal, rolePrincipal, trailEvent } from "../builders/event.ts";
import { factOf, session } from "../builders/fact-context.ts";
import { issuance } from "../builders/session.ts";

const role = (name: string) =>
  rolePrincipal({ name, session: "s", createdAt: at(0), accessKeyId: "ASIAKEY0000000000001" });

describe("principal.is_human", () => {
  it.each<[string, boolean, Partial<FactContext>]>([
    ["an Identity Center role", true,
      { event: trailEvent({ principal: role("AWSReservedSSO_Developer_0123456789abcdef") }) }],
    ["a role of another name", false, { event: trailEvent({ principal: role("Developer") }) }],
    ["an IAM user", true,
      { event: trailEvent({ principal: otherPrincipal({ kind: "iam-user" }) }) }],
    ["root", true, { event: trailEvent({ principal: otherPrincipal({ kind: "root" }) }) }],
    ["an Identity Center user", true,
      { event: trailEvent({ principal: otherPrincipal({ kind: "identity-center-user" }) }) }],
    ["someone who signs in by SAML", true,
      { event: trailEvent({ principal: otherPrincipal({ kind: "saml-user" }) }) }],
    ["a web identity: runners have one", false,
      { event: trailEvent({ principal: otherPrincipal({ kind: "web-identity-user" }) }) }],
    ["a service", false, { event: trailEvent({ principal: otherPrincipal({ kind: "service" }) }) }],
    ["another account's caller", false,
      { event: trailEvent({ principal: otherPrincipal({ kind: "account" }) }) }],
    ["a role in the console", true, { event: trailEvent({ principal: { fromConsole: true } }) }],
    ["a role that a SAML sign-in opened", true,
      { session: session({ issuance: issuance({ kind: "saml" }) }) }],
    ["a role that another session assumed", false, { session: session({ issuance: issuance() }) }],
  ])("%s", (...[, expected, context]) => {
    expect(factOf("principal.is_human", context)).toBe(expected);
  });
});

describe("facts of what a call issued", () => {
  const minted = (useCount: number, overrides: Partial<Omit<Issuance, "issuer">> = {}) => ({
    issued: { issuance: issuance(overrides), useCount },
  });
  it.each<[string, string, FactValue, Partial<FactContext>]>([
    ["the lifetime is the expiry's, not the request's", "issued.lifetime_seconds", 3600,
      minted(0, { expiresAt: at(3600), requestedSeconds: 900 })],
    ["no lifetime without an expiry", "issued.lifetime_seconds", null,
      minted(0, { expiresAt: null })],
    ["uses", "issued.use_count", 3, minted(3)],
    ["the expiry, a quarter of an hour after it", "issued.expired_at", "2026-03-01T10:15:00.000Z",
      { ...minted(0), asOf: at(1800) }],
    ["nothing a moment before that: a use may be on its way", "issued.expired_at", null,
      { ...minted(0), asOf: at(1799) }],
    ["no expiry told", "issued.expired_at", null, minted(0, { expiresAt: null })],
    ["nothing issued", "issued.use_count", null, {}],
    ["nothing issued, nothing watched", "issued.is_watched", null, {}],
    ["no agent is declared: everything is kept", "issued.is_watched", true, minted(0)],
    ["a declared agent's", "issued.is_watched", true,
      { ...minted(0), config: Config.parse({ agents: [{ name: "a", roles: ["*/ro-*"] }] }) }],
    ["another's", "issued.is_watched", false,
      { ...minted(0), config: Config.parse({ agents: [{ name: "a", roles: ["*/rw-*"] }] }) }],
  ])("%s", (...[, name, expected, context]) => {
    expect(factOf(name, context)).toBe(expected);
  });
});
