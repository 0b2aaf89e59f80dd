import type { TaskView } from "../../tasks/contract.ts";
import type { AnyTaskDetail, LifetimesView, SeenTaskView } from "../../tasks/lifetime-contract.ts";
import { length } from "./print-lifetimes.ts";
import { cell, instant, table } from "./table.ts";

export const taskFormats = ["table", "json", "ndjson"] as const;
export type TaskFormat = (typeof taskFormats)[number];

export function tasksText(tasks: readonly TaskView[], format: TaskFormat): string {
  return listText(tasks, format, () => table(head, tasks.map(row)));
}

/** Tasks nobody told of. */
export function inferredText(tasks: readonly SeenTaskView[], format: TaskFormat): string {
  return listText(tasks, format, () => table(inferredHead, tasks.map(inferredRow)));
}

function listText(tasks: readonly object[], format: TaskFormat, asTable: () => string): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(tasks, null, 2)}\n`;
    case "ndjson":
      return tasks.map((task) => `${JSON.stringify(task)}\n`).join("");
    case "table":
      return tasks.length === 0 ? "No tasks.\n" : `${asTable()}\n`;
  }
}

const head = [
  "ID", "TASK", "AGENT", "MODE", "ACTOR", "STARTED", "SECONDS", "EXPECTED", "OUTCOME", "KEYS",
];

function row(task: TaskView): readonly string[] {
  const { startedAt, endedAt } = task;
  const seconds = endedAt === null ? null : (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
  return [
    task.id, cell(task.externalId, 32), cell(task.agent, 18), task.mode, cell(task.actor, 18),
    instant(Date.parse(startedAt)), seconds === null ? "-" : String(Math.round(seconds)),
    String(task.expectedSeconds ?? "-"), task.outcome ?? "runs", String(task.credentials.length),
  ];
}

const inferredHead = [
  "ID", "TASK", "AGENT", "BASIS", "CONFIDENCE", "FIRST CALL", "LAST CALL", "STATE", "SESSIONS",
  "KEYS",
];

function inferredRow(task: SeenTaskView): readonly string[] {
  const { startedAt, lastCallAt, endedAt, sessionCount, credentialCount } = task;
  return [
    task.id, cell(task.externalId, 48), cell(task.agent, 18), task.basis, task.confidence,
    instant(Date.parse(startedAt)), instant(Date.parse(lastCallAt)),
    endedAt === null ? "runs" : "idle", String(sessionCount), String(credentialCount),
  ];
}

/** One task, a line for each thing known of it. */
export function taskText(task: TaskView | AnyTaskDetail, format: TaskFormat): string {
  if (format === "ndjson") return `${JSON.stringify(task)}\n`;
  if (format === "json") return `${JSON.stringify(task, null, 2)}\n`;
  const { credentials, lifetimes, ...rest } = { credentials: [], lifetimes: null, ...task };
  const lines = Object.entries(rest).map(([name, value]) =>
    `${name.padEnd(17)} ${cell(value === null ? null : String(value), 200)}`);
  const keys = lifetimes === null ? credentials.map(toldLine) : lifetimes.credentials.map(keyLine);
  const all = lifetimes === null ? "" : `       ${secondsText(lifetimes)}`;
  return `${[...lines, `credentials${all}`, ...keys].join("\n")}\n`;
}

function toldLine(
  { accessKeyId, issuedAt, expiresAt, roleArn }: TaskView["credentials"][number],
): string {
  return `  ${accessKeyId}  ${issuedAt} to ${expiresAt}  ${cell(roleArn, 120)}`;
}

function keyLine(credential: LifetimesView["credentials"][number]): string {
  const { accessKeyId, issuedAt, expiresAt, roleArn } = credential;
  return `  ${cell(accessKeyId)}  ${issuedAt} to ${expiresAt ?? "unknown"}  ` +
    `${secondsText(credential)}  ${cell(roleArn, 120)}`;
}

type Seconds = Pick<
  LifetimesView["credentials"][number],
  "issuedSeconds" | "usedSeconds" | "zombieSeconds" | "savedSeconds"
>;

/** What was saved, where anything was revoked. */
function secondsText(seconds: Seconds): string {
  const { issuedSeconds, usedSeconds, zombieSeconds, savedSeconds } = seconds;
  return `issued ${length(issuedSeconds)}, used ${length(usedSeconds)}, ` +
    `zombie ${length(zombieSeconds)}` +
    ((savedSeconds ?? 0) === 0 ? "" : `, saved ${length(savedSeconds)}`);
}
