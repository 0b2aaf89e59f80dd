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

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The group's id; a group not seen before gets a row without state. */
  of(key: string): number {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const column = columnText(key);
    const [found] = this.#connection.all("SELECT id FROM groups WHERE key = ?", [column]);
    const id = found === undefined
      ? this.#connection.insert("INSERT INTO groups (key) VALUES (?)", [column])
      : integerIn(found, "id");
    this.#ids.set(key, id);
    return id;
  }

  /** What else was asked of a group told its id. */
  learn(key: string, id: number): void {
    this.#ids.set(key, id);
  }
}
