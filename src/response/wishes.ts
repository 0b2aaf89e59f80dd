import { AwsFault } from "../aws/fault.ts";
import { versionOf } from "../revocations/approve.ts";
import { userLifeMs } from "../revocations/lifetime.ts";
import type { Plan } from "../revocations/plan.ts";
import type { RefusalName } from "../revocations/refusal.ts";
import { requested, type Revocation, type RevocationRequest } from "../revocations/revocation.ts";
import { wishesOf, wishOfTask, type Wishing } from "../revocations/triggers.ts";
import type { Task } from "../sessions/task.ts";
import { lookOrBlind, type Asking } from "./ask-or-show.ts";
import { ask } from "./respond.ts";

/** What became of a wish. */
export interface Granted {
  readonly request: RevocationRequest;
  readonly as: "asked" | "planned" | "refused" | AwsFault;
  /** Where it is refused. */
  readonly refusals: readonly RefusalName[];
}

/** What could not be asked for yet is tried again so long after. */
const againMs = 60_000;
/** Of one task; a refreshed credential of 15 minutes makes a hundred in a day. */
const credentialsMax = 1000;

/**
 * Asks for what nobody asks for by hand: what the config's triggers make of findings, and what is
 * still valid of tasks that ended so. Each once; where the config does not enable responses, it is
 * put into the ledger as a plan that nothing comes of.
 */
export class Wishes {
  readonly #asking: Asking & { readonly now: () => number };
  /** By id: what is not to be tried before, ms UTC. */
  readonly #again = new Map<string, number>();

  constructor(asking: Asking & { readonly now: () => number }) {
    this.#asking = asking;
  }

  async grant(): Promise<readonly Granted[]> {
    const { store, config, now } = this.#asking;
    const wishing = { config, asOf: now() };
    await store.takeWishes((finding) => wishesOf(finding, wishing));
    for (const [id, at] of this.#again) if (at <= wishing.asOf) this.#again.delete(id);
    const granted: Granted[] = [];
    for (const wish of [...await this.#ofRules(wishing), ...await this.#ofTasks(wishing)]) {
      if (!this.#again.has(wish.id)) granted.push(await this.#grant(wish));
    }
    return granted;
  }

  /** Without those that could not be asked for until nothing of it can be valid any longer. */
  async #ofRules({ asOf }: Wishing): Promise<readonly RevocationRequest[]> {
    const { store } = this.#asking;
    const wishes = await store.wishes();
    const isLate = ({ requestedAt }: RevocationRequest) => requestedAt < asOf - userLifeMs;
    for (const { id } of wishes.filter(isLate)) await store.endWish(id);
    return wishes.filter((wish) => !isLate(wish));
  }

  /** For each credential that was seen and is not needed: a session is known by its calls alone. */
  async #ofTasks(wishing: Wishing): Promise<readonly RevocationRequest[]> {
    const { store } = this.#asking;
    const tasks = await store.tasksToRevoke(wishing.asOf - userLifeMs);
    const wishes: RevocationRequest[] = [];
    for (const task of tasks) {
      for (const accessKeyId of await this.#leftOf(task, wishing.asOf)) {
        const wish = wishOfTask(task, accessKeyId, wishing);
        if ((await store.revocation(wish.id)) === null) wishes.push(wish);
      }
    }
    return wishes;
  }

  async #leftOf({ id }: Task, asOf: number): Promise<readonly string[]> {
    const issued = await this.#asking.store.credentialsOfTask(id, credentialsMax);
    return issued
      .filter(({ tasks }) => tasks.some((task) => task.id === id) &&
        tasks.every(({ endedAt }) => endedAt !== null))
      .filter(({ lastAt, expiresAt }) => lastAt !== null && (expiresAt ?? Infinity) > asOf)
      .map(({ accessKeyId }) => accessKeyId);
  }

  async #grant(request: RevocationRequest): Promise<Granted> {
    const { store, now } = this.#asking;
    const { id, trigger } = request;
    try {
      const { plan, revocation } = await this.#asked(request);
      // A task's is wished for as long as something is left; what a finding is about stays so.
      if (trigger.by === "rule") await store.endWish(id);
      if (revocation === null) this.#again.set(id, now() + againMs);
      const as = revocation === null ? "refused" : revocation.isDryRun ? "planned" : "asked";
      return { request, as, refusals: as === "refused" ? plan.refusals.map(nameOf) : [] };
    } catch (error) {
      if (!(error instanceof AwsFault)) throw error;
      this.#again.set(id, now() + againMs);
      return { request, as: error, refusals: [] };
    }
  }

  async #asked(
    request: RevocationRequest,
  ): Promise<{ readonly plan: Plan; readonly revocation: Revocation | null }> {
    const { store, config, responder, now } = this.#asking;
    if (request.isDryRun !== true) return await ask(request, await responder());
    const at = now();
    const { plan } = await lookOrBlind(request.target, at, this.#asking);
    if (plan.changes.length === 0) return { plan, revocation: null };
    const version = versionOf(plan, request.trigger, { at, policies: config.approvals });
    return { plan, revocation: await store.addRevocation(requested(request, version)) };
  }
}

function nameOf({ name }: { readonly name: RefusalName }): RefusalName {
  return name;
}
