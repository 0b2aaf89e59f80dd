import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import pc from "picocolors";
import { openApp, type App } from "../app.ts";
import { explainEvent } from "../explaining.ts";
import type { Finding } from "../findings/finding.ts";
import { ingestFiles } from "../ingest-files.ts";
import { judgeEverything } from "../judging/judge-everything.ts";
import type { Session } from "../sessions/session.ts";
import { findFiles } from "../sources/files.ts";
import { countIn, paragraph } from "./options.ts";
import { explanationText } from "./output/explanation.ts";
import { byLevel, findingsText, findingText } from "./output/print-findings.ts";
import { progressOn } from "./output/progress.ts";
import { cell, plural, table } from "./output/table.ts";
import { endLostTasks, tellTasks } from "./tell-tasks.ts";
import { version } from "../version.ts";

/** A Sunday, so that the first week shows a working week. */
const startAt = Date.UTC(2026, 2, 1);

export function addDemoCommand(program: Command): void {
  program
    .command("demo")
    .summary("a month of simulated agents, scanned, explained, then watched live")
    .description(description)
    .option("--days <n>", "how many days to scan first", "30")
    .option("--dir <folder>", "where data and store go; made anew", "demo-data")
    .option("--once", "watch one day, then end; so too where there is no terminal")
    .action(async ({ days, dir, once }: { days: string; dir: string; once?: true }) => {
      const isOnce = once === true || !process.stdout.isTTY;
      process.exitCode = await demo(countIn(days, "--days"), dir, isOnce);
    });
}

const description = paragraph(`
Simulates a small company with a dozen agents, scans a month of its CloudTrail, explains the worst
of it, then watches the days after as they happen, a minute and a half each. Touches nothing of
yours: no AWS account, nothing outside its folder.`);

async function demo(days: number, dir: string, isOnce: boolean): Promise<number> {
  await rm(dir, { recursive: true, force: true });
  say(
    `${pc.bold("1. Simulating")} ${days} days of a small company: ` +
      "4 accounts, a dozen agents, people, services.",
  );
  const writing = progressOn(process.stderr, "Writing");
  writing.start(days * 86_400_000);
  // The simulator is a world of its own: loaded when it is asked for.
  const { writeSimulation } = await import("./simulate.ts");
  const written = await writeSimulation(
    { out: dir, seed: "demo", startAt, days },
    ({ at, recordCount }) => {
      writing.advance(at - startAt, recordCount);
    },
  );
  writing.stop();
  say(
    `   ${plural(written.recordCount, "record")} in ${plural(written.fileCount, "gzip file")} ` +
      `under ${dir}/AWSLogs, ` +
      `${plural(written.incidentCount, "incident")} planted (${dir}/ground-truth.json).`,
  );
  const store = join(dir, "trailwarden.db");
  const app = await openApp({ store, config: join(dir, "trailwarden.yaml") });
  try {
    await scanAll(app, dir, written.tasksPath);
    await summary(app, store);
  } finally {
    await app.close();
  }
  const { watchLive } = await import("./demo-live.ts");
  return await watchLive({ dir, store, startAt: startAt + days * 86_400_000, isOnce });
}

async function scanAll(app: App, dir: string, tasks: string): Promise<void> {
  say(
    `${pc.bold("2. Scanning")} them into ${dir}/trailwarden.db, ` +
      `with the agents declared in ${dir}/trailwarden.yaml, and what they told of their tasks ` +
      `in ${dir}/tasks.ndjson.`,
  );
  const read = await ingestFiles(app, await findFiles([join(dir, "AWSLogs")]), {
    agentsOnly: false,
    progress: progressOn(process.stderr, "Reading"),
    onRejection: ({ file, detail }) => {
      say(`   ${file}: ${detail}`);
    },
  });
  const told = await tellTasks(app.store, [tasks]);
  const asOf = await endLostTasks(app.store, told);
  await judgeEverything(app, progressOn(process.stderr, "Judging"), { asOf });
  say(
    `   ${plural(read.eventCount, "event")} read once each, ` +
      `${plural(read.duplicateCount, "duplicate")} recognised.`,
  );
}

async function summary(app: App, store: string): Promise<void> {
  const findings: Finding[] = [];
  for await (const page of app.store.findings()) findings.push(...page);
  say(`${pc.bold("3. Agents")} seen:\n`);
  say(await agentTable(app));
  const open = findings.filter(({ status }) => status === "open");
  const overCount = findings.length - open.length;
  say(
    `${pc.bold("4. Findings")}: ${byLevel(open)}; ${overCount} that were over by themselves. ` +
      "The worst of each rule:\n",
  );
  say(
    findingsText(worstOfEachRule(findings), {
      format: "table",
      rules: app.rules.detections,
      version,
    }),
  );
  const worst = findings.find(({ rule }) => rule === "kill-chain") ?? findings[0];
  if (worst === undefined) return;
  say(`${pc.bold("5. The worst one")}, explained:\n\n${findingText(worst)}`);
  const story = findings.filter(
    ({ session }) => session !== null && session.id === worst.session?.id,
  );
  say(`   The session's findings in the order they began:`);
  for (const { firstEventAt, level, because } of [...story].sort(
    (a, b) => a.firstEventAt - b.firstEventAt,
  )) {
    say(`   ${new Date(firstEventAt).toISOString().slice(11, 19)}  ${level.padEnd(8)}  ${because}`);
  }
  const event = worst.evidence[0]?.eventId ?? "";
  const [explanation] = await explainEvent(app, event, []);
  if (explanation !== undefined) {
    say(
      `\n${pc.bold("6. One event")}, step by step ` +
        `(trailwarden explain ${event} --store ${store}):\n`,
    );
    say(explanationText(explanation));
  }
  say(
    `Look further:\n  npx trailwarden findings --store ${store}\n` +
      `  npx trailwarden sessions --store ${store}\n` +
      `  npx trailwarden scan <your CloudTrail files>\n`,
  );
}

interface AgentRow {
  sessions: number;
  events: number;
  writes: number;
  denied: number;
  readonly roles: Set<string>;
}

async function agentTable(app: App): Promise<string> {
  const agents = new Map<string, AgentRow>();
  for await (const page of app.store.sessions()) for (const session of page) count(agents, session);
  const rows = [...agents]
    .sort((a, b) => b[1].events - a[1].events)
    .map(([name, row]) => [
      cell(name, 24),
      String(row.sessions),
      String(row.events),
      String(row.writes),
      String(row.denied),
      cell([...row.roles].sort().join(", "), 60),
    ]);
  return `${table(["AGENT", "SESSIONS", "EVENTS", "WRITES", "DENIED", "ROLES"], rows)}\n`;
}

function count(
  agents: Map<string, AgentRow>,
  { attribution, counts, eventCount, deniedCount, role }: Session,
): void {
  if (attribution.agent === null) return;
  const name =
    attribution.status === "declared" ? attribution.agent : `${attribution.agent} (undeclared)`;
  const row = agents.get(name) ?? {
    sessions: 0,
    events: 0,
    writes: 0,
    denied: 0,
    roles: new Set(),
  };
  row.sessions += 1;
  row.events += eventCount;
  row.writes += (counts.write ?? 0) + (counts.permissions ?? 0) + (counts.tagging ?? 0);
  row.denied += deniedCount;
  if (role !== null) row.roles.add(role.name);
  agents.set(name, row);
}

function worstOfEachRule(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ rule }) => !seen.has(rule) && seen.add(rule).has(rule));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
