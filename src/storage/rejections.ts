import type { Rejection } from "../records/record.ts";
import type { Connection } from "./connection.ts";
import { addCount } from "./counters.ts";

/** Details kept, about 3 MB: a person reads a few; the counts tell the rest. */
export const rejectionsMax = 10_000;

/** Counts every rejection by its reason, and keeps the details of the latest. */
export function keepRejections(connection: Connection, rejections: readonly Rejection[]): void {
  const counts = new Map<string, number>();
  for (const { reason } of rejections) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  for (const [label, count] of counts) addCount(connection, { name: "rejected", label }, count);
  for (const rejection of rejections.slice(-rejectionsMax)) {
    connection.run("INSERT INTO rejections (data) VALUES (?)", [JSON.stringify(rejection)]);
  }
  if (rejections.length > 0) {
    connection.run(
      "DELETE FROM rejections WHERE id <= (SELECT max(id) FROM rejections) - ?", [rejectionsMax],
    );
  }
}
