import { hash } from "node:crypto";
import { failuresByLevel, unknownGroups, type AuditReport } from "../../audit/audit-report.ts";
import { isOpen, type Result } from "../../audit/result.ts";
import { checkCounts } from "../../audit/run.ts";
import { dayText } from "../../audit/verdict.ts";
import { changeText, remedyHeads, subjectsText } from "./audit-wording.ts";
import { legend, openBars, verdictBars } from "./html-charts.ts";
import { graphDrawing } from "./html-graph.ts";
import { style } from "./html-style.ts";
import { html, type Html } from "./html-text.ts";
import { inventoryHtml } from "./print-inventory-html.ts";

/** More nobody reads; the whole is in audit.json. */
const shownOfCheckMax = 50;

/** One page for an auditor: nothing in it runs, and it asks for nothing from elsewhere. */
export function auditHtml(report: AuditReport, version: string): string {
  const { at, accountIds, judgements, carried, inventory } = report;
  const checks = checkCounts(judgements, carried);
  const drawing = graphDrawing(inventory);
  const policy = `default-src 'none'; style-src 'sha256-${hash("sha256", style, "base64")}'; ` +
    "base-uri 'none'; form-action 'none'";
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Agent identities: audit of ${dayText(at)}</title><style>${{ html: style }}</style></head>
<body><main>
<header><h1>Agent identities: audit</h1>
<p>${accountIds.join(", ") || "No account"}, as of ${instantText(at)}${comparedText(report)}</p>
</header>
${tiles(report)}
<section><h2>Open failures by check</h2>
<p class="hint">What failed and nobody accepted.</p>${openBars(checks)}</section>
<section><h2>What each check said</h2>${legend([
  ["fail", "fail"], ["unknown", "unknown: it could not be judged"], ["pass", "pass"],
])}${verdictBars(checks)}</section>
<section><h2>Who agents are</h2>${inventoryHtml(inventory)}</section>
${drawing === null ? null : graphSection(drawing)}
${failures(report)}${lesser(report)}
<footer>trailwarden ${version}. Whole results: audit.json. Inputs and outputs are hashed in
manifest.json, where one was made.</footer>
</main></body></html>
`.html;
}

function graphSection(drawing: Html): Html {
  return html`<section><h2>Who may become whom</h2>
${legend([["agent", "an agent's"], ["node", "other roles"], ["outside", "outside"]])}
<p class="hint">Solid: both sides let it. Bold: it was seen. Dashed: the other side is not known.
</p>${drawing}</section>`;
}

function instantText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function comparedText({ comparedWith }: AuditReport): string {
  return comparedWith === null ? "" : `, compared with the run of ${dayText(comparedWith)}`;
}

function tiles(report: AuditReport): Html {
  const { judgements, carried, fixed, comparedWith, inventory } = report;
  const count = (result: Result["result"]) =>
    judgements.filter((one) => one.result === result).length;
  const accepted = [...judgements, ...carried].filter((one) => one.accepted !== null).length;
  const all: readonly (readonly [string, number, string])[] = [
    ...failuresByLevel(judgements).map((one) => [one.level, one.count, one.level] as const),
    ...(comparedWith === null ? [] : [
      ["unknown", judgements.filter(({ change }) => change === "new").length, "new"] as const,
      ["pass", fixed.length, "fixed"] as const,
    ]),
    ["unknown", accepted, "accepted"], ["unknown", count("unknown"), "unknown"],
    ["pass", count("pass"), "passed"],
    ["unknown", inventory.identities.length, "identities"],
  ];
  const each = all.map(([kind, number, label]) => html`
<div class="tile ${kind}"><b>${number.toLocaleString("en")}</b><span>${label}</span></div>`);
  return html`<div class="tiles">${each}</div>`;
}

function failures({ judgements, comparedWith }: AuditReport): Html {
  const open = judgements.filter(isOpen);
  const names = [...new Set(open.map(({ check }) => check))];
  if (names.length === 0) return html`<section><h2>Nothing failed</h2></section>`;
  return html`<section><h2>What failed</h2>
<p class="hint">Remedies are to be read, then run.</p>${names.map((name) =>
  failuresOf(open.filter(({ check }) => check === name), comparedWith !== null))}</section>`;
}

function failuresOf(open: readonly Result[], isCompared: boolean): Html {
  const [first] = open;
  if (first === undefined) return html``;
  const more = open.length - shownOfCheckMax;
  return html`<h3><span class="badge ${first.level}">${first.level}</span> ${first.title}</h3>
<p class="hint">${first.check}</p><table>${open.slice(0, shownOfCheckMax).map((one) => html`
<tr><td><code>${one.subject ?? "-"}</code> ${isCompared ? badge(one) : null}<br>${
  one.because}${remedy(one)}</td></tr>`)}</table>${more > 0 ? moreText(more) : null}`;
}

function badge(one: Result): Html {
  return html`<span class="badge ${one.change ?? ""}">${changeText(one)}</span>`;
}

function moreText(count: number): Html {
  return html`<p class="hint">${count.toLocaleString("en")} more: see audit.json.</p>`;
}

function remedy({ remedy: one }: Result): Html {
  if (one === null) return html``;
  const lines = one.text.trimEnd().split("\n").map((line) => html`${line}\n`);
  return html`<details><summary>${remedyHeads[one.kind]}</summary><pre>${lines}</pre></details>`;
}

function lesser({ judgements, carried, fixed }: AuditReport): Html {
  const accepted = [...judgements, ...carried].filter((one) => one.accepted !== null);
  const since = (one: Result) => `failed since ${dayText(one.since ?? 0)}`;
  return html`${list("Accepted", accepted, ({ accepted: how }) =>
    `until ${how?.until ?? ""}: ${how?.reason ?? ""}`)}
${list("Fixed since the last run", fixed, since)}
${list("Failed earlier, and could not be judged", carried.filter(isOpen), since)}
${unknowns(judgements)}`;
}

function list(head: string, results: readonly Result[], note: (one: Result) => string): Html {
  return results.length === 0 ? html`` : html`<section><h2>${head}</h2><table>${
    results.slice(0, shownOfCheckMax).map((one) => html`<tr><td>${one.check}</td>
<td><code>${one.subject ?? "-"}</code></td><td>${note(one)}</td></tr>`)}</table></section>`;
}

function unknowns(judgements: readonly Result[]): Html {
  const groups = unknownGroups(judgements);
  const rows = groups.slice(0, shownOfCheckMax).map(
    ({ because, action, account, subjects, checks }) => html`<tr><td>${because}</td>
<td><code>${action ?? "-"}</code></td><td>${account} ${
  subjects.length === 0 ? null : subjectsText(subjects)}</td><td>${checks.join(", ")}</td></tr>`);
  return groups.length === 0 ? html`` : html`<section><h2>What is unknown</h2>
<p class="hint">And which IAM action would tell.</p><table>
<tr><th>Why</th><th>Action</th><th>Of</th><th>Checks</th></tr>${rows}</table></section>`;
}
