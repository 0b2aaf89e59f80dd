import fc from "fast-check";
import { expect, test } from "vitest";
import { readNetwork } from "../../src/events/network.ts";

test.each([
  ["203.0.113.77", "ipv4", "203.0.113.0/24"],
  ["0.0.0.0", "ipv4", "0.0.0.0/24"],
  ["255.255.255.255", "ipv4", "255.255.255.0/24"],
  ["2001:db8:1:2:3:4:5:6", "ipv6", "2001:db8:1::/48"],
  ["2001:DB8:0:9::1", "ipv6", "2001:db8::/48"],
  ["::1", "ipv6", "::/48"],
  ["::ffff:203.0.113.77", "ipv4", "203.0.113.0/24"],
  ["aws-mcp.amazonaws.com", "service", "aws-mcp.amazonaws.com"],
  ["ec2.cn-north-1.amazonaws.com.cn", "service", "ec2.cn-north-1.amazonaws.com.cn"],
  ["AWS Internal", "internal", "AWS Internal"],
  ["AWS Internal/17", "internal", "AWS Internal"],
  ["253.252.51.07", "unknown", "253.252.51.07"], // a leading zero: randomised, or forged
  ["256.1.1.1", "unknown", "256.1.1.1"],
  ["1.2.3", "unknown", "1.2.3"],
  ["1.2.3.4.5", "unknown", "1.2.3.4.5"],
  ["20ab::zz", "unknown", "20ab::zz"],
  ["evil.example.com", "unknown", "evil.example.com"],
])("%s is %s %s", (address, kind, name) => {
  expect(readNetwork(address)).toEqual({ kind, name, address, vpcEndpointId: null });
});

test("a VPC endpoint wins over the private address behind it", () => {
  expect(readNetwork("10.0.0.5", "vpce-0abc")).toEqual({
    kind: "vpc-endpoint",
    name: "vpce-0abc",
    address: "10.0.0.5",
    vpcEndpointId: "vpce-0abc",
  });
});

test.each(["AWS Internal", "s3.amazonaws.com", "", 7, null])(
  "a vpcEndpointId of %j is no endpoint: the address counts",
  (endpoint) => {
    expect(readNetwork("10.0.0.5", endpoint)).toMatchObject({ kind: "ipv4", vpcEndpointId: null });
  },
);

test.each([undefined, null, "", 12, {}])("no address (%j) is an unknown network", (address) => {
  expect(readNetwork(address)).toEqual({
    kind: "unknown", name: "", address: null, vpcEndpointId: null,
  });
});

test("all hosts of a /24 and of a /48 share one network, and hosts outside do not", () => {
  const octet = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(fc.tuple(octet, octet, octet, octet), ([a, b, c, d]) => {
      expect(readNetwork(`${a}.${b}.${c}.${d}`).name).toBe(`${a}.${b}.${c}.0/24`);
      expect(readNetwork(`::ffff:${a}.${b}.${c}.${d}`).name).toBe(`${a}.${b}.${c}.0/24`);
    }),
  );
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      const { kind, name } = readNetwork(address);
      expect(["ipv4", "ipv6"]).toContain(kind);
      expect(name).toMatch(kind === "ipv4" ? /\/24$/ : /\/48$/);
    }),
  );
});

test("hostile text is bounded", () => {
  expect(readNetwork("x".repeat(100_000)).name.length).toBe(253);
  expect(readNetwork("1.1.1.1", "vpce-" + "x".repeat(100_000)).name.length).toBe(253);
});
