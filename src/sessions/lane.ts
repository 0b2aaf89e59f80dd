import type { TrailEvent } from "../events/event.ts";

/**
 * The part of a group that an event counts in: one per access key, and one for each way of showing
 * none.
 *
 * Calls from the console carry a fresh key each; one lane holds them all, so that a day in the
 * console does not make a thousand credentials.
 */
export function laneOf(event: TrailEvent): string {
  const { principal, mcp } = event;
  const signIn = signInSessionOf(event);
  if (principal.fromConsole && signIn === null) return consoleLane;
  if (principal.accessKeyId !== null) return `${keyPrefix}${principal.accessKeyId}`;
  if (signIn !== null) return `${signInPrefix}${signIn}`;
  if (mcp?.step === "tool") return toolLane;
  return principal.invokedBy === null ? directLane : serviceLane;
}

const keyPrefix = "key:";
const signInPrefix = "sis:";
export const consoleLane = "console";
/** Tool calls of the AWS MCP server that show neither key nor sign-in session. */
export const toolLane = "tool";
/** Calls without a key, made by the principal itself: sign-in events, old console calls. */
export const directLane = "direct";
/** Calls without a key, made by services on the principal's behalf (forward access sessions). */
export const serviceLane = "service";

export function accessKeyOf(lane: string): string | null {
  return lane.startsWith(keyPrefix) ? lane.slice(keyPrefix.length) : null;
}

/**
 * The sign-in session (`aws login`, MCP) the call shows: in its identity, or as the grant that
 * opened it.
 */
export function signInSessionOf({ principal, mcp }: TrailEvent): string | null {
  return principal.signInSessionArn ?? (mcp?.step === "grant" ? mcp.signInSessionArn : null);
}
