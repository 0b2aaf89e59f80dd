import { AwsFault } from "../aws/fault.ts";
import type { Observation } from "../response/observe.ts";
import type { ReconciledAs } from "../response/reconcile.ts";
import type { Left } from "../response/respond.ts";
import type { Granted } from "../response/wishes.ts";
import {
  appliedAtOf, revocationStates, stateOf, type RevocationState,
} from "../revocations/life-cycle.ts";
import type { Revocation } from "../revocations/revocation.ts";
import { targetText } from "../revocations/target.ts";
import { printable } from "../text/printable.ts";
import type { Logger } from "./logger.ts";
import type { Metrics } from "./metrics.ts";

/** What becomes of a wish. A closed set: it is a metric label. */
export const wishOutcomes = ["asked", "planned", "refused", "fault"] as const;

/** What is told of revocations. */
export class ResponseTelemetry {
  readonly #logger: Logger;
  readonly #metrics: Metrics;
  /** By place or revocation: what stood in its way last. */
  readonly #hindered = new Map<string, string>();
  #states: ReadonlyMap<string, RevocationState> = new Map();
  #hasLooked = false;

  constructor(logger: Logger, metrics: Metrics) {
    this.#logger = logger;
    this.#metrics = metrics;
    this.#metrics.responsePaused.set(0);
  }

  /** What stands in the way is told once; that it goes on, to those who look closely. */
  left({ key, as }: Left): void {
    const what = as instanceof AwsFault ? as.code : as;
    if (as instanceof AwsFault) this.#metrics.revocationFailures.inc({ code: as.code });
    else this.#metrics.revocationRounds.inc({ outcome: as });
    const fields = { place: printable(key), outcome: what };
    if (fine.has(what)) {
      this.#hindered.delete(key);
      const level = what === "written" ? "info" : "debug";
      this.#logger[level](fields, "A round left a place.");
      return;
    }
    const level = this.#hindered.get(key) === what ? "debug" : "warn";
    this.#hindered.set(key, what);
    const detail = as instanceof AwsFault ? printable(as.message) : null;
    this.#logger[level]({ ...fields, detail }, "A revocation cannot be carried out.");
  }

  observed({ revocationId, what, eventId }: Observation): void {
    this.#metrics.revocationCalls.inc({ outcome: what });
    const fields = { revocation: revocationId, event: printable(eventId) };
    if (what === "denied") this.#logger.debug(fields, "A revoked session was denied a call.");
    else this.#logger.error(fields, "A call of a revoked session went through.");
  }

  /** What rules and ended tasks asked for; a fault is told by the code that it has. */
  granted({ request, as, refusals }: Granted): void {
    const { id, trigger, target } = request;
    const what = as instanceof AwsFault ? "fault" : as;
    this.#metrics.revocationWishes.inc({ by: trigger.by, outcome: what });
    if (as instanceof AwsFault) this.#metrics.revocationFailures.inc({ code: as.code });
    const fields = {
      revocation: id, by: trigger.by, rule: trigger.rule, subject: trigger.subject, outcome: what,
      target: printable(targetText(target)),
      ...(as === "refused" ? { refusals: [...new Set(refusals)] } : {}),
      ...(as instanceof AwsFault ? { code: as.code, detail: printable(as.message) } : {}),
    };
    const level = as === "asked" || as === "planned" ? "info" : "warn";
    this.#logger[level](fields, "A revocation was wished for.");
  }

  /** Where open revocations stand at this moment. */
  stand(
    revocations: readonly Revocation[],
    { isPaused, asOf }: { readonly isPaused: boolean; readonly asOf: number },
  ): void {
    this.#metrics.responsePaused.set(isPaused ? 1 : 0);
    const states = new Map(revocations.map((one) => [one.id, stateOf(one, asOf)] as const));
    const all = [...states.values()];
    for (const state of revocationStates) {
      this.#metrics.revocations.set({ state }, all.filter((one) => one === state).length);
    }
    for (const one of revocations) {
      const state = stateOf(one, asOf);
      const before = this.#states.get(one.id);
      if (before === state) continue;
      this.#countApplied(one, before);
      const level = state === "violated" ? "error" : "info";
      this.#logger[level]({ revocation: one.id, state }, "A revocation stands otherwise.");
    }
    this.#states = states;
    this.#hasLooked = true;
  }

  /** What was in force before we looked for the first time was counted by who looked then. */
  #countApplied(one: Revocation, before: RevocationState | undefined): void {
    const appliedAt = appliedAtOf(one);
    if (appliedAt === null) return;
    const isNews = before === undefined
      ? this.#hasLooked
      : before === "requested" || before === "approved";
    if (isNews) this.#metrics.revocationSeconds.observe((appliedAt - one.requestedAt) / 1000);
  }
}

const fine: ReadonlySet<string> = new Set<ReconciledAs>(["kept", "written", "busy", "paused"]);
