import type { Unread } from "../../audit/asked-parts.ts";
import type { Judgement } from "../../audit/judge-account.ts";
import type { Remedy } from "../../audit/verdict.ts";
import { printable } from "../../text/printable.ts";
import { plural } from "./table.ts";

/** Instants as text, as everywhere in JSON of ours. */
export function evidenceJson(evidence: Judgement["evidence"]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(evidence).map(([name, value]) => [
    name,
    /(?:At|From)$/.test(name) && typeof value === "number" ? new Date(value).toISOString() : value,
  ]));
}

export const remedyHeads: Readonly<Record<Remedy["kind"], string>> = {
  cli: "To mend it, run:",
  policy: "To mend it, a policy:",
  config: "To mend it, in the config:",
};

export function subjectsText(subjects: readonly string[]): string {
  const [only = ""] = subjects;
  return subjects.length === 1 ? only : plural(subjects.length, "subject");
}

/** What AWS was asked for in vain. */
export function unreadLines(unread: readonly Unread[]): readonly string[] {
  return unread.map(({ account, action, said, count }) => {
    const times = count === 1 ? "" : ` (${count.toLocaleString("en")} times)`;
    return `Account ${account}, ${action}: ${printable(said)}${times}`;
  });
}
