import type { Backlog } from "./backlog.ts";
import type { TaskCall } from "./call.ts";
import { TaskFault } from "./fault.ts";
import { tellService, type ServiceAddress } from "./service.ts";

export interface Reporting {
  /** Null when nobody says where the service is. */
  readonly address: ServiceAddress | null;
  readonly backlog: Backlog;
  /** Tells people; a sentence. */
  readonly onTrouble: (sentence: string) => void;
}

/**
 * Tells the service what happens to one task, in order: what cannot be told now is kept, and then
 * everything after it too, until all of it is sent.
 */
export class Reporter {
  readonly #reporting: Reporting;
  #last: Promise<unknown> = Promise.resolve();
  #isDown = false;

  constructor(reporting: Reporting) {
    this.#reporting = reporting;
  }

  /** Told or kept. Never throws for the service's sake: the task is under way. */
  async tell(call: TaskCall): Promise<void> {
    await this.#inOrder(async () => {
      if (!(await this.#isCaughtUp()) || (await this.#told(call)) === "unreachable") {
        await this.#keep(call);
      }
    });
  }

  /** A sign of life: not kept, since it means nothing later. Says whether the task has ended. */
  async beat(call: TaskCall): Promise<"alive" | "ended" | "unreachable"> {
    return await this.#inOrder(async () =>
      await this.#isCaughtUp() ? await this.#told(call) : "unreachable");
  }

  /** Sends what earlier runs have left, beside what this one tells. */
  async catchUp(): Promise<void> {
    if (!this.#reporting.backlog.isUsed) await this.#sent();
  }

  /** When all that was told until now is told or kept. */
  async settled(): Promise<void> {
    await this.#last;
  }

  async #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return await turn;
  }

  async #isCaughtUp(): Promise<boolean> {
    return !this.#reporting.backlog.isUsed || await this.#sent();
  }

  async #sent(): Promise<boolean> {
    const { address, backlog, onTrouble } = this.#reporting;
    if (address === null) return false;
    try {
      const { refused } = await backlog.send(address);
      for (const { message } of refused) onTrouble(message);
      this.#isDown = false;
      return true;
    } catch (error) {
      this.#down(error);
      return false;
    }
  }

  async #told(call: TaskCall): Promise<"alive" | "ended" | "unreachable"> {
    const { address, onTrouble } = this.#reporting;
    if (address === null) return "unreachable";
    try {
      await tellService(address, call);
      this.#isDown = false;
      return "alive";
    } catch (error) {
      if (error instanceof TaskFault && error.code === "task-ended") return "ended";
      if (error instanceof TaskFault && error.code === "service-refused") {
        onTrouble(error.message);
        return "alive";
      }
      this.#down(error);
      return "unreachable";
    }
  }

  /** The task is under way: a full disk must not end it. */
  async #keep(call: TaskCall): Promise<void> {
    try {
      await this.#reporting.backlog.keep(call);
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      this.#reporting.onTrouble(`Cannot keep what the service is yet to be told: ${said}.`);
    }
  }

  /** Said once, until it is back. */
  #down(error: unknown): void {
    if (!(error instanceof TaskFault)) throw error;
    if (!this.#isDown) {
      this.#reporting.onTrouble(`${error.message} What happens is kept, and told later.`);
    }
    this.#isDown = true;
  }
}
