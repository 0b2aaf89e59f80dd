import { Option } from "commander";
import { UsageError } from "../usage-error.ts";

/** Options that several verbs take, worded once. */
export const configOption = (): Option =>
  new Option(
    "-c, --config <file>",
    "agents, roles, zones, networks, placeholders " +
      "(default: ./trailwarden.yaml where there is one)",
  ).env("TRAILWARDEN_CONFIG");

export const rulesOption = (): Option =>
  new Option("--rules <path>", "further Sigma rules: a folder or file (repeatable)")
    .argParser(collect)
    .default([], "none");

export const onlyRulesOption = (): Option =>
  new Option("--only-rules <path>", "just these Sigma rules, without trailwarden's own");

/** For an option that may be given several times. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** A whole number above 0; else a UsageError that names the option. */
export function countIn(text: string, option: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UsageError(`${option} is ${text}: expected a whole number above 0.`);
}

/** A number above 0; else a UsageError that names the option. */
export function positiveIn(text: string, option: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new UsageError(`${option} is ${text}: expected a number above 0.`);
}

/** ms UTC; else a UsageError that names the option. */
export function instantIn(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const at = Date.parse(text);
  if (!Number.isNaN(at)) return at;
  throw new UsageError(`${option} is ${text}: expected an instant, such as 2026-03-01T09:00Z.`);
}

/** What is written in lines here, as one: commander breaks it to the terminal's width. */
export function paragraph(text: string): string {
  return text.trim().replaceAll("\n", " ");
}
