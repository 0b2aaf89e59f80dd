import ipaddr from "ipaddr.js";

export type AddressTest = (text: string) => boolean;

/** A network: addresses whose first `bits` are those of `base`. */
export interface Network {
  readonly base: Address;
  readonly bits: number;
}

/**
 * The network that `cidr` stands for, IPv4 or IPv6; a lone address is a network of one.
 *
 * Returns the reason as text when `cidr` is none, e.g. because bits beyond the prefix are set.
 */
export function parseNetwork(cidr: string): Network | string {
  const range = parseRange(cidr);
  if (range === null) {
    return `${cidr} is no IPv4 or IPv6 network such as 10.0.0.0/8 or 2001:db8::/32.`;
  }
  const [base, bits] = range;
  const network = networkOf(cidr, base);
  if (network !== base.toString()) {
    return `${cidr} has bits set beyond its prefix. Did you mean ${network}/${bits}?`;
  }
  return { base, bits };
}

/**
 * Whether an address is in any of the networks. They are kept by length of prefix, so that the
 * thousands of a cloud's own cost no more than their few lengths.
 */
export function inNetworks(networks: readonly Network[]): AddressTest {
  const ipv4 = new Map<number, Set<number>>();
  const ipv6 = new Map<number, Set<string>>();
  for (const { base, bits } of networks) {
    if (base.kind() === "ipv6") keep(ipv6, bits, ipv6Prefix(base as ipaddr.IPv6, bits));
    else keep(ipv4, bits, ipv4Prefix(ipv4Bits(base.toString()) ?? 0, bits));
  }
  return (text) => (text.includes(":") ? isInIpv6(text, ipv6) : isInIpv4(text, ipv4));
}

function keep<Key>(groups: Map<number, Set<Key>>, bits: number, prefix: Key): void {
  const group = groups.get(bits);
  if (group === undefined) groups.set(bits, new Set([prefix]));
  else group.add(prefix);
}

function isInIpv4(text: string, networks: ReadonlyMap<number, ReadonlySet<number>>): boolean {
  const address = networks.size === 0 ? null : ipv4Bits(text);
  if (address === null) return false;
  for (const [bits, group] of networks) if (group.has(ipv4Prefix(address, bits))) return true;
  return false;
}

function ipv4Prefix(address: number, bits: number): number {
  return bits === 0 ? 0 : (address & (-1 << (32 - bits))) >>> 0;
}

function isInIpv6(text: string, networks: ReadonlyMap<number, ReadonlySet<string>>): boolean {
  if (networks.size === 0 || !ipaddr.IPv6.isValid(text)) return false;
  const address = ipaddr.IPv6.parse(text);
  for (const [bits, group] of networks) if (group.has(ipv6Prefix(address, bits))) return true;
  return false;
}

/** The eight parts of 16 bits, those beyond the prefix cleared. */
function ipv6Prefix({ parts }: ipaddr.IPv6, bits: number): string {
  return parts.map((part, i) => {
    const kept = Math.min(16, Math.max(0, bits - i * 16));
    return part & (0xffff << (16 - kept));
  }).join(":");
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
