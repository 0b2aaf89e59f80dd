import { levels, type Level } from "../../detections/detection.ts";
import { readRoleArn } from "../../events/arn.ts";
import type { FindingPart } from "../../findings/finding.ts";
import type { BackTested } from "../../judging/back-test.ts";
import { sparkline } from "./heat-map.ts";
import { cell, levelText, plural, table } from "./table.ts";

export const backTestFormats = ["table", "json"] as const;
export type BackTestFormat = (typeof backTestFormats)[number];

type Within = { readonly from: number; readonly to: number };

export function backTestText(
  { parts, groupCount }: BackTested,
  within: Within,
  format: BackTestFormat,
): string {
  const found = [...parts].sort((a, b) =>
    a.firstEventAt - b.firstEventAt || (a.fingerprint < b.fingerprint ? -1 : 1));
  const dates = datesOf(within);
  const rows = rowsOf(found, dates);
  if (format === "json") {
    const [from, to] = [within.from, within.to].map((at) => new Date(at).toISOString());
    const days = dates.map((date, i) =>
      ({ date, count: rows.reduce((sum, { perDay }) => sum + (perDay[i] ?? 0), 0) }));
    const findings = found.map(findingJson);
    return `${JSON.stringify({ from, to, groupCount, days, rules: rows, findings }, null, 2)}\n`;
  }
  if (rows.length === 0) return `Nothing in ${plural(groupCount, "session group")}.\n`;
  return [rulesTable(rows), daysTable(found, dates), examplesTable(rows)].join("\n");
}

/** What a rule finds at a level of one agent's in one role. */
interface Row {
  readonly rule: string;
  readonly level: Level;
  readonly agent: string | null;
  readonly role: string | null;
  readonly count: number;
  /** One for each day from the first. */
  readonly perDay: readonly number[];
  /** The earliest. */
  readonly example: string;
}

function rowsOf(found: readonly FindingPart[], dates: readonly string[]): readonly Row[] {
  const groups = new Map<string, FindingPart[]>();
  for (const part of found) {
    const key = JSON.stringify([part.rule, part.level, part.agent?.name, part.role?.arn]);
    groups.set(key, [...(groups.get(key) ?? []), part]);
  }
  const rows = [...groups.values()].flatMap(([first, ...rest]): Row[] => {
    if (first === undefined) return [];
    const { rule, level, agent, role, because } = first;
    const ofDay = [first, ...rest].map(dateOf);
    return [{
      rule, level, agent: agent?.name ?? null, role: role?.arn ?? null,
      count: ofDay.length,
      perDay: dates.map((date) => ofDay.filter((each) => each === date).length),
      example: because,
    }];
  });
  const worst = ({ level }: Row) => levels.indexOf(level);
  return rows.sort((a, b) =>
    (a.rule === b.rule ? worst(b) - worst(a) || b.count - a.count : a.rule < b.rule ? -1 : 1));
}

function rulesTable(rows: readonly Row[]): string {
  const head = ["RULE", "LEVEL", "AGENT", "ROLE", "COUNT", "PER DAY"];
  return `${table(head, rows.map(({ rule, level, agent, role, count, perDay }) => [
    cell(rule, 40), levelText(level), cell(agent, 20),
    cell(role === null ? null : (readRoleArn(role)?.name ?? role), 40),
    String(count), sparkline(perDay),
  ]))}\n`;
}

/** Of days on which something was found. */
function daysTable(found: readonly FindingPart[], dates: readonly string[]): string {
  const shown = [...levels].reverse();
  const rows = dates.flatMap((date) => {
    const ofDay = found.filter((part) => dateOf(part) === date);
    if (ofDay.length === 0) return [];
    const counts = shown.map((level) => ofDay.filter((part) => part.level === level).length);
    return [[date, ...counts.map(String), String(ofDay.length)]];
  });
  const total = shown.map((level) => found.filter((part) => part.level === level).length);
  rows.push(["all", ...total.map(String), String(found.length)]);
  return `${table(["DAY", ...shown.map((level) => level.toUpperCase()), "ALL"], rows)}\n`;
}

function examplesTable(rows: readonly Row[]): string {
  const first = new Map([...rows].reverse().map((row) => [row.rule, row]));
  const examples = [...first.values()].reverse()
    .map(({ rule, level, example }) => [cell(rule, 40), levelText(level), cell(example, 160)]);
  return `${table(["RULE", "LEVEL", "FOR EXAMPLE"], examples)}\n`;
}

function findingJson(part: FindingPart): object {
  const { rule, level, confidence, because, entity, agent, role, session, eventCount } = part;
  const [firstEventAt, lastEventAt] = [part.firstEventAt, part.lastEventAt]
    .map((at) => new Date(at).toISOString());
  return {
    rule, level, confidence, because, entity, agent: agent?.name ?? null, role: role?.arn ?? null,
    session: session?.id ?? null, firstEventAt, lastEventAt, eventCount,
  };
}

function dateOf({ firstEventAt }: Pick<FindingPart, "firstEventAt">): string {
  return new Date(firstEventAt).toISOString().slice(0, 10);
}

function datesOf({ from, to }: Within): readonly string[] {
  const [first, last] = [Math.floor(from / dayMs), Math.floor(to / dayMs)];
  return Array.from({ length: last - first + 1 }, (_, i) =>
    new Date((first + i) * dayMs).toISOString().slice(0, 10));
}

const dayMs = 86_400_000;
