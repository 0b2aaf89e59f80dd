import type { TrailEvent } from "../events/event.ts";
import { memoise } from "../events/memo.ts";
import { fingerprintsOf } from "./fingerprint.ts";
import { formOf } from "./group.ts";
import { signInSessionOf } from "./lane.ts";
import { mergeWindows } from "./merge.ts";
import { secretsRead } from "./secrets.ts";
import { idleGapMs, stateLimits as limits, type Activity, type Lane } from "./state.ts";
import { Tally } from "./tally.ts";

/** A lane while a delivery is read. */
export interface LaneAccumulator {
  kind: Lane["kind"] | null;
  /** By half hours where idle gaps split: two calls in one are nearer than the gap. Else one. */
  readonly slots: Map<number, Slot>;
  readonly networks: Tally;
  readonly userAgents: Tally;
  readonly credentialSources: Tally;
  readonly hostIds: Tally;
  readonly signInSessions: Tally;
}

interface Slot {
  firstAt: number;
  lastAt: number;
  eventCount: number;
  readonly access: Tally;
  readonly outcomes: Tally;
  readonly secrets: Tally;
  readonly families: Tally;
  readonly fingerprints: Tally;
  readonly userAgents: Tally;
}

export function newLane(): LaneAccumulator {
  return {
    kind: null,
    slots: new Map(),
    networks: new Tally(limits.networks),
    userAgents: new Tally(limits.userAgents),
    credentialSources: new Tally(limits.credentialSources),
    hostIds: new Tally(limits.hostIds),
    signInSessions: new Tally(limits.signInSessions),
  };
}

export function addToLane(lane: LaneAccumulator, event: TrailEvent): void {
  const { at, network, principal, userAgent } = event;
  const kind = principal.credentialKind;
  lane.kind = lane.kind === null || kind < lane.kind ? kind : lane.kind;
  const isForwarded = principal.invokedBy !== null;
  lane.networks.note(`${isForwarded ? "service" : network.kind} ${network.name}`, at);
  lane.userAgents.note(`${isForwarded ? "service " : " "}${tripleOf(userAgent)}`, at);
  if (userAgent.credentialSource !== null) {
    lane.credentialSources.note(userAgent.credentialSource, at);
  }
  if (userAgent.sid !== null) lane.hostIds.note(userAgent.sid, at);
  const signIn = signInSessionOf(event);
  if (signIn !== null) lane.signInSessions.note(signIn, at);
  addToSlot(slotFor(lane, event), event);
}

/** `aws-cli/linux/python`; parts that are not told stay empty. */
function tripleOf({ family, os, language }: TrailEvent["userAgent"]): string {
  return `${family}/${os ?? ""}/${language ?? ""}`;
}

function slotFor({ slots }: LaneAccumulator, { at, principal }: TrailEvent): Slot {
  const half = formOf(principal) === "long-term" ? Math.floor(at / idleGapMs) : 0;
  const known = slots.get(half);
  if (known !== undefined) return known;
  const slot: Slot = {
    firstAt: at,
    lastAt: at,
    eventCount: 0,
    access: new Tally(limits.closed),
    outcomes: new Tally(limits.closed),
    secrets: new Tally(limits.secrets),
    families: new Tally(limits.families),
    fingerprints: new Tally(limits.fingerprints),
    userAgents: new Tally(limits.userAgents),
  };
  slots.set(half, slot);
  return slot;
}

function addToSlot(slot: Slot, event: TrailEvent): void {
  const { at, userAgent } = event;
  slot.eventCount++;
  if (at < slot.firstAt) slot.firstAt = at;
  if (at > slot.lastAt) slot.lastAt = at;
  slot.access.note(event.access, at);
  slot.outcomes.note(event.result.outcome, at);
  slot.families.note(userAgent.family, at);
  for (const secret of secretsRead(event)) slot.secrets.note(secret, at);
  for (const fingerprint of fingerprintsOf(event)) slot.fingerprints.note(fingerprint, at);
  if (userAgent.text !== null && event.principal.invokedBy === null) {
    slot.userAgents.note(lastingUserAgent(userAgent.text), at);
  }
}

/** A user agent without what changes from call to call: command, prompt, feature codes, host id. */
export const lastingUserAgent: (text: string) => string = memoise(4096, (text) =>
  text
    .split(" ")
    .filter((token) => !passing.test(token))
    .join(" ")
    .slice(0, 256),
);
const passing = /^(?:m\/|sid\/|md\/command#|md\/prompt#|command\/|prompt\/)/;

export function laneFrom(lane: LaneAccumulator, isWindowed: boolean): Lane {
  const slots = [...lane.slots.values()].map(activityFrom);
  return {
    kind: lane.kind ?? "none",
    windows: mergeWindows(slots, isWindowed),
    networks: lane.networks.toSpans(),
    userAgents: lane.userAgents.toSpans(),
    credentialSources: lane.credentialSources.toSpans(),
    hostIds: lane.hostIds.toSpans(),
    signInSessions: lane.signInSessions.toSpans(),
  };
}

function activityFrom(slot: Slot): Activity {
  return {
    firstAt: slot.firstAt,
    lastAt: slot.lastAt,
    eventCount: slot.eventCount,
    access: slot.access.toSpans(),
    outcomes: slot.outcomes.toSpans(),
    secrets: slot.secrets.toSpans(),
    families: slot.families.toSpans(),
    fingerprints: slot.fingerprints.toSpans(),
    userAgents: slot.userAgents.toSpans(),
  };
}
