import type { Finding } from "../findings/finding.ts";
import { printable } from "../text/printable.ts";
import type { Digest, DigestLine } from "./digest.ts";
import type { Telling } from "./notice.ts";

/**
 * Text of others on one line, at most so long (UTF-16 units, as JavaScript and most limits count).
 */
export function line(text: string, lengthMax: number): string {
  const shown = printable(text);
  if (shown.length <= lengthMax) return shown;
  // A cut may leave half a character behind.
  return `${shown.slice(0, lengthMax - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** `[HIGH] aider called …` */
export function headline({ level, because }: Finding, lengthMax: number): string {
  return line(`[${level.toUpperCase()}] ${because}`, lengthMax);
}

/** What a person wants to know beside why: names and values, none empty. */
export function particulars(finding: Finding): readonly (readonly [string, string])[] {
  const { agent, role, session, credential, account, eventCount, entity } = finding;
  const known: readonly (readonly [string, string | null | undefined])[] = [
    ["Agent", agent?.name],
    ["Role", role?.arn],
    ["Session", session?.name],
    ["Credential", credential?.accessKeyId],
    ["Account", account],
    ["About", `${entity.type} ${entity.id}`],
    ["Events", `${eventCount}, the last at ${new Date(finding.lastEventAt).toISOString()}`],
  ];
  return known.flatMap(([name, value]) =>
    value === null || value === undefined || value === "" ? [] : [[name, value] as const]);
}

/** One sentence for the thread of a finding. */
export function happened(what: Telling, finding: Finding): string {
  const { level, status, verdict, note, eventCount } = finding;
  const why = note === null ? "" : `: ${note}`;
  switch (what) {
    case "opened": return `Found, ${level}.`;
    case "worse": return `Grown worse: it is ${level} now.`;
    case "again": return `Still ${status}, ${eventCount} events by now.`;
    case "acknowledged": return `Acknowledged${why}`;
    case "changed": return `It is ${level} now.`;
    case "over":
      if (status === "suppressed") return "Suppressed: somebody accepts this.";
      if (status !== "closed") return `It is ${level} now, and others' to look at.`;
      if (verdict === "withdrawn") return "Withdrawn: nothing is left that it rests on.";
      if (verdict === "over") return "It went by: what it says is over.";
      return `Closed as ${verdict ?? "decided"}${why}`;
  }
}

/** `HIGH 12 x zombie-use, agent aider (one of them: 9fb01e1c…)` */
export function digestLine({ level, rule, agent, count, id }: DigestLine): string {
  const whose = agent === null ? "" : `, agent ${agent}`;
  const which = count === 1 ? id : `one of them: ${id}`;
  return line(`${level.toUpperCase()} ${count} x ${rule}${whose} (${which})`, 140);
}

export function digestTitle({ count, worst }: Digest): string {
  const findings = count === 1 ? "1 finding" : `${count} findings`;
  return `${findings}, the worst ${worst}`;
}

export function digestRest({ restCount }: Digest): string | null {
  return restCount === 0 ? null : `And ${restCount} more.`;
}

/** Where to look further; there is no page to link to. */
export function lookAt(id: string | null): string {
  return id === null ? "trailwarden findings --status open" : `trailwarden findings show ${id}`;
}
