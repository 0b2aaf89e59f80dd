import { statSync } from "node:fs";
import { Option, type Command } from "commander";
import { openApp } from "../app.ts";
import type { StoreCounts } from "../sessions/store.ts";
import { exitCodes } from "./exit-codes.ts";
import { configOption, countIn, paragraph } from "./options.ts";
import { instant, plural, table } from "./output/table.ts";
import { requireStore, storeOption } from "./store-option.ts";

interface InfoOptions {
  readonly store: string;
  readonly format: "table" | "json";
}

interface RetainOptions {
  readonly store: string;
  readonly config?: string;
  readonly days?: string;
}

const infoDescription = paragraph(`
Says what a store holds: events, duplicates, what was rejected and why, sessions, deliveries, and
when the first and the last event happened.`);

const retainDescription = paragraph(`
Forgets sessions whose last event is older than so many days before the newest event in the store,
never measured from now. Their events go with them; findings that older events alone led to, too.
Files that were read stay known: scanning them again brings nothing back, unless they were moved or
changed since.`);

const infoExamples = `
Examples:
  trailwarden store info --store trail.db
  trailwarden store info --store trail.db --format json | jq .rejected`;

const retainExamples = `
Example:
  trailwarden store retain --store trail.db --days 30`;

export function addStoreCommand(program: Command): void {
  const store = program.command("store").summary("what a store holds, and forgetting what is old")
    .description("Looks after a store that `scan --store` wrote.");
  store.command("info").description(infoDescription)
    .addOption(storeOption())
    .addOption(new Option("-f, --format <format>", "how to print")
      .choices(["table", "json"]).default("table"))
    .addHelpText("after", infoExamples)
    .action(async (options: InfoOptions) => {
      process.exitCode = await info(options);
    });
  store.command("retain").description(retainDescription)
    .addOption(storeOption())
    .addOption(configOption())
    .option("--days <n>", "how many days to keep (default: the config's retentionDays)")
    .addHelpText("after", retainExamples)
    .action(async (options: RetainOptions) => {
      process.exitCode = await retain(options);
    });
}

async function info({ store, format }: InfoOptions): Promise<number> {
  const app = await openApp({ store: requireStore(store) });
  try {
    const counts = await app.store.counts();
    const bytes = sizeOf(store) + sizeOf(`${store}-wal`);
    process.stdout.write(
      format === "json" ? `${JSON.stringify(infoJson(counts, bytes), null, 2)}\n`
        : infoTable(counts, bytes),
    );
    return exitCodes.ok;
  } finally {
    await app.close();
  }
}

/** SQLite keeps what was written last in a file beside it, which may not be there. */
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function infoJson({ firstAt, lastAt, ...counts }: StoreCounts, fileBytes: number): object {
  const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return { ...counts, firstEventAt: iso(firstAt), lastEventAt: iso(lastAt), fileBytes };
}

function infoTable(counts: StoreCounts, fileBytes: number): string {
  const rows = [
    ["events", counts.eventCount],
    ["duplicates", counts.duplicateCount],
    ["skipped", counts.skippedCount],
    ...labelled("rejected", counts.rejected),
    ...labelled("other objects", counts.others),
    ["groups", counts.groupCount],
    ["sessions", counts.sessionCount],
    ["deliveries", counts.deliveryCount],
    ["first event", instant(counts.firstAt)],
    ["last event", instant(counts.lastAt)],
    ["file size", `${(fileBytes / 1024 ** 2).toFixed(1)} MiB`],
  ];
  return `${table(["WHAT", "COUNT"], rows.map((row) => row.map(String)))}\n`;
}

function labelled(what: string, counts: Readonly<Record<string, number>>): [string, number][] {
  const all = Object.entries(counts).map(([label, count]): [string, number] =>
    [`${what}: ${label}`, count]);
  return all.length === 0 ? [[what, 0]] : all;
}

const dayMs = 86_400_000;

async function retain(options: RetainOptions): Promise<number> {
  const given = options.days === undefined ? null : countIn(options.days, "--days");
  const app = await openApp({ ...options, store: requireStore(options.store) });
  try {
    const days = given ?? app.config.retentionDays;
    const { lastAt } = await app.store.counts();
    const before = (lastAt ?? 0) - days * dayMs;
    const removedCount = await app.store.retain(before);
    process.stdout.write(lastAt === null ? "The store holds no events.\n"
      : `Removed ${plural(removedCount, "event")} of sessions that ended before ` +
        `${instant(before)} UTC, ${plural(days, "day")} before the newest event.\n`);
    return exitCodes.ok;
  } finally {
    await app.close();
  }
}
