import type { Unread } from "../../audit/asked-parts.ts";
import type { Result } from "../../audit/result.ts";
import { dayText, type Remedy } from "../../audit/verdict.ts";
import { printable } from "../../text/printable.ts";
import { plural } from "./table.ts";

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

/** Beside the run before. */
export function changeText({ change, since }: Result): string {
  return change === "new" ? "new" : `since ${dayText(since ?? 0)}`;
}
