import { Option, type Command } from "commander";
import { openApp } from "../app.ts";
import { sessionJson } from "../sessions/session-json.ts";
import { sessionTask } from "../sessions/session-task.ts";
import type { Session } from "../sessions/session.ts";
import { exitCodes } from "./exit-codes.ts";
import { csvLine } from "./output/csv.ts";
import { cell, instant, plural, table } from "./output/table.ts";
import { countIn, paragraph } from "./options.ts";
import { addRefreshCommand } from "./refresh.ts";
import { requireStore, storeOption } from "./store-option.ts";

const formats = ["table", "json", "ndjson", "csv"] as const;

interface SessionsOptions {
  readonly format: (typeof formats)[number];
  readonly store: string;
  readonly agent?: string;
  readonly all?: true;
  readonly limit: string;
}

const description = paragraph(`
Lists sessions: who, under which role, behind which agent and why, when, and what they did.`);

const examples = `
Examples:
  trailwarden sessions --store trail.db --agent claude-code
  trailwarden sessions --store trail.db --all --format ndjson | jq .credentials
A mode with a question mark is guessed, from the role's name or policies; a task with one is
inferred, from what the session says: nobody told of it.`;

export function addSessionsCommand(program: Command): void {
  const sessions = program
    .command("sessions")
    .summary("list the sessions in a store, with their agents")
    .description(description)
    .addOption(storeOption())
    .addOption(new Option("-f, --format <format>", "how to print")
      .choices([...formats]).default("table"))
    .option("--agent <name>", "only this agent's")
    .option("--all", "also sessions without an agent: services, people, other accounts")
    .option("--limit <n>", "at most so many, the latest first", "50")
    .addHelpText("after", examples)
    .action(async (options: SessionsOptions) => {
      process.exitCode = await listSessions(options);
    });
  addRefreshCommand(sessions);
}

async function listSessions(options: SessionsOptions): Promise<number> {
  const limit = countIn(options.limit, "--limit");
  const app = await openApp({ store: requireStore(options.store) });
  try {
    const sessions: Session[] = [];
    for await (const page of app.store.sessions()) {
      sessions.push(...page.filter((session) => isWanted(session, options)));
    }
    const latest = sessions.sort((a, b) => b.lastAt - a.lastAt || (a.id < b.id ? -1 : 1));
    const shown = latest.slice(0, limit);
    process.stdout.write(sessionsText(shown, options.format));
    if (shown.length < latest.length) {
      const more = plural(latest.length - shown.length, "session");
      process.stderr.write(`${more} more; see --limit.\n`);
    }
    return exitCodes.ok;
  } finally {
    await app.close();
  }
}

function isWanted({ attribution }: Session, { agent, all }: SessionsOptions): boolean {
  if (agent !== undefined) return attribution.agent === agent;
  return all === true || attribution.agent !== null;
}

function sessionsText(sessions: readonly Session[], format: SessionsOptions["format"]): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(sessions.map(sessionJson), null, 2)}\n`;
    case "ndjson":
      return sessions.map((session) => `${JSON.stringify(sessionJson(session))}\n`).join("");
    case "csv":
      return csvLine(csvHead) + sessions.map((session) => csvLine(csvRow(session))).join("");
    case "table":
      return sessionsTable(sessions);
  }
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

const csvHead = [
  "id", "agent", "basis", "role", "mode", "name", "account", "first_at", "last_at", "events",
  "denied", "task", "task_basis",
];

function csvRow(session: Session): readonly unknown[] {
  const task = sessionTask(session);
  return [
    session.id, session.attribution.agent, session.attribution.basis.map(({ by }) => by).join(" "),
    session.role?.arn, session.mode.mode, session.name, session.account, iso(session.firstAt),
    iso(session.lastAt), session.eventCount, session.deniedCount, task?.externalId, task?.basis,
  ];
}

/** As modes are shown: what nobody told is a guess. What only idleness tells has no name. */
function taskName(session: Session): string | null {
  const task = sessionTask(session);
  if (task === null || task.basis === "idle") return null;
  return task.basis === "told" ? task.externalId : `${task.externalId}?`;
}

function sessionsTable(sessions: readonly Session[]): string {
  if (sessions.length === 0) return "No sessions of agents. See --all.\n";
  const rows = sessions.map((session) => {
    const { counts } = session;
    const writes = (counts.write ?? 0) + (counts.permissions ?? 0) + (counts.tagging ?? 0);
    return [
      cell(session.attribution.agent, 18),
      cell(session.attribution.basis.map(({ by }) => by).join(", "), 24),
      cell(session.role?.name ?? session.arn, 32),
      session.mode.isGuessed ? `${session.mode.mode}?` : session.mode.mode,
      cell(session.name, 32),
      cell(taskName(session), 24),
      instant(session.firstAt),
      String(Math.round((session.lastAt - session.firstAt) / 1000)),
      String(session.eventCount), String(writes), String(session.deniedCount),
    ];
  });
  const head = [
    "AGENT", "BASIS", "ROLE", "MODE", "SESSION", "TASK", "FIRST", "SECONDS", "EVENTS", "WRITES",
    "DENIED",
  ];
  return `${table(head, rows)}\n`;
}
