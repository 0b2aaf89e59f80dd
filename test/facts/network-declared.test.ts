import { describe, expect, it } from "vitest";
import { Config } from "../../src/config/schema.ts";
import { readNetwork } from "../../src/events/network.ts";
import type { FactValue } from "../../src/facts/fact.ts";
import type { Attribution } from "../../src/sessions/attribution.ts";
import { trailEvent } from "../builders/event.ts";
import { factOf, session } from "../builders/fact-context.ts";

const config = Config.parse({
  agents: [
    {
      name: "inventory",
      roles: ["*"],
      networks: ["runners", "2001:db8:1::/48", "192.0.2.7/32", "vpce-0123456789abcdef0"],
    },
    { name: "free", roles: ["*"] },
  ],
  networks: [
    { name: "runners", cidrs: ["198.51.100.0/25", "10.0.0.0/8"], vpcEndpoints: ["vpce-0aaa"] },
    { name: "office", cidrs: ["203.0.113.0/24"] },
  ],
});

interface From {
  readonly address: string | null;
  readonly endpoint?: string | null;
}

function declared(
  { address, endpoint = null }: From,
  attribution: Partial<Attribution> = { agent: "inventory", status: "declared" },
): FactValue {
  return factOf("agent.network_declared", {
    config,
    event: trailEvent({ network: readNetwork(address, endpoint) }),
    session: session({ attribution }),
  });
}

describe("agent.network_declared", () => {
  it.each<[string, string | null, string | null, FactValue]>([
    ["an address in a named group", "198.51.100.9", null, true],
    ["the same /24, outside the declared half", "198.51.100.200", null, false],
    ["a single address", "192.0.2.7", null, true],
    ["its neighbour", "192.0.2.8", null, false],
    ["a group of the config that the agent does not name", "203.0.113.9", null, false],
    ["an IPv6 address in the prefix", "2001:db8:1:ffff::1", null, true],
    ["an IPv6 address outside", "2001:db8:2::1", null, false],
    ["IPv4 written as IPv6", "::ffff:198.51.100.9", null, true],
    ["a private address that is declared", "10.9.9.9", null, true],
    ["a private address that is not: it tells no place", "192.168.7.9", null, null],
    ["a unique local IPv6 address", "fd00::1", null, null],
    ["a declared endpoint, whatever the address behind it", "172.16.0.9", "vpce-0aaa", true],
    ["an endpoint declared by its id alone", "172.16.0.9", "vpce-0123456789abcdef0", true],
    ["a foreign endpoint before a declared private range", "10.9.9.9", "vpce-0fff", false],
    ["a service's name in the endpoint's place", "198.51.100.9", "s3.amazonaws.com", true],
    ["a service", "athena.amazonaws.com", null, null],
    ["the AWS MCP server", "aws-mcp.amazonaws.com", null, null],
    ["AWS's inside", "AWS Internal", null, null],
    ["no address at all", null, null, null],
    ["text that is no address", "253.252.51.07", null, null],
  ])("%s", (...[, address, endpoint, expected]) => {
    expect(declared({ address, endpoint })).toBe(expected);
  });

  it("is absent for agents that declare no networks, and where no agent is declared", () => {
    const address = "203.0.113.9";
    expect(declared({ address }, { agent: "free", status: "declared" })).toBe(null);
    expect(declared({ address }, { agent: "inventory", status: "discovered" })).toBe(null);
    expect(declared({ address }, { agent: null, status: "none" })).toBe(null);
  });
});
