import type { MatchTrace } from "../../detections/explain-match.ts";
import type { Explanation } from "../../explaining.ts";
import type { FactContext } from "../../facts/fact.ts";
import { printable } from "../../text/printable.ts";
import { onStdout as colours } from "./colour.ts";
import { instant, levelText } from "./table.ts";

/** The steps of a judgement, one after the other, for a person. */
export function explanationText(explanation: Explanation): string {
  const { context, leftOut, facts, rulesConsideredCount, traces, findings } = explanation;
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ["Record", recordLines(context)],
    ["Event", eventLines(context)],
    ["Session", sessionLines(context)],
    ["Agent", agentLines(context)],
    ["Facts", facts.map(({ name, value, unit }) => line(name, `${JSON.stringify(value)}${unit === null ? "" : ` ${unit}`}`))],
    ["Rules", [
      ...(leftOut === null ? [] : [leftOutLines[leftOut]]),
      `${rulesConsideredCount} considered, ${traces.filter(({ matched }) => matched).length} matched.`,
      ...traces.flatMap(traceLines),
    ]],
    ["Findings", findings.length === 0 ? ["None."] : findings.map((finding) =>
      `${finding.id.slice(0, 8)}  ${levelText(finding.level)}  ${finding.rule}: ${printable(finding.because)}`)],
  ];
  return sections.map(([title, lines]) => `${colours.bold(title)}\n${lines.map((text) => `  ${text}\n`).join("")}`).join("\n");
}

const leftOutLines = {
  superseded: "Not judged: a later record of AWS's (UPDATED_DATA) replaces it.",
  twin: "Not judged: another account's copy of the same call tells more of the caller.",
} as const;

function line(name: string, value: string | null): string {
  return `${name.padEnd(32)} ${printable(value ?? "-")}`;
}

function recordLines({ event }: FactContext): string[] {
  return [
    line("eventID", event.id),
    line("eventTime", instant(event.at)),
    line("eventSource, eventName", `${event.source} ${event.name}`),
    line("account, region", `${event.account ?? "-"} ${event.region}`),
    line("userIdentity", `${event.principal.type ?? "-"} ${event.principal.arn ?? event.principal.id ?? "-"}`),
    line("sourceIPAddress", event.network.address),
    line("userAgent", event.userAgent.text),
  ];
}

function eventLines({ event }: FactContext): string[] {
  const { result, network, userAgent } = event;
  const denial = result.denial === null
    ? ""
    : ` (${[result.denial.kind, result.denial.policyType, result.denial.policyArn].filter((part) => part !== null).join(", ")})`;
  return [
    line("operation", `${event.operation} (needs ${event.action})`),
    line("access", `${event.access}, by ${event.accessBasis}`),
    line("result", `${result.outcome}${denial}${result.errorCode === null ? "" : `, ${result.errorCode}`}`),
    line("network", `${network.kind} ${network.name}`),
    line("user agent", [userAgent.family, userAgent.version, userAgent.os, userAgent.language].filter((part) => part !== null).join(" ")),
  ];
}

function sessionLines({ session, credential }: FactContext): string[] {
  if (session === null) return ["None."];
  const { issuance, chain } = session;
  const issued = issuance === null
    ? "not seen"
    : `${issuance.kind} at ${instant(issuance.at)}, found by ${session.joinedBy ?? "-"}, asked for by ${issuance.issuer.principalId ?? "-"}`;
  return [
    line("id", `${session.id} (held together by ${session.anchor})`),
    line("role", session.role === null ? null : session.role.arn),
    line("mode", `${session.mode.mode}, by ${session.mode.basis}${session.mode.isGuessed ? " (guessed)" : ""}`),
    line("issued", issued),
    line("chain", chain.length === 0 ? "none" : chain.map(({ roleArn, groupKey }) => roleArn ?? groupKey).join(" <- ")),
    line("credential", credential === null ? null
      : `${credential.accessKeyId} (${credential.kind}), ${credential.useCount} uses, expires ${instant(credential.expiresAt)}`),
    line("calls", `${session.eventCount} from ${instant(session.firstAt)} to ${instant(session.lastAt)}, ${session.deniedCount} denied`),
  ];
}

function agentLines({ session }: FactContext): string[] {
  const attribution = session?.attribution;
  if (attribution?.agent == null) return ["None is seen behind this session."];
  return [
    line("name", `${attribution.agent} (${attribution.status}, confidence ${attribution.confidence})`),
    ...attribution.basis.map(({ by, matched }) => line(`because of ${by}`, matched)),
  ];
}

function traceLines({ detection, matched, selections }: MatchTrace): string[] {
  return [
    `${matched ? colours.red("matched") : colours.dim("no match")} ${detection}`,
    ...selections.flatMap(({ name, filter, matched: holds, items }) => [
      `  ${mark(holds)} ${filter === null ? name : `${name} (filter ${filter})`}`,
      ...items.map((item) =>
        `    ${mark(item.matched)} ${item.field === "" ? "anywhere" : item.field}: ` +
        `expected ${printable(item.expected)}, seen ${printable(item.seen)}`),
    ]),
  ];
}

const mark = (holds: boolean): string => (holds ? colours.green("yes") : colours.dim("no "));
