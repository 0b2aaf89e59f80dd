import type { Kysely } from "kysely";
import type { StoreCounts } from "../sessions/store.ts";
import { textOfColumn } from "./column-text.ts";
import type { CounterName, Tables } from "./schema.ts";

/** What the store holds, in numbers. */
export async function readCounts(queries: Kysely<Tables>): Promise<StoreCounts> {
  const counters = await queries.selectFrom("counters").selectAll().orderBy("label").execute();
  const labelled = (name: CounterName) => Object.fromEntries(
    counters.filter((row) => row.name === name).map((row) => [textOfColumn(row.label), row.value]),
  );
  const deliveries = await queries.selectFrom("deliveries").select(({ fn }) => [
    fn.countAll<number>().as("count"),
    fn.sum<number | null>("duplicate_count").as("duplicates"),
    fn.sum<number | null>("skipped_count").as("skipped"),
  ]).executeTakeFirstOrThrow();
  const stated = queries.selectFrom("groups").where("state", "is not", null);
  const groups = await stated.select(({ fn }) => [
    fn.countAll<number>().as("count"),
    fn.min<number | null>("first_at").as("first"),
    fn.max<number | null>("last_at").as("last"),
  ]).executeTakeFirstOrThrow();
  const sessions = await queries.selectFrom("sessions")
    .select(({ fn }) => fn.countAll<number>().as("count")).executeTakeFirstOrThrow();
  const passing = labelled("passing");
  return {
    eventCount: counters.find((row) => row.name === "events")?.value ?? 0,
    duplicateCount: (deliveries.duplicates ?? 0) + (passing["duplicates"] ?? 0),
    skippedCount: (deliveries.skipped ?? 0) + (passing["skipped"] ?? 0),
    rejected: labelled("rejected"),
    others: labelled("others"),
    groupCount: groups.count,
    sessionCount: sessions.count,
    deliveryCount: deliveries.count + (passing["deliveries"] ?? 0),
    firstAt: groups.first,
    lastAt: groups.last,
  };
}
