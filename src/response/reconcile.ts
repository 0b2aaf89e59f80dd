import { aimAt, type Aim } from "../revocations/aim.ts";
import type { RoleGate } from "../revocations/role-gate.ts";
import { isTampered, stepsTo, type Standing } from "../revocations/steps.ts";
import type { RevocationStore } from "../revocations/store.ts";
import { insist, pauseMs, type Patience } from "./insist.ts";
import { readPlace, type Before } from "./read-place.ts";
import { tellGone, tellSettled, tellTampered, inForceAt } from "./tell.ts";
import { writeStep } from "./write-step.ts";

/** What reconciling works with. */
export interface Desk extends Patience {
  readonly store: RevocationStore;
  /** The IAM of an account. */
  readonly gateOf: (account: string) => RoleGate;
  /** This process's own name, new at every start. */
  readonly holder: string;
  /** ms UTC. */
  readonly now: () => number;
}

/** How a place was left. A closed set: it is a metric label. */
export const reconciledAs = [
  "kept", // it was as it should be
  "written",
  "missing", // there is no such role, policy, user or key any more
  "busy", // somebody else is at it
  "paused",
  "no-room",
  "foreign-policy",
  "unmodifiable",
  "unsettled", // what was written does not show yet, or somebody writes against us
] as const;
export type ReconciledAs = (typeof reconciledAs)[number];

/** Longer than {@link insist} insists; of a process that died it is waited out. */
const leaseMs = 60_000;
/** Reads, of which each second one may be followed by a write: AWS shows writes late. */
const roundsMax = 8;

/**
 * Brings one place to what the ledger wants of it: read, compare, write, read back, and only then
 * tell. Nothing is remembered between two calls: what a crash leaves half done is done by the next
 * one. Throws the last fault of AWS.
 */
export async function reconcile(key: string, desk: Desk): Promise<ReconciledAs> {
  if (!(await lease(key, desk))) return "busy";
  try {
    return await new Settling(key, desk).run();
  } finally {
    await desk.store.endLease({ key, holder: desk.holder });
  }
}

async function lease(key: string, { store, holder, now }: Desk): Promise<boolean> {
  const at = now();
  return await store.takeLease({ key, holder, now: at, until: at + leaseMs });
}

/** One place on its way: what this writer has done to it so far. */
class Settling {
  readonly #key: string;
  readonly #desk: Desk;
  #before: Before | null = null;
  /** Whether the next difference is one that our own write may not have reached yet. */
  #isFresh = false;
  #isSuspected = false;
  #noRoomCount = 0;

  constructor(key: string, desk: Desk) {
    this.#key = key;
    this.#desk = desk;
  }

  async run(): Promise<ReconciledAs> {
    for (let nth = 1; nth <= roundsMax; nth += 1) {
      const left = await this.#round();
      if (left !== null) return left;
      await this.#desk.wait(pauseMs(nth, this.#desk));
    }
    return "unsettled";
  }

  /** Null: go on. */
  async #round(): Promise<ReconciledAs | null> {
    const { store, now, gateOf } = this.#desk;
    if ((await store.responsePause()) !== null) return "paused";
    const revocations = await store.revocationsAt(this.#key);
    const at = { key: this.#key, asOf: now(), store };
    const aim = aimAt(this.#key, revocations, at.asOf);
    if (aim === null) return "kept";
    const gate = gateOf(accountOf(aim));
    const standing = await insist(() => readPlace(aim, gate, this.#before), this.#desk);
    const inForce = inForceAt(revocations, at);
    if (standing === null) {
      if (aim.kind === "policy" && aim.place.carrier === "managed") {
        await tellTampered(inForce, at);
      } else await tellGone(revocations, at);
      return "missing";
    }
    if (inForce.length > 0 && this.#isLost(aimAt(this.#key, inForce, at.asOf), standing)) {
      // What is read may be older than what stands: it is read twice before anybody is accused.
      if (!this.#isSuspected) {
        this.#isSuspected = true;
        return null;
      }
      await tellTampered(inForce, at);
    }
    const next = stepsTo(aim, standing);
    if ("blocked" in next) return next.blocked;
    if (next.steps.length > 0) return await this.#write(next.steps, { aim, gate, standing });
    await tellSettled(revocations, at);
    return this.#before === null ? "kept" : "written";
  }

  #isLost(inForce: Aim | null, standing: Standing): boolean {
    return inForce !== null && !this.#isFresh && isTampered(inForce, standing);
  }

  async #write(
    steps: Extract<ReturnType<typeof stepsTo>, { readonly steps: unknown }>["steps"],
    { aim, gate, standing }: {
      readonly aim: Aim; readonly gate: RoleGate; readonly standing: Standing;
    },
  ): Promise<ReconciledAs | null> {
    if (this.#isFresh) {
      this.#isFresh = false;
      return null;
    }
    const document = steps.find((step) => "document" in step)?.document ?? null;
    this.#before = { standing, document };
    this.#isFresh = true;
    for (const step of steps) {
      // A process that slept may have lost its lease meanwhile.
      if (!(await lease(this.#key, this.#desk))) return "busy";
      const wrote = await insist(() => writeStep(step, aim, gate), this.#desk);
      if (wrote === "unmodifiable") return wrote;
      // Somebody may have made the last version that there was room for: looked at once more.
      if (wrote === "no-room") return this.#noRoomCount++ === 0 ? null : wrote;
    }
    return null;
  }
}

function accountOf(aim: Aim): string {
  return aim.kind === "key" ? aim.change.account : aim.place.account;
}
