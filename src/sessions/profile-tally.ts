import type { TrailEvent } from "../events/event.ts";
import { memoisePair } from "../events/memo.ts";
import { profileLimits as limits, type Profile } from "./profile.ts";
import { resourceFamilyOf } from "./resource-family.ts";
import { bounded, sorted } from "./spans.ts";
import { extend, Tally, type OpenSpan } from "./tally.ts";

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
  /** The last call, and the spans of where it came from: calls come in runs of alike ones. */
  #last: TrailEvent | null = null;
  #places: readonly OpenSpan[] = [];
  #minute = -1;
  #callsIn = { count: 0 };

  note(event: TrailEvent): void {
    const { at, access, operation } = event;
    this.#operations.note(joined(access, operation), at);
    if (this.#last !== null && areOfOnePlace(this.#last, event)) {
      for (const span of this.#places) extend(span, at);
    } else {
      this.#places = this.#notePlace(event);
    }
    this.#last = event;
    const error = errorOf(event);
    if (error !== null) this.#errors.note(error, at);
    const resource = resourceFamilyOf(event);
    if (resource !== null) this.#resources.note(resource, at);
    this.#noteMinute(minuteOf(event));
  }

  #noteMinute(minute: number): void {
    let calls = this.#callsIn;
    if (minute !== this.#minute) {
      calls = this.#minutes.get(minute) ?? { count: 0 };
      this.#minutes.set(minute, calls);
      this.#minute = minute;
      this.#callsIn = calls;
    }
    calls.count += 1;
  }

  #notePlace(event: TrailEvent): readonly OpenSpan[] {
    const { at, region } = event;
    const network = networkOf(event);
    const spans = [this.#regions.note(region, at), this.#userAgents.note(clientOf(event), at)];
    if (network !== null) spans.push(this.#networks.note(network, at));
    return spans;
  }

  toProfile(): Profile {
    const minutes = [...this.#minutes].map(([minute, { count }]) =>
      [String(minute), count] as const);
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

function areOfOnePlace(a: TrailEvent, b: TrailEvent): boolean {
  return a.region === b.region && a.principal.invokedBy === b.principal.invokedBy &&
    a.network.name === b.network.name && a.network.kind === b.network.kind &&
    a.userAgent.family === b.userAgent.family && a.userAgent.os === b.userAgent.os;
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
