import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { AwsFault } from "../aws/fault.ts";
import type { ResponseConfig } from "../config/schema.ts";
import type { Plan } from "../revocations/plan.ts";
import type { Trigger } from "../revocations/revocation.ts";
import { targetOf, type Target } from "../revocations/target.ts";
import type { Teller } from "../sessions/task-store.ts";
import type { Store } from "../storage/store.ts";
import type { AskedView, AskRevocation } from "./contract.ts";
import { look } from "./look.ts";
import { ask, type Responder } from "./respond.ts";
import { planView, revocationView } from "./view.ts";

export interface Asking {
  readonly store: Store;
  readonly config: ResponseConfig;
  /** Throws an AwsFault where AWS cannot be asked. */
  readonly responder: () => Promise<Responder>;
}

const byPerson: Trigger = { by: "person", rule: null, level: null, subject: null };

/**
 * The plan; and, unless only that is wanted or the config allows no more, what is put into the
 * ledger for it. To show a plan AWS need not be reached; to ask for one it must.
 */
export async function askOrShow(
  { target: named, reason, dryRun }: AskRevocation,
  asking: Asking,
  { actor: requestedBy, at: requestedAt }: Teller,
): Promise<AskedView> {
  const { config, responder } = asking;
  const target = targetOf(named);
  const notes = dryRun ? ["This is a dry run: nothing is changed."] : [];
  if (dryRun || !config.enabled) {
    const enabled = config.enabled ? [] : [disabled];
    const { plan, blind } = await lookOrBlind(target, requestedAt, asking);
    return { plan: planView(plan), revocation: null, notes: [...notes, ...enabled, ...blind] };
  }
  const id = randomBytes(16).toString("hex");
  const request = { id, target, reason, trigger: byPerson, requestedBy, requestedAt };
  const { plan, revocation } = await ask(request, await responder());
  return {
    plan: planView(plan),
    revocation: revocation && revocationView(revocation, requestedAt),
    notes: revocation === null ? ["Nothing of it can be done: nothing is asked for."] : [],
  };
}

const disabled = "response.enabled is false: nothing is changed in any account.";

/** Where AWS cannot be asked, by what is known without it. */
export async function lookOrBlind(
  target: Target,
  asOf: number,
  { store, config, responder }: Asking,
): Promise<{ readonly plan: Plan; readonly blind: readonly string[] }> {
  try {
    return { plan: (await look(target, asOf, await responder())).plan, blind: [] };
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error;
    const wait = (ms: number) => delay(ms);
    const sight = { store, config, ownRoles: [], gateOf: null, wait, random: () => Math.random() };
    const blind = `AWS was not asked what stands there: ${error.message}`;
    return { plan: (await look(target, asOf, sight)).plan, blind: [blind] };
  }
}
