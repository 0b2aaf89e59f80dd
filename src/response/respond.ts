import type { Store } from "../storage/store.ts";
import { AwsFault } from "../aws/fault.ts";
import { judgeRelease, spentBy, versionOf, type Release } from "../revocations/approve.ts";
import { endsAtOf, standingVersion, stateOf } from "../revocations/life-cycle.ts";
import { requested, type Revocation, type RevocationRequest } from "../revocations/revocation.ts";
import { wholeList } from "../revocations/store.ts";
import { capture } from "./capture.ts";
import { extend } from "./extend.ts";
import { look, type Looked, type Sight } from "./look.ts";
import { escalate, replanAt } from "./replan.ts";
import { reconcile, type Desk, type ReconciledAs } from "./reconcile.ts";

/** Everything that asking, releasing and carrying out work with. */
export interface Responder extends Sight, Desk {
  readonly store: Store;
  readonly gateOf: Desk["gateOf"];
}

export interface Asked extends Looked {
  /** Null: the plan is refused whole, or was only to be shown. */
  readonly revocation: Revocation | null;
}

const actor = "trailwarden";

/** Plans, and puts the plan into the ledger where there is anything to do: people decide next. */
export async function ask(request: RevocationRequest, responder: Responder): Promise<Asked> {
  const { store, config, now } = responder;
  // What was asked for a while ago is meant as things are by now.
  const at = Math.max(request.requestedAt, now());
  const looked = await look(request.target, at, responder);
  if (looked.plan.changes.length === 0 || !config.enabled) return { ...looked, revocation: null };
  const { trigger } = request;
  const version = versionOf(looked.plan, trigger, { at, policies: config.approvals });
  return { ...looked, revocation: await store.addRevocation(requested(request, version)) };
}

/** What waits for its release: carried out from now on, or why not. */
export async function release(id: string, responder: Responder): Promise<Release | null> {
  const { store, config, now } = responder;
  const asOf = now();
  const revocation = await store.revocation(id);
  if (revocation === null || revocation.releasedAt !== null) return null;
  const recent = await store.listRevocations({ since: asOf - hourMs }, wholeList);
  const paused = await store.responsePause();
  const judged = judgeRelease(revocation, { config, paused, asOf, spent: spentBy(recent, asOf) });
  const version = standingVersion(revocation);
  if (judged.kind !== "now" || version === null) return judged;
  const { known } = await look(revocation.target, asOf, responder);
  const before = await capture({ plan: version.plan, known }, store);
  await store.releaseRevocation(id, JSON.stringify(before), { actor, at: asOf });
  return judged;
}
const hourMs = 3_600_000;

/** How one place, or one revocation, was left: as it was found, or with what AWS said. */
export interface Left {
  /** A `changeKey`; of a revocation that could not be looked at, its id. */
  readonly key: string;
  readonly as: ReconciledAs | AwsFault;
}

/**
 * One round over the whole ledger: what has its yes is released, what has ended without one lapses,
 * and every place is brought to what is wanted of it. To be made again and again: denials are put
 * back where somebody takes them off, and taken out at their end. Where the config does not enable
 * it, nothing is done, of what was begun neither.
 */
export async function round(responder: Responder): Promise<readonly Left[]> {
  const { store, config } = responder;
  if (!config.enabled) return [];
  const left: Left[] = [];
  for (const one of await store.listRevocations({ isOpen: true }, wholeList)) {
    const fault = await faultOf(() => advance(one, responder));
    if (fault !== null) left.push({ key: one.id, as: fault });
  }
  for (const key of await store.changeKeys()) {
    const fault = await faultOf(async () => {
      const as = await reconcile(key, responder);
      left.push({ key, as });
      await replanAt(key, as, responder);
    });
    if (fault !== null) left.push({ key, as: fault });
  }
  return left;
}

async function advance(one: Revocation, responder: Responder): Promise<void> {
  const { store, now } = responder;
  if (one.releasedAt !== null) {
    await escalate(one, responder);
    await extend(one, responder);
  } else if (now() >= endsAtOf(one)) {
    const by = { actor, at: now() };
    await store.tellRevocation(one.id, { kind: "lapsed", at: now() }, by);
  } else if (stateOf(one, now()) === "approved") await release(one.id, responder);
}

/** A fault in one place keeps nobody from the next. */
async function faultOf(work: () => Promise<void>): Promise<AwsFault | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof AwsFault) return error;
    throw error;
  }
}
