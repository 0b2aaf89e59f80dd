import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import type { RunOptions, Workplace } from "../program.ts";

/** A running `trailwarden watch`, and what it logs. */
export class WatchProcess {
  readonly child: ChildProcess;
  readonly log: string[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(place: Workplace, args: readonly string[], options: RunOptions) {
    this.child = place.start(["watch", ...args], options);
    if (this.child.stderr === null) throw new Error("Its log is no pipe.");
    createInterface(this.child.stderr).on("line", (line) => {
      this.log.push(line);
      for (const look of this.#waiting) look();
    });
  }

  /** When it has said something that fits; throws when it ends before. */
  async says(pattern: RegExp): Promise<string> {
    return await new Promise((resolve, reject) => {
      const look = () => {
        const line = this.log.find((text) => pattern.test(text));
        if (line === undefined) return;
        this.#waiting.delete(look);
        resolve(line);
      };
      this.#waiting.add(look);
      this.child.once("close", () => {
        look();
        reject(new Error(`It ended without a word of ${pattern}:\n${this.log.join("\n")}`));
      });
      look();
    });
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    const ended = this.ended();
    this.child.kill(signal);
    return await ended;
  }

  /** The exit code; null after a signal. */
  ended(): Promise<number | null> {
    if (this.child.exitCode !== null) return Promise.resolve(this.child.exitCode);
    return new Promise((resolve) => this.child.once("close", resolve));
  }
}

/** Looks again and again, for as long as the test may take. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await delay(20);
}
