import type { TaskView } from "../../tasks/contract.ts";
import { cell, instant, table } from "./table.ts";

export const taskFormats = ["table", "json", "ndjson"] as const;
export type TaskFormat = (typeof taskFormats)[number];

export function tasksText(tasks: readonly TaskView[], format: TaskFormat): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(tasks, null, 2)}\n`;
    case "ndjson":
      return tasks.map((task) => `${JSON.stringify(task)}\n`).join("");
    case "table":
      return tasks.length === 0 ? "No tasks.\n" : `${table(head, tasks.map(row))}\n`;
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

/** One task, a line for each thing known of it. */
export function taskText(task: TaskView, format: TaskFormat): string {
  if (format === "ndjson") return `${JSON.stringify(task)}\n`;
  if (format === "json") return `${JSON.stringify(task, null, 2)}\n`;
  const { credentials, ...rest } = task;
  const lines = Object.entries(rest).map(([name, value]) =>
    `${name.padEnd(17)} ${cell(value === null ? null : String(value), 200)}`);
  const keys = credentials.map(({ accessKeyId, issuedAt, expiresAt, roleArn }) =>
    `  ${accessKeyId}  ${issuedAt} to ${expiresAt}  ${cell(roleArn, 120)}`);
  return `${[...lines, "credentials", ...keys].join("\n")}\n`;
}
