import type { IssuedCredentials } from "../aws/session-wanted.ts";

/**
 * Before its end so much of a credential's life is left when it is replaced: the SDKs' own margin,
 * a third of the shortest that STS issues.
 */
const renewBeforeMs = 300_000;

export interface Keeping {
  /** Opens a session; called once at a time. */
  readonly issue: () => Promise<IssuedCredentials>;
  readonly onFault: (error: Error) => void;
}

/**
 * The credential of one task: replaced when somebody asks for it near its end, and never after the
 * task's. Nothing is issued that nobody asks for.
 */
export class Keeper {
  readonly #keeping: Keeping;
  #current: IssuedCredentials;
  #renewal: Promise<IssuedCredentials> | null = null;
  #isOver = false;

  constructor(first: IssuedCredentials, keeping: Keeping) {
    this.#current = first;
    this.#keeping = keeping;
  }

  /** Null when there is none to give: the task is over, or the last one ran out. */
  async current(now: number): Promise<IssuedCredentials | null> {
    if (this.#isOver) return null;
    if (now < this.#current.expiresAt - renewBeforeMs) return this.#current;
    this.#renewal ??= this.#renewed().finally(() => {
      this.#renewal = null;
    });
    const given = await this.#renewal;
    return this.#isOverNow() || given.expiresAt <= now ? null : given;
  }

  /** From now on nothing is given, and nothing issued. */
  end(): void {
    this.#isOver = true;
  }

  /** It may have ended while STS was asked. */
  #isOverNow(): boolean {
    return this.#isOver;
  }

  /** The one at hand while STS fails: it may be good for some minutes. */
  async #renewed(): Promise<IssuedCredentials> {
    try {
      this.#current = await this.#keeping.issue();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#keeping.onFault(error);
    }
    return this.#current;
  }
}
