import type { ZoneConfig } from "../config/schema.ts";
import { readArn } from "../events/arn.ts";
import { globalServices } from "../facts/zones.ts";
import { matchesGlob } from "../sessions/glob.ts";
import { actionsOf, type Permissions } from "./permissions.ts";
import {
  coversAction, isAboutAll, type PolicyCondition, type PolicyStatement,
} from "./policy-document.ts";

/**
 * Actions that policies allow within a zone, whatever else resources and organisation say of them.
 *
 * @param account whose the identity is: its own resources need no ARN that names it
 */
export function actionsInZone(
  permissions: Permissions,
  zone: ZoneConfig,
  account: string,
): readonly string[] {
  const possible = new Set(permissions.actions.map(({ name }) => name));
  const allows = permissions.allows.map(({ statement }) => statement)
    .filter((statement) => entersBy(statement, zone, account));
  const denies = permissions.denies.map(({ statement }) => statement)
    .filter((statement) => holdsThroughout(statement, zone));
  const found = allows.flatMap((statement) => actionsOf(statement).map(({ name }) => name))
    .filter((name) => possible.has(name) && isOfZone(name, zone) &&
      !denies.some((deny) => coversAction(deny, name)));
  return [...new Set(found)];
}

/** What keeps an identity out of a zone, as a policy of its own. */
export function denialOf({ name, services, resources, regions, accounts }: ZoneConfig): object {
  const condition = {
    ...(regions.length === 0 ? {} : { StringLike: { "aws:RequestedRegion": regions } }),
    ...(accounts.length === 0 ? {} : { StringEquals: { "aws:ResourceAccount": accounts } }),
  };
  return {
    Sid: `KeepOutOf${name.replaceAll(/[^A-Za-z0-9]/g, "")}`,
    Effect: "Deny",
    Action: services.length === 0 ? "*" : services.map((service) => `${service}:*`),
    Resource: resources.length === 0 ? "*" : resources,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  };
}

/** What has one endpoint for the world enters no region. */
function isOfZone(action: string, { services, regions }: ZoneConfig): boolean {
  const service = action.slice(0, action.indexOf(":"));
  if (regions.length > 0 && globalServices.has(service)) return false;
  return services.length === 0 || services.some((glob) => matchesGlob(glob, service));
}

function entersBy(statement: PolicyStatement, zone: ZoneConfig, account: string): boolean {
  const { accounts, regions, resources } = zone;
  const patterns = statement.resources ?? ["*"];
  const isThere = accounts.length === 0 || accounts.includes(account) ||
    patterns.some((pattern) => accounts.includes(readArn(pattern)?.account ?? ""));
  return isThere &&
    (resources.length === 0 || overlap(patterns, resources)) &&
    (regions.length === 0 || statement.conditions.filter(isOfRegion).every(({ values, operator }) =>
      isNegated(operator) ? !covers(values, regions) : overlap(values, regions)));
}

/** Whether a denial applies to everything in the zone; any other condition leaves that open. */
function holdsThroughout(statement: PolicyStatement, zone: ZoneConfig): boolean {
  const isWhole = isAboutAll(statement) ||
    (zone.resources.length > 0 && covers(statement.resources ?? [], zone.resources));
  return isWhole && statement.conditions.every((condition) => {
    const wanted = isOfRegion(condition) ? zone.regions
      : condition.key === "aws:resourceaccount" ? zone.accounts : [];
    if (wanted.length === 0) return false;
    const { operator, values } = condition;
    return isNegated(operator) ? !overlap(values, wanted) : covers(values, wanted);
  });
}

function isOfRegion({ key }: PolicyCondition): boolean {
  return key === "aws:requestedregion";
}

function isNegated(operator: string): boolean {
  return /not/i.test(operator);
}

/** Whether every one of these lies within a pattern; of two patterns, where one says less. */
function covers(patterns: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((one) => patterns.some((pattern) => matchesGlob(pattern, one)));
}

function overlap(patterns: readonly string[], wanted: readonly string[]): boolean {
  return wanted.some((one) =>
    patterns.some((pattern) => matchesGlob(pattern, one) || matchesGlob(one, pattern)));
}
