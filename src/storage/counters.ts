import type { Connection } from "./connection.ts";
import { integerIn } from "./connection.ts";
import type { CounterName } from "./schema.ts";

/** Adds to a counter, within the transaction that counts. */
export function addCount(
  connection: Connection,
  of: { name: CounterName; label: string },
  count: number,
): void {
  if (count !== 0) connection.run(ADD, [of.name, of.label, count]);
}

/** The next number of a series, from 1; never given twice, unless the transaction is undone. */
export function takeNumber(connection: Connection, name: CounterName): number {
  const [row] = connection.all(`${ADD} RETURNING value`, [name, "", 1]);
  if (row === undefined) throw new Error("A counter was raised, and no value came back.");
  return integerIn(row, "value");
}

const ADD = `INSERT INTO counters (name, label, value) VALUES (?, ?, ?)
  ON CONFLICT (name, label) DO UPDATE SET value = counters.value + excluded.value`;
