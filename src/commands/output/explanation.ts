import type { MatchTrace } from "../../detections/explain-match.ts";
import type { Explanation } from "../../explaining.ts";
import type { FactContext } from "../../facts/fact.ts";
import type { ToolCall } from "../../sessions/state.ts";
import { printable } from "../../text/printable.ts";
import { onStdout as colours } from "./colour.ts";
import { instant, levelText, plural } from "./table.ts";

/** The steps of a judgement, one after the other, for a person. */
export function explanationText(explanation: Explanation): string {
  const { context } = explanation;
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ["Record", recordLines(context)],
    ["Event", eventLines(context)],
    ["Session", sessionLines(context)],
    ["Agent", agentLines(context)],
    ["Facts", factLines(explanation)],
    ["Rules", ruleLines(explanation)],
    ["Findings", findingLines(explanation)],
  ];
  return sections
    .map(([title, lines]) => [colours.bold(title), ...lines.map((text) => `  ${text}`), ""])
    .map((lines) => lines.join("\n"))
    .join("\n");
}

function factLines({ facts }: Explanation): string[] {
  return facts.map(({ name, value, unit }) =>
    line(name, [JSON.stringify(value), ...(unit === null ? [] : [unit])].join(" ")));
}

function ruleLines({ leftOut, rulesConsideredCount, traces }: Explanation): string[] {
  const matchedCount = traces.filter(({ matched }) => matched).length;
  return [
    ...(leftOut === null ? [] : [leftOutLines[leftOut]]),
    `${rulesConsideredCount} considered, ${matchedCount} matched.`,
    ...traces.flatMap(traceLines),
  ];
}

function findingLines({ findings }: Explanation): string[] {
  if (findings.length === 0) return ["None."];
  return findings.map(({ id, level, rule, because }) =>
    `${id.slice(0, 8)}  ${levelText(level)}  ${rule}: ${printable(because)}`);
}

const leftOutLines = {
  superseded: "Not judged: a later record of AWS's (UPDATED_DATA) replaces it.",
  twin: "Not judged: another account's copy of the same call tells more of the caller.",
} as const;

function line(name: string, value: string | null): string {
  return `${name.padEnd(32)} ${printable(value ?? "-")}`;
}

function recordLines({ event }: FactContext): string[] {
  const { principal } = event;
  return [
    line("eventID", event.id),
    line("eventTime", instant(event.at)),
    line("eventSource, eventName", `${event.source} ${event.name}`),
    line("account, region", `${event.account ?? "-"} ${event.region}`),
    line("userIdentity", `${principal.type ?? "-"} ${principal.arn ?? principal.id ?? "-"}`),
    line("sourceIPAddress", event.network.address),
    line("userAgent", event.userAgent.text),
  ];
}

function eventLines({ event, toolCall }: FactContext): string[] {
  const { result, network, userAgent } = event;
  const { kind = null, policyType = null, policyArn = null } = result.denial ?? {};
  const reasons = known(kind, policyType, policyArn);
  const denial = reasons.length === 0 ? "" : ` (${reasons.join(", ")})`;
  const code = result.errorCode === null ? "" : `, ${result.errorCode}`;
  const { family, version, os, language } = userAgent;
  return [
    line("operation", `${event.operation} (needs ${event.action})`),
    line("access", `${event.access}, by ${event.accessBasis}`),
    line("result", `${result.outcome}${denial}${code}`),
    line("network", `${network.kind} ${network.name}`),
    line("user agent", known(family, version, os, language).join(" ")),
    ...(toolCall === null ? [] : [toolCallLine(toolCall)]),
  ];
}

/** The API call's record shows the server's user agent and address; this is who was behind it. */
function toolCallLine({ eventId, tool, userAgent, network }: ToolCall): string {
  return line("MCP tool call", `${tool} by ${userAgent ?? "-"} from ${network} (${eventId})`);
}

function known(...parts: readonly (string | null)[]): string[] {
  return parts.filter((part) => part !== null);
}

function sessionLines({ session, credential }: FactContext): string[] {
  if (session === null) return ["None."];
  const { issuance, chain, role, mode } = session;
  const issued = issuance === null
    ? "not seen"
    : `${issuance.kind} at ${instant(issuance.at)}, found by ${session.joinedBy ?? "-"}, ` +
      `asked for by ${issuance.issuer.principalId ?? "-"}`;
  const links = chain.map(({ roleArn, groupKey }) => roleArn ?? groupKey);
  return [
    line("id", `${session.id} (held together by ${session.anchor})`),
    line("role", role === null ? null : role.arn),
    line("mode", `${mode.mode}, by ${mode.basis}${mode.isGuessed ? " (guessed)" : ""}`),
    line("issued", issued),
    line("chain", links.length === 0 ? "none" : links.join(" <- ")),
    line("credential", credential === null ? null
      : `${credential.accessKeyId} (${credential.kind}), ${plural(credential.useCount, "use")}, ` +
        `expires ${instant(credential.expiresAt)}`),
    line("calls", `${session.eventCount} from ${instant(session.firstAt)} to ` +
      `${instant(session.lastAt)}, ${session.deniedCount} denied`),
  ];
}

function agentLines({ session }: FactContext): string[] {
  const attribution = session?.attribution;
  if (attribution?.agent == null) return ["None is seen behind this session."];
  const { agent, status, confidence, basis } = attribution;
  return [
    line("name", `${agent} (${status}, confidence ${confidence})`),
    ...basis.map(({ by, matched }) => line(`because of ${by}`, matched)),
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
