/**
 * One CSV line, RFC 4180, formulas neutralised: session names and user agents are attacker-chosen, and a
 * spreadsheet runs what begins with = + - @ or a tab. https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(csvField).join(",")}\r\n`;
}

function csvField(value: unknown): string {
  const text = plain(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "object") return JSON.stringify(value);
  return typeof value === "string" ? value : String(value as number | boolean);
}
