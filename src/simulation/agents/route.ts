import type { Operation } from "../operations/operation.ts";
import type { Random } from "../random.ts";
import type { NetworkName } from "../world.ts";
import { addressIn, officeIpv6Address, prodEndpoint } from "../world.ts";

/** Where a call leaves from. `progress` is how far the task is, from 0 to 1. */
export type Route = (operation: Operation, progress: number) => Exit;

export interface Exit {
  readonly address: string;
  readonly vpcEndpointId: string | null;
}

/** One address throughout. */
export function steady(network: NetworkName, random: Random): Route {
  const exit = { address: addressIn(network, random), vpcEndpointId: null };
  return () => exit;
}

/** A laptop that joins the VPN, or a NAT that fails over: honest, if both networks are declared. */
export function moving(from: NetworkName, to: NetworkName, random: Random): Route {
  const before = { address: addressIn(from, random), vpcEndpointId: null };
  if (!random.chance(0.4)) return () => before;
  const after = { address: addressIn(to, random), vpcEndpointId: null };
  const turn = 0.3 + 0.4 * random.ratio();
  return (_operation, progress) => (progress < turn ? before : after);
}

/** IPv6 where the service has it, IPv4 elsewhere: one host, two families, back and forth. */
export function dualStack(network: NetworkName, random: Random): Route {
  const four = { address: addressIn(network, random), vpcEndpointId: null };
  const six = { address: officeIpv6Address(random), vpcEndpointId: null };
  return ({ source }) => (withIpv6.has(source) ? six : four);
}

/** Interface endpoints for some services, the NAT for the others. */
export function endpoints(network: NetworkName, random: Random): Route {
  const outside = { address: addressIn(network, random), vpcEndpointId: null };
  const address = `10.20.${random.between(0, 15)}.${random.between(4, 250)}`;
  const inside = { address, vpcEndpointId: prodEndpoint };
  return ({ source }) => (withEndpoint.has(source) ? inside : outside);
}

const withIpv6 = new Set(["s3.amazonaws.com", "ec2.amazonaws.com", "lambda.amazonaws.com"]);
const withEndpoint = new Set([
  "sqs.amazonaws.com",
  "secretsmanager.amazonaws.com",
  "logs.amazonaws.com",
]);
