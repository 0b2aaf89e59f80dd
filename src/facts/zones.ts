import type { AgentConfig, Config, ZoneConfig } from "../config/schema.ts";
import type { TrailEvent } from "../events/event.ts";
import { memoise } from "../events/memo.ts";
import { matchesGlob } from "../sessions/glob.ts";
import { assumedRoleOf } from "./event-targets.ts";
import { textAt } from "./fields.ts";

/** The first zone, as the config lists them, that the agent may not enter and this call enters. */
export function forbiddenZone(
  event: TrailEvent,
  agent: AgentConfig | undefined,
  config: Config,
): string | null {
  if (agent === undefined || agent.forbiddenZones.length === 0) return null;
  for (const zone of config.zones) {
    if (agent.forbiddenZones.includes(zone.name) && isInZone(event, zone)) return zone.name;
  }
  return null;
}

/** Every kind of limit that a zone names must hold: `accounts` and `regions` together mean both. */
function isInZone(event: TrailEvent, zone: ZoneConfig): boolean {
  const { accounts, regions, services, resources } = zone;
  if (accounts.length + regions.length + services.length + resources.length === 0) return false;
  return (
    (regions.length === 0 || (matchesAny(regions, event.region) && !isGlobal(event))) &&
    (services.length === 0 || matchesAny(services, event.service)) &&
    (accounts.length === 0 || touchesAccount(event, accounts)) &&
    (resources.length === 0 || touchedArns(event).some((arn) => matchesAny(resources, arn)))
  );
}

function matchesAny(globs: readonly string[], text: string): boolean {
  return globs.some((glob) => matchesGlob(glob, text));
}

/** A bucket's ARN names no account: the record's list of resources does. */
function touchesAccount(event: TrailEvent, accounts: readonly string[]): boolean {
  if (accounts.includes(event.account ?? "")) return true;
  for (const { account } of event.resources) if (accounts.includes(account ?? "")) return true;
  for (const arn of touchedArns(event)) if (accounts.includes(accountIn(arn))) return true;
  return false;
}

const accountIn = memoise(8192, (arn) => arn.split(":")[4] ?? "");

/** On denial, AWS leaves out the resources of most calls, and only the message names one. */
function touchedArns(event: TrailEvent): readonly string[] {
  const assumed = assumedRoleOf(event);
  const denied = event.result.denial?.resource ?? null;
  const touched = event.resources.map(({ arn }) => arn);
  if (assumed !== null) touched.push(assumed);
  if (denied !== null) touched.push(denied);
  return touched;
}

/**
 * Whether the call went to a service that has one endpoint for the world: its records say
 * `us-east-1` (or `us-west-2`) wherever the caller is, and enter no region.
 * docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html
 */
function isGlobal({ service, operation, record }: TrailEvent): boolean {
  if (globalServices.has(service) || operation === "s3:ListBuckets") return true;
  return service === "sts" &&
    textAt(record, "additionalEventData.RequestDetails.endpointType") === "global";
}

export const globalServices: ReadonlySet<string> = new Set([
  ...["account", "artifact", "aws-portal", "billing", "budgets", "ce", "chatbot", "cloudfront"],
  ...["consolidatedbilling", "cur", "globalaccelerator", "health", "iam", "importexport"],
  ...["networkmanager", "organizations", "route53", "route53domains", "savingsplans", "shield"],
  ...["signin", "support", "tax", "trustedadvisor", "waf"],
]);
