import { printable } from "../../text/printable.ts";

/**
 * One CSV line, RFC 4180, of attacker-chosen text: what moves the cursor or hides text is made
 * visible, and formulas are neutralised, since a spreadsheet runs what begins with = + - @, in
 * full-width forms too. https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(csvField).join(",")}\r\n`;
}

function csvField(value: unknown): string {
  if (typeof value === "number") return String(value);
  const text = printable(plain(value));
  const safe = /^[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
