import type { TrailEvent } from "../events/event.ts";
import { memoisePair } from "../events/memo.ts";
import { profileLimits as limits, type Profile } from "./profile.ts";
import { resourceFamilyOf } from "./resource-family.ts";
import { bounded, sorted } from "./spans.ts";
import { Tally } from "./tally.ts";

/** The profile of some events; `mergeProfiles` of the profiles of any split of them is the same. */
export function profileOf(events: Iterable<TrailEvent>): Profile {
  const tally = new ProfileTally();
  for (const event of events) tally.note(event);
  return tally.toProfile();
}

/** A profile while a delivery is read. */
export class ProfileTally {
  readonly #operations = new Tally(limits.operations);
  readonly #regions = new Tally(limits.regions);
  readonly #networks = new Tally(limits.networks);
  readonly #userAgents = new Tally(limits.userAgents);
  readonly #errors = new Tally(limits.errors);
  readonly #resources = new Tally(limits.resources);
  readonly #minutes = new Map<number, { count: number }>();

  note(event: TrailEvent): void {
    const { at, access, operation, region } = event;
    this.#operations.note(joined(access, operation), at);
    this.#regions.note(region, at);
    const network = networkOf(event);
    if (network !== null) this.#networks.note(network, at);
    this.#userAgents.note(clientOf(event), at);
    const error = errorOf(event);
    if (error !== null) this.#errors.note(error, at);
    const resource = resourceFamilyOf(event);
    if (resource !== null) this.#resources.note(resource, at);
    const minute = minuteOf(event);
    const calls = this.#minutes.get(minute);
    if (calls === undefined) this.#minutes.set(minute, { count: 1 });
    else calls.count += 1;
  }

  toProfile(): Profile {
    const minutes = [...this.#minutes]
      .map(([minute, { count }]) => [String(minute), count] as const);
    return {
      operations: this.#operations.toSpans(),
      regions: this.#regions.toSpans(),
      networks: this.#networks.toSpans(),
      userAgents: this.#userAgents.toSpans(),
      errors: this.#errors.toSpans(),
      resources: this.#resources.toSpans(),
      minutes: bounded(sorted(minutes), limits.minutes),
    };
  }
}

/** Null where the record names none. */
export function networkOf({ network, principal }: TrailEvent): string | null {
  if (network.name === "") return null;
  return joined(principal.invokedBy === null ? network.kind : "service", network.name);
}

export function clientOf({ userAgent, principal }: TrailEvent): string {
  return principal.invokedBy === null ? client(userAgent.family, userAgent.os ?? "") : "service/";
}

const client = memoisePair(1024, (family, os) => `${family}/${os}`);

/**
 * Calls repeat themselves: a text that is made once, and not for each, is hashed once wherever it
 * is looked up. (Measured: half of what a profile costs.)
 */
const joined = memoisePair(8192, (a, b) => `${a} ${b}`);

/** Null of a call that was allowed. */
export function errorOf({ result }: TrailEvent): string | null {
  return result.outcome === "allowed" ? null : joined(result.outcome, result.errorCode ?? "");
}

/** Since the epoch. */
export function minuteOf({ at }: TrailEvent): number {
  return Math.floor(at / minuteMs);
}

const minuteMs = 60_000;
