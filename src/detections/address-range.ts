import ipaddr from "ipaddr.js";

export type AddressTest = (text: string) => boolean;

/**
 * A test of addresses against a network in CIDR notation, IPv4 or IPv6; a lone address is a network
 * of one.
 *
 * Returns the reason as text when `cidr` is none, e.g. because bits beyond the prefix are set.
 */
export function compileCidr(cidr: string): AddressTest | string {
  const range = parseRange(cidr);
  if (range === null) {
    return `${cidr} is no IPv4 or IPv6 network such as 10.0.0.0/8 or 2001:db8::/32.`;
  }
  const [base, bits] = range;
  const network = networkOf(cidr, base);
  if (network !== base.toString()) {
    return `${cidr} has bits set beyond its prefix. Did you mean ${network}/${bits}?`;
  }
  if (base.kind() === "ipv6") return (text) => text.includes(":") && matchesIpv6(text, base, bits);
  const mask = bits === 0 ? 0 : (-1 << (32 - bits)) >>> 0;
  const wanted = ipv4Bits(base.toString()) ?? 0;
  return (text) => {
    const found = ipv4Bits(text);
    return found !== null && (found & mask) >>> 0 === wanted;
  };
}

type Address = ReturnType<typeof ipaddr.parse>;

function parseRange(cidr: string): readonly [Address, number] | null {
  if (cidr.includes("/")) return ipaddr.isValidCIDR(cidr) ? ipaddr.parseCIDR(cidr) : null;
  if (cidr.includes(":") ? !ipaddr.isValid(cidr) : ipv4Bits(cidr) === null) return null;
  const address = ipaddr.parse(cidr);
  return [address, address.kind() === "ipv4" ? 32 : 128];
}

function networkOf(cidr: string, base: Address): string {
  if (!cidr.includes("/")) return base.toString();
  const family = base.kind() === "ipv4" ? ipaddr.IPv4 : ipaddr.IPv6;
  return family.networkAddressFromCIDR(cidr).toString();
}

function matchesIpv6(text: string, base: Address, bits: number): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  return address.kind() === "ipv6" && address.match([base, bits] as [ipaddr.IPv6, number]);
}

/**
 * Four decimal parts, and nothing else: `010.1.1.1`, `127.1` and `0x7f.1` are other programs'
 * notations.
 */
function ipv4Bits(text: string): number | null {
  if (text.length < 7 || text.length > 15) return null;
  let bits = 0;
  let octet = -1;
  let dots = 0;
  for (let i = 0; i <= text.length; i += 1) {
    const code = i === text.length ? 46 : text.charCodeAt(i);
    if (code === 46) {
      if (octet < 0) return null;
      bits = bits * 256 + octet;
      octet = -1;
      dots += 1;
    } else if (code < 48 || code > 57 || octet === 0) return null;
    else octet = Math.max(octet, 0) * 10 + code - 48;
    if (octet > 255) return null;
  }
  return dots === 4 ? bits : null;
}
