import console from "node:console";
import process from "node:process";

/** Bounds, each met or missed; one missed makes the exit code 1. */
export class Verdicts {
  #missed = 0;

  get areMet() {
    return this.#missed === 0;
  }

  met(text, isMet) {
    if (!isMet) this.#missed += 1;
    const line = `  ${text}: ${isMet ? "met" : "MISSED"}`;
    console.log(process.stdout.isTTY ? `\u001b[1m${line}\u001b[22m` : line);
  }

  equal(what, seen, expected) {
    const isEqual = seen === expected;
    this.met(isEqual ? what : `${what}: ${seen}, not ${expected}`, isEqual);
  }

  conclude() {
    const text = this.areMet ? "Every bound is met." : `${this.#missed} bounds are missed.`;
    console.log(`\n${text}`);
    process.exitCode = this.areMet ? 0 : 1;
  }
}
