import { describe, expect, it } from "vitest";
import { Config } from "../../src/config/schema.ts";
import { readNetwork } from "../../src/events/network.ts";
import type { FactContext } from "../../src/facts/fact.ts";
import type { Sighting } from "../../src/sessions/session.ts";
import { at, trailEvent, type EventOverrides } from "../builders/event.ts";
import { credential, factOf, seen, session } from "../builders/fact-context.ts";
import { issuance } from "../builders/session.ts";

const home = seen("198.51.100.0/24", "ipv4", [0, 60]);
const away = seen("203.0.113.0/24", "ipv4", [90, 120]);
const agent = { name: "inventory", roles: ["*"] };
const declared = session({ attribution: { agent: "inventory", status: "declared" } });

/** A call from an address, with a key seen in these networks. */
function call(
  address: string,
  networks: readonly Sighting[],
  { endpoint = null, ...rest }: EventOverrides & { endpoint?: string | null } = {},
): Partial<FactContext> {
  const event = trailEvent({ ...rest, network: readNetwork(address, endpoint) });
  return { event, session: session(), credential: credential({ networks }) };
}

describe("credential.network_changed", () => {
  const lambda = { userAgent: { execEnv: "AWS_Lambda_python3.12" } };
  const scoped = {
    sourceArn: null,
    issuerType: "AWS::Lambda::Function",
    credentialsIssuedTo: "arn:aws:lambda:eu-west-1:111111111111:function:f",
  };
  it.each<[string, boolean, Partial<FactContext>]>([
    ["is true for a second public network", true, call("203.0.113.9", [home, away])],
    ["is false for the first", false, call("198.51.100.77", [home, away])],
    ["is false for the first call over IPv6", false,
      call("2001:db8:1::9", [home, seen("2001:db8:1::/48", "ipv6", [90, 90])])],
    ["is true for a second IPv6 network", true,
      call("2001:db8:2::9", [seen("2001:db8:1::/48", "ipv6", [0, 9]), home])],
    ["compares nothing with a private address before it", false,
      call("203.0.113.9", [seen("10.0.3.0/24", "ipv4", [0, 9]), away])],
    ["looks past a private address to the first public one", true,
      call("203.0.113.9", [seen("10.0.3.0/24", "ipv4", [0, 9]), home, away])],
    ["is false for a VPC endpoint", false, call("10.0.3.4", [home], { endpoint: "vpce-0a" })],
    ["is false for a service", false, call("athena.amazonaws.com", [home])],
    ["is false where a service called from the client's address", false,
      call("203.0.113.9", [seen("203.0.113.0/24", "service", [0, 9])])],
    ["is false for an address AWS made up", false, call("253.252.51.07", [home])],
    ["is false for the console", false,
      call("203.0.113.9", [home, away], { principal: { fromConsole: true } })],
    ["is false in Lambda by its environment", false, call("203.0.113.9", [home, away], lambda)],
    ["is false in Lambda by its scope", false,
      call("203.0.113.9", [home, away], { principal: { inScopeOf: scoped } })],
    ["is false for Systems Manager's agent", false, call("203.0.113.9", [home, away], {
      userAgent: { text: "aws-sdk-go/1.55.5 (go1.22.9; linux; amd64) amazon-ssm-agent/3.3.1345.0" },
    })],
    ["is false where any network of the config holds it", false, {
      ...call("203.0.113.9", [home, away]),
      config: Config.parse({ networks: [{ name: "egress", cidrs: ["203.0.113.0/24"] }] }),
    }],
    ["is true where another network is the agent's", true, {
      ...call("203.0.113.9", [home, away]),
      session: declared,
      config: Config.parse({
        agents: [{ ...agent, networks: ["198.51.100.0/24"] }],
        networks: [{ name: "office", cidrs: ["203.0.113.0/24"] }],
      }),
    }],
  ])("%s", (...[, expected, context]) => {
    expect(factOf("credential.network_changed", context)).toBe(expected);
  });

  it.each([
    "10.1.2.3", "172.16.0.1", "172.31.9.9", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "100.127.0.1", "127.0.0.1", "0.0.0.0", "fd00::1", "fc00::1", "fe80::1", "febf::1", "::1",
  ])("is false for %s, which is no place on the internet", (address) => {
    const here = readNetwork(address);
    const first = address.includes(":") ? seen("2001:db8:1::/48", "ipv6", [0, 9]) : home;
    const context = call(address, [first, seen(here.name, here.kind, [20, 30])]);
    expect(factOf("credential.network_changed", context)).toBe(false);
  });

  it.each(["172.15.0.1", "172.32.0.1", "192.169.0.1", "100.63.0.1", "100.128.0.1", "11.0.0.1"])(
    "is true for %s, which is beside a private range",
    (address) => {
      const context = call(address, [home, seen(readNetwork(address).name, "ipv4", [20, 30])]);
      expect(factOf("credential.network_changed", context)).toBe(true);
    },
  );
});

describe("two networks at the same time", () => {
  it.each<[string, readonly [number, number], readonly [number, number], boolean, number]>([
    ["one after the other", [0, 60], [90, 120], false, 0],
    ["touching in one second", [0, 60], [60, 120], false, 0],
    ["both for a while", [0, 100], [40, 160], true, 60],
    ["one within the other", [0, 100], [40, 70], true, 30],
    ["a single call amid the others", [0, 100], [40, 40], true, 0],
    ["both single, in one second", [0, 0], [0, 0], false, 0],
  ])("%s", (...[, first, second, overlap, overlapSeconds]) => {
    const networks = [
      seen("198.51.100.0/24", "ipv4", first), seen("203.0.113.0/24", "ipv4", second),
    ];
    const context = call("203.0.113.9", networks);
    expect(factOf("credential.networks_overlap", context)).toBe(overlap);
    expect(factOf("credential.network_overlap_seconds", context)).toBe(overlapSeconds);
    expect(factOf("credential.networks_overlap", call("198.51.100.9", networks))).toBe(false);
  });
});

describe("credential.first_network", () => {
  it("is the first public one of the call's address family", () => {
    const networks = [
      seen("10.0.3.0/24", "ipv4", [0, 9]), seen("2001:db8:1::/48", "ipv6", [1, 9]), home, away,
    ];
    expect(factOf("credential.first_network", call("203.0.113.9", networks))).toBe(home.value);
    expect(factOf("credential.first_network", call("2001:db8:9::1", networks))).toBe(
      "2001:db8:1::/48",
    );
    expect(factOf("credential.first_network", call("athena.amazonaws.com", networks))).toBe(null);
  });
});

describe("credential.issuer_network_differs", () => {
  const issued = (
    address: string,
    networks: readonly Sighting[],
    issuer: Parameters<typeof issuance>[0] = {},
  ): Partial<FactContext> => ({
    ...call(address, networks),
    credential: credential({ networks, issuance: issuance(issuer), expiresAt: at(900) }),
  });
  it.each<[string, boolean, Partial<FactContext>]>([
    ["is true where the first use is elsewhere", true, issued("203.0.113.9", [away])],
    ["is false where it is where it was issued", false, issued("198.51.100.9", [home])],
    ["leaves later moves to network_changed", false, issued("203.0.113.9", [home, away])],
    ["compares no IPv4 with IPv6", false,
      issued("2001:db8:1::9", [seen("2001:db8:1::/48", "ipv6", [0, 9])])],
    ["is false for a first use from a private address", false,
      issued("10.0.3.4", [seen("10.0.3.0/24", "ipv4", [0, 9])])],
    ["is false for an issuer on a private address", false, issued("203.0.113.9", [away], {
      issuer: { network: "10.0.3.0/24", networkKind: "ipv4" },
    })],
    ["is false for an issuer behind a VPC endpoint", false, issued("203.0.113.9", [away], {
      issuer: { network: "vpce-0a", networkKind: "vpc-endpoint" },
    })],
    ["is false for a service that issues", false, issued("203.0.113.9", [away], {
      issuer: { network: "ec2.amazonaws.com", networkKind: "service" },
    })],
    ["is false where the issuance was not seen", false, call("203.0.113.9", [away])],
    ["is false where the network is declared", false, {
      ...issued("203.0.113.9", [away]),
      config: Config.parse({ networks: [{ name: "runners", cidrs: ["203.0.113.0/28"] }] }),
    }],
  ])("%s", (...[, expected, context]) => {
    expect(factOf("credential.issuer_network_differs", context)).toBe(expected);
  });
});
