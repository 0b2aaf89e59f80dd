import { columnText } from "./column-text.ts";
import type { Connection } from "./connection.ts";
import { integerIn } from "./connection.ts";

/**
 * Row ids of groups, looked up once per transaction: a rollback takes new ids back, so that none
 * outlives it.
 */
export class GroupIds {
  readonly #connection: Connection;
  readonly #ids = new Map<string, number>();
  readonly #absent = new Set<string>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The group's id; a group not seen before gets a row without state. */
  of(key: string): number {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    if (this.#absent.has(key)) return this.#add(key);
    const [found] = this.#connection.all(FIND, [columnText(key)]);
    if (found === undefined) return this.#add(key);
    const id = integerIn(found, "id");
    this.learn(key, id);
    return id;
  }

  /** What else was asked of a group told its id. */
  learn(key: string, id: number): void {
    this.#ids.set(key, id);
  }

  /** Of these, what was not learnt is not there. */
  learnAbsence(keys: readonly string[]): void {
    for (const key of keys) if (!this.#ids.has(key)) this.#absent.add(key);
  }

  #add(key: string): number {
    const id = this.#connection.insert("INSERT INTO groups (key) VALUES (?)", [columnText(key)]);
    this.learn(key, id);
    return id;
  }
}

const FIND = "SELECT id FROM groups WHERE key = ?";
