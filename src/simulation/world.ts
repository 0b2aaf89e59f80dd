import type { Inventory } from "./inventory.ts";
import { createInventory } from "./inventory.ts";
import { base32, stream } from "./random.ts";
import type { Random } from "./random.ts";

/** The organisation's accounts. Invented, and in the style of AWS's own examples. */
export const accounts = {
  dev: "111122223333",
  staging: "222233334444",
  prod: "333344445555",
  security: "444455556666",
} as const;

/** Nobody's: where data goes when it leaks. */
export const foreignAccount = "999988887777";

export const regions = ["eu-west-1", "us-east-1", "eu-central-1", "us-west-2"] as const;

/**
 * Networks by name, /24 each unless told: ranges kept for documentation and benchmarks, so
 * nobody's.
 */
export const networks = {
  "agents-nat": "198.18.10",
  "agents-nat-b": "198.18.11",
  office: "198.18.20",
  vpn: "198.18.21",
  "ci-runners": "198.18.30",
  "github-hosted": "198.18.40",
  "prod-nat": "198.18.50",
  "on-premises": "198.18.60",
  "staff-home": "198.19.7",
  "somewhere-else": "203.0.113",
  "another-place": "198.51.100",
} as const;
export type NetworkName = keyof typeof networks;

/** RFC 3849's documentation range: the office has IPv6 too. */
export const officeIpv6 = "2001:db8:20";

/** The interface endpoints of production's VPC. */
export const prodEndpoint = "vpce-0a1b2c3d4e5f60718";

export interface Role {
  readonly arn: string;
  /** `AROASIM…`, 21 characters. */
  readonly id: string;
  readonly name: string;
  readonly account: string;
}

export interface World {
  readonly seed: string;
  inventory(account: string): Inventory;
  role(account: string, pathAndName: string): Role;
}

export function createWorld(seed: string): World {
  const inventories = new Map<string, Inventory>();
  for (const [stage, account] of Object.entries(accounts)) {
    inventories.set(account, createInventory(seed, account, stage));
  }
  const roles = new Map<string, Role>();
  return {
    seed,
    inventory(account) {
      const inventory = inventories.get(account);
      if (inventory === undefined) throw new Error(`No inventory of account ${account}.`);
      return inventory;
    },
    role(account, pathAndName) {
      const arn = `arn:aws:iam::${account}:role/${pathAndName}`;
      const known = roles.get(arn);
      if (known !== undefined) return known;
      const name = pathAndName.slice(pathAndName.lastIndexOf("/") + 1);
      const role = { arn, id: uniqueId("AROA", stream(seed, "role", arn)), name, account };
      roles.set(arn, role);
      return role;
    },
  };
}

/** An address of the network. */
export function addressIn(network: NetworkName, random: Random): string {
  return `${networks[network]}.${random.between(4, 250)}`;
}

export function officeIpv6Address(random: Random): string {
  const host = `${random.hex(4)}:${random.hex(4)}:${random.hex(4)}`;
  return `${officeIpv6}:${random.between(1, 9)}:${host}:1`;
}

/**
 * Access key ids have 20 characters, unique ids 21; `SIM` shows at a glance that these are
 * invented.
 */
export function accessKeyId(prefix: "ASIA" | "AKIA", random: Random): string {
  return `${prefix}SIM${random.text(13, base32)}`;
}

export function uniqueId(prefix: "AROA" | "AIDA", random: Random): string {
  return `${prefix}SIM${random.text(14, base32)}`;
}
