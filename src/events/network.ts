import ipaddr from "ipaddr.js";
import { memoise } from "./memo.ts";

/** Where a call came from, coarse enough to stay the same while a host keeps its place. */
export interface Network {
  readonly kind: "ipv4" | "ipv6" | "vpc-endpoint" | "service" | "internal" | "unknown";
  /**
   * `203.0.113.0/24`, `2001:db8:1::/48`, `vpce-0abc…`, `aws-mcp.amazonaws.com`, `AWS Internal`, ``
   * when unknown.
   */
  readonly name: string;
  /** `sourceIPAddress` as logged; null when absent. */
  readonly address: string | null;
  readonly vpcEndpointId: string | null;
}

/**
 * The network of a record's `sourceIPAddress` and `vpcEndpointId`.
 *
 * A VPC endpoint wins, because the private addresses behind it repeat from VPC to VPC.
 * `vpcEndpointId` may also hold a service's name or `AWS Internal`, which says nothing more than
 * the address does. Text that is no address (`253.252.51.07`: randomised or forged) is of unknown
 * kind and its own name, so that a change still shows.
 */
export function readNetwork(address: unknown, vpcEndpointId: unknown = null): Network {
  const isEndpoint = typeof vpcEndpointId === "string" && vpcEndpointId.startsWith("vpce-");
  const text = typeof address === "string" ? address.slice(0, addressLengthMax) : "";
  if (!isEndpoint) return text === "" ? nowhere : networkOf(text);
  const id = vpcEndpointId.slice(0, addressLengthMax);
  return { kind: "vpc-endpoint", name: id, address: text === "" ? null : text, vpcEndpointId: id };
}

/** A DNS name is at most 253 characters; an IPv6 address with its zone is far shorter. */
const addressLengthMax = 253;

const nowhere: Network = { kind: "unknown", name: "", address: null, vpcEndpointId: null };

/**
 * An office, a cluster, a NAT pool: a busy organisation shows a few thousand addresses at a time.
 */
const networkOf = memoise(8192, (address): Network => ({
  ...placeOf(address),
  address,
  vpcEndpointId: null,
}));

type Place = Pick<Network, "kind" | "name">;

function placeOf(address: string): Place {
  const first = address.charCodeAt(0);
  if (first >= 48 && first <= 57 && !address.includes(":")) {
    const network = readIpv4(address);
    return network === null ? { kind: "unknown", name: address } : { kind: "ipv4", name: network };
  }
  if (address.includes(":")) return readIpv6(address);
  if (address === "AWS Internal" || address.startsWith("AWS Internal/")) {
    return { kind: "internal", name: "AWS Internal" };
  }
  return { kind: serviceName.test(address) ? "service" : "unknown", name: address };
}

const serviceName =
  /^[a-z0-9][a-z0-9.-]*\.(?:amazonaws\.(?:com|com\.cn|eu)|api\.aws|aws\.internal)$/i;

/**
 * The /24 of a dotted quad; null when it is none. Leading zeros are refused: some read them as
 * octal.
 */
function readIpv4(address: string): string | null {
  const octets = address.split(".");
  if (octets.length !== 4) return null;
  for (const octet of octets) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(octet) || Number(octet) > 255) return null;
  }
  return `${octets[0] ?? ""}.${octets[1] ?? ""}.${octets[2] ?? ""}.0/24`;
}

function readIpv6(address: string): Place {
  if (!ipaddr.IPv6.isValid(address)) return { kind: "unknown", name: address };
  const ip = ipaddr.IPv6.parse(address);
  if (ip.isIPv4MappedAddress()) {
    const [a = 0, b = 0, c = 0] = ip.toIPv4Address().octets;
    return { kind: "ipv4", name: `${a}.${b}.${c}.0/24` };
  }
  const [a = 0, b = 0, c = 0] = ip.parts;
  const network = new ipaddr.IPv6([a, b, c, 0, 0, 0, 0, 0]);
  return { kind: "ipv6", name: `${network.toRFC5952String()}/48` };
}
