import type { RuleProblem } from "./detection.ts";
import type { Position } from "./rule-node.ts";

/** Gathers what is wrong with one document; a document with an error is not loaded. */
export class Problems {
  readonly #file: string;
  readonly #found: RuleProblem[] = [];
  #failed = false;

  constructor(file: string) {
    this.#file = file;
  }

  error(at: Position, message: string): void {
    this.#failed = true;
    this.#add("error", at, message);
  }

  warning(at: Position, message: string): void {
    this.#add("warning", at, message);
  }

  get failed(): boolean {
    return this.#failed;
  }

  get found(): readonly RuleProblem[] {
    return this.#found;
  }

  #add(severity: RuleProblem["severity"], at: Position, message: string): void {
    this.#found.push({ severity, file: this.#file, line: at.line, column: at.column, message });
  }
}
