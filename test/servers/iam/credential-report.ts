import { Refusal } from "../query.ts";
import { reading, writing, type Action } from "./action.ts";
import type { AccountState, KeyState, UserState } from "./state.ts";

/** A report is made anew when the last one is older than this. */
const freshMs = 4 * 3_600_000;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html */
const columns = [
  "user", "arn", "user_creation_time", "password_enabled", "password_last_used",
  "password_last_changed", "password_next_rotation", "mfa_active",
  ...[1, 2].flatMap((n) =>
    ["active", "last_rotated", "last_used_date", "last_used_region", "last_used_service"]
      .map((column) => `access_key_${n}_${column}`)),
  "cert_1_active", "cert_1_last_rotated", "cert_2_active", "cert_2_last_rotated",
];

export const reportActions: Readonly<Record<string, Action>> = {
  GenerateCredentialReport: writing({}, ({ state, now, pollCount }) => {
    const { report } = state;
    if (report !== null && report.pollsLeft > 0) {
      report.pollsLeft -= 1;
      return { State: "INPROGRESS", Description: "No report exists. Starting a new one." };
    }
    if (report !== null && now.getTime() - report.madeAt.getTime() < freshMs) {
      return { State: "COMPLETE" };
    }
    state.report = { csv: csvOf(state), madeAt: now, pollsLeft: pollCount };
    return { State: "STARTED", Description: "No report exists. Starting a new one." };
  }),
  GetCredentialReport: reading({}, ({ state, now }) => {
    const { report } = state;
    if (report === null) {
      throw new Refusal(410, "ReportNotPresent", "No report was found. Generate one first.");
    }
    if (report.pollsLeft > 0) {
      report.pollsLeft -= 1;
      throw new Refusal(404, "ReportInProgress", "The report is being made.");
    }
    if (now.getTime() - report.madeAt.getTime() >= freshMs) {
      throw new Refusal(410, "ReportExpired", "The report has expired. Generate a new one.");
    }
    const Content = Buffer.from(report.csv).toString("base64");
    return { Content, ReportFormat: "text/csv", GeneratedTime: report.madeAt };
  }),
};

function csvOf(state: AccountState): string {
  const lines = [columns, rootLine(state), ...[...state.users.values()].map(userLine)];
  return lines.map((line) => line.map(quoted).join(",")).join("\n");
}

/** Names and paths may hold commas. */
function quoted(value: string): string {
  return /[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** `2026-01-01T00:00:00+00:00` */
function time(at: Date | null | undefined, never: string): string {
  return at?.toISOString().replace(/\.\d+Z$/, "+00:00") ?? never;
}

function rootLine({ id }: AccountState): readonly string[] {
  return [
    "<root_account>", `arn:aws:iam::${id}:root`, "2020-01-01T00:00:00+00:00", "not_supported",
    "no_information", "not_supported", "not_supported", "true",
    ...keyColumns(undefined), ...keyColumns(undefined), "false", "N/A", "false", "N/A",
  ];
}

function userLine(user: UserState): readonly string[] {
  const { password } = user;
  const passwordColumns = password === null
    ? ["false", "N/A", "N/A", "N/A"]
    : ["true", time(password.lastUsedAt, "no_information"), time(password.createdAt, "N/A"), "N/A"];
  return [
    user.name, user.arn, time(user.createdAt, "N/A"), ...passwordColumns,
    String(user.mfaSerials.length > 0), ...keyColumns(user.keys[0]), ...keyColumns(user.keys[1]),
    "false", "N/A", "false", "N/A",
  ];
}

function keyColumns(key: KeyState | undefined): readonly string[] {
  if (key === undefined) return ["false", "N/A", "N/A", "N/A", "N/A"];
  const { lastUsed } = key;
  return [
    String(key.isActive), time(key.createdAt, "N/A"), time(lastUsed?.at, "N/A"),
    lastUsed?.region ?? "N/A", lastUsed?.service ?? "N/A",
  ];
}
