import { AwsFault } from "../aws/fault.ts";
import type { Observation } from "../response/observe.ts";
import type { ReconciledAs } from "../response/reconcile.ts";
import type { Left } from "../response/respond.ts";
import { revocationStates, type RevocationState } from "../revocations/life-cycle.ts";
import { printable } from "../text/printable.ts";
import type { Logger } from "./logger.ts";
import type { Metrics } from "./metrics.ts";

/** What is told of revocations. */
export class ResponseTelemetry {
  readonly #logger: Logger;
  readonly #metrics: Metrics;
  /** By place or revocation: what stood in its way last. */
  readonly #hindered = new Map<string, string>();
  #states: ReadonlyMap<string, RevocationState> = new Map();

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

  /** Where open revocations stand at this moment. */
  stand(states: ReadonlyMap<string, RevocationState>, isPaused: boolean): void {
    this.#metrics.responsePaused.set(isPaused ? 1 : 0);
    const all = [...states.values()];
    for (const state of revocationStates) {
      this.#metrics.revocations.set({ state }, all.filter((one) => one === state).length);
    }
    for (const [revocation, state] of states) {
      if (this.#states.get(revocation) === state) continue;
      const level = state === "violated" ? "error" : "info";
      this.#logger[level]({ revocation, state }, "A revocation stands otherwise.");
    }
    this.#states = states;
  }
}

const fine: ReadonlySet<string> = new Set<ReconciledAs>(["kept", "written", "busy", "paused"]);
