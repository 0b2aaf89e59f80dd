import type { ReportedUser } from "./snapshot.ts";

/**
 * The credential report's lines, read by its header: columns are added at its end over time. A
 * sentence where it is no such report.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
 */
export function readCredentialReport(csv: string): ReportedUser[] | string {
  const [header = [], ...lines] = linesOf(csv);
  const absent = needed.find((column) => !header.includes(column));
  if (absent !== undefined) return `The credential report has no column ${absent}.`;
  const users: ReportedUser[] = [];
  for (const [i, line] of lines.entries()) {
    if (line.length !== header.length) {
      return `Line ${i + 2} of the credential report has ${line.length} values under ` +
        `${header.length} columns.`;
    }
    users.push(userIn(new Map(header.map((column, at) => [column, line[at] ?? ""]))));
  }
  return users;
}

const needed = ["user", "arn", "user_creation_time", "password_enabled", "mfa_active",
  "access_key_1_active", "access_key_2_active"];

type Line = ReadonlyMap<string, string>;

function userIn(line: Line): ReportedUser {
  const of = (column: string): string => line.get(column) ?? "";
  const isTrue = (column: string): boolean => of(column) === "true";
  return {
    name: of("user"),
    arn: of("arn"),
    createdAt: instantIn(of("user_creation_time")),
    hasPassword: of("password_enabled") === "not_supported" ? null : isTrue("password_enabled"),
    passwordLastUsedAt: instantIn(of("password_last_used")),
    passwordChangedAt: instantIn(of("password_last_changed")),
    hasMfa: isTrue("mfa_active"),
    accessKeys: [1, 2].flatMap((n) => keyIn(line, `access_key_${n}`)),
    activeCertificateCount: ["cert_1_active", "cert_2_active"].filter(isTrue).length,
  };
}

/** The root user's keys may have no date of rotation; one that is active is there all the same. */
function keyIn(line: Line, start: string): ReportedUser["accessKeys"] {
  const of = (column: string): string => line.get(`${start}_${column}`) ?? "";
  const rotatedAt = instantIn(of("last_rotated"));
  const isActive = of("active") === "true";
  if (rotatedAt === null && !isActive) return [];
  return [{
    isActive,
    rotatedAt,
    lastUsedAt: instantIn(of("last_used_date")),
    lastUsedRegion: saidOrNull(of("last_used_region")),
    lastUsedService: saidOrNull(of("last_used_service")),
  }];
}

/** Where AWS has nothing to tell. */
const nothing: ReadonlySet<string> = new Set(["", "N/A", "no_information", "not_supported"]);

export function saidOrNull(text: string): string | null {
  return nothing.has(text) ? null : text;
}

/** `2026-01-01T00:00:00+00:00` */
function instantIn(text: string): number | null {
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

/**
 * CSV as RFC 4180 has it: names and paths of users may hold commas.
 * https://www.rfc-editor.org/rfc/rfc4180
 */
function linesOf(csv: string): readonly (readonly string[])[] {
  const lines: string[][] = [];
  let line: string[] = [];
  const values = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g;
  for (const [, quoted, plain, end] of csv.matchAll(values)) {
    line.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === ",") continue;
    if (line.length > 1 || line[0] !== "") lines.push(line);
    line = [];
  }
  return lines;
}
