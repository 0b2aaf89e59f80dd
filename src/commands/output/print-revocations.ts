import type { ResponseView, RevocationView } from "../../response/contract.ts";
import { awaiting, planText, type PlanFormat } from "./print-plan.ts";
import { cell, instant, table } from "./table.ts";

export function revocationsText(
  revocations: readonly RevocationView[],
  format: PlanFormat,
): string {
  if (format === "json") return `${JSON.stringify(revocations, null, 2)}\n`;
  if (revocations.length === 0) return "No revocations.\n";
  return `${table(head, revocations.map(row))}\n`;
}

const head = ["ID", "STATE", "TARGET", "HITS", "REQUESTED", "BY", "APPLIED", "REASON"];

function row(revocation: RevocationView): readonly string[] {
  const { id, state, target, plan, requestedAt, requestedBy, appliedAt, reason } = revocation;
  return [
    id, state, cell(`${target.kind} ${target.value}`, 48), String(plan.hits.length),
    at(requestedAt), cell(requestedBy, 18), at(appliedAt), cell(reason, 40),
  ];
}

/** One, with its plan. */
export function revocationText(revocation: RevocationView, format: PlanFormat): string {
  if (format === "json") return `${JSON.stringify(revocation, null, 2)}\n`;
  const { plan, target, approvals, ...rest } = revocation;
  const decision = (made: RevocationView["undone"]) =>
    made && `${at(made.at)} by ${made.by}: ${made.reason}`;
  const seen = (span: RevocationView["denied"]) =>
    span && `${at(span.firstAt)} to ${at(span.lastAt)}, by ${span.lastBy}`;
  const lines: readonly (readonly [string, string | null])[] = [
    ["id", rest.id],
    ["state", rest.state],
    ["target", `${target.kind} ${target.value}`],
    ["reason", rest.reason],
    ["requested", `${at(rest.requestedAt)} by ${rest.requestedBy} (${rest.trigger})`],
    ["version", rest.version],
    ...approvals.map(({ by, version, at: saidAt }) =>
      ["approved", `${at(saidAt)} by ${by}: ${version}`] as const),
    ["declined", decision(rest.declined)],
    ["released", rest.releasedAt && at(rest.releasedAt)],
    ["applied", rest.appliedAt && at(rest.appliedAt)],
    ["denied calls", seen(rest.denied)],
    ["calls that went on", seen(rest.succeeded)],
    ["tampered with", seen(rest.tampered)],
    ["undone", decision(rest.undone)],
  ];
  const known = lines.flatMap(([name, value]) =>
    value === null ? [] : `${name.padEnd(19)} ${cell(value, 400)}\n`);
  const wait = rest.isAwaited ? `${awaiting(revocation)}\n` : "";
  return `${known.join("")}\n${planText(plan)}${wait}`;
}

export function responseText(response: ResponseView, format: PlanFormat): string {
  if (format === "json") return `${JSON.stringify(response, null, 2)}\n`;
  const { enabled, paused, open, waiting } = response;
  const states = open.map(({ state, count }) => `${count} ${state}`).join(", ");
  return [
    enabled
      ? "Responses are enabled."
      : "Responses are not enabled (response.enabled): nothing is changed in any account.",
    paused === null
      ? "They are not paused."
      : `They are paused since ${at(paused.at)} by ${paused.by}: ${paused.reason}`,
    `Open revocations: ${states === "" ? "none" : states}.`,
    ...waiting.map(({ id, for: what, because }) => `${id} waits (${what}): ${because}`),
  ].map((text) => `${cell(text, 400)}\n`).join("");
}

function at(text: string | null): string {
  return instant(text === null ? null : Date.parse(text));
}
