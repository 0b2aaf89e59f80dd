import type { AskedView, ChangeView, PlanView, RevocationView } from "../../response/contract.ts";
import { onStdout as colours } from "./colour.ts";
import { cell, instant, plural } from "./table.ts";

export const planFormats = ["table", "json"] as const;
export type PlanFormat = (typeof planFormats)[number];

/** What was asked for, or would be. */
export function askedText({ plan, revocation, notes }: AskedView, format: PlanFormat): string {
  if (format === "json") return `${JSON.stringify({ plan, revocation, notes }, null, 2)}\n`;
  const asked = revocation === null
    ? []
    : [`Revocation ${revocation.id} is ${revocation.state}.`,
      ...(revocation.isAwaited ? [awaiting(revocation)] : [])];
  return `${planText(plan)}${[...notes, ...asked].map((text) => `${line(text)}\n`).join("")}`;
}

/** How a plan is said yes to. */
export function awaiting(
  { id, people, version }: Pick<RevocationView, "id" | "people" | "version">,
): string {
  return `It takes the yes of ${plural(people, "person")}`.replace("persons", "people") +
    `: trailwarden revocations approve ${id} ${version}`;
}

/** Everything a person has to know before saying yes, in sections. */
export function planText(plan: PlanView): string {
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ["Would change", plan.changes.flatMap(changeLines)],
    ["Refused", plan.refusals.flatMap(({ name, subject, because, scp }) => [
      line(`${name}  ${subject}: ${because}`), ...(scp === null ? [] : documentLines(scp)),
    ])],
    [`Hits ${plural(plan.hits.length, "session")}`, plan.hits.map((hit) =>
      line(`${hit.as}  ${hit.id}  ${hit.agent ?? "no agent"}, ${hit.mode}, until ` +
        shownAt(hit.endsAt)))],
    ["Does not stop", plan.doesNotStop.map(line)],
    ["Way back", plan.wayBack.map(line)],
    ["Ends", plan.changes.length === 0 ? [] : [
      `What it is for has ended ${shownAt(plan.endsAt)}; taken out ${shownAt(plan.removableAt)}.`,
    ]],
  ];
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) =>
      `${[colours.bold(title), ...lines.map((text) => `  ${text}`)].join("\n")}\n\n`)
    .join("");
}

function changeLines(change: ChangeView): readonly string[] {
  const because = change.because.map((text) => line(`  ${text}`));
  if (change.kind === "key") {
    const { account, userName, accessKeyId, before } = change;
    const now = before === null ? "AWS was not asked what it is now" : `${before} now`;
    const key = `Key ${accessKeyId} of user ${userName} in ${account}`;
    return [line(`${key} is made Inactive (${now}).`), ...because];
  }
  const { roleArn, carrier, policy, denials, widening, document, attach, isSeen } = change;
  return [
    line(`Role ${roleArn}: the ${carrier} policy ${policy}${attach ? ", to be attached" : ""}`),
    ...denials.map(({ kind, value, issuedBefore }) => line(
      `  denies everything to ${kind}${value === "" ? "" : ` ${value}`}` +
      (issuedBefore === null ? "" : `, if issued before ${issuedBefore}`),
    )),
    ...(widening === "none" ? [] : [`  widened to ${widening}: there is no room for less`]),
    ...because,
    ...(isSeen ? [] : ["  AWS was not asked what else stands there: it may not fit."]),
    ...(document === null ? [] : ["  The policy then:", ...documentLines(document)]),
  ];
}

function documentLines(document: string): readonly string[] {
  return JSON.stringify(JSON.parse(document), null, 2).split("\n").map((text) => `    ${text}`);
}

/** Names in plans come from records: untrusted. */
function line(text: string): string {
  return cell(text, 4000);
}

function shownAt(at: string | null): string {
  return at === null ? "when somebody says so" : instant(Date.parse(at));
}
