import type { AgentIdentity, Inventory } from "../../audit/inventory.ts";
import { identityJson } from "../../audit/inventory-json.ts";
import { dayText } from "../../audit/verdict.ts";
import { csvLine } from "./csv.ts";
import { dotGraph, mermaidGraph, shortName } from "./print-graph.ts";
import { cell, table } from "./table.ts";

export const inventoryFormats = ["table", "json", "csv", "mermaid", "dot"] as const;
export type InventoryFormat = (typeof inventoryFormats)[number];

export interface InventoryReport extends Inventory {
  /** As of when, ms UTC. */
  readonly at: number;
  readonly accountIds: readonly string[];
}

export function* inventoryTexts(
  report: InventoryReport,
  format: InventoryFormat,
): Generator<string> {
  switch (format) {
    case "table":
      yield inventoryTable(report.identities);
      return;
    case "json":
      yield* jsonTexts(report);
      return;
    case "csv":
      yield csvLine(csvColumns);
      for (const identity of report.identities) yield csvRow(identity);
      return;
    case "mermaid":
      yield mermaidGraph(report);
      return;
    case "dot":
      yield dotGraph(report);
  }
}

function inventoryTable(identities: readonly AgentIdentity[]): string {
  const head = [
    "KIND", "IDENTITY", "AGENT", "OWNER", "MODE", "FOUND BY", "LAST SESSION", "USES", "ACCOUNTS",
  ];
  return `${table(head, identities.map((identity) => {
    const { kind, subject, agents, owner, mode, found, lastSessionAt, reach } = identity;
    return [
      kind, cell(shortName(subject)), cell(agents.join(", ") || null, 30), cell(owner, 24), mode,
      [...new Set(found.map(({ by }) => by))].join(", "),
      lastSessionAt === null ? "-" : dayText(lastSessionAt), usesText(identity),
      cell(reach.accounts.join(", ") || null, 40),
    ];
  }))}\n`;
}

/** `12 of 300`: actions used, of those it may do. */
export function usesText({ permissions }: AgentIdentity): string {
  if (permissions === null) return "-";
  const { grantedCount, usedCount } = permissions;
  return `${usedCount === null ? "?" : String(usedCount)} of ${grantedCount}`;
}

/** An identity on each line. */
function* jsonTexts(report: InventoryReport): Generator<string> {
  const { at, accountIds, identities, becoming, isCut } = report;
  const head = { at: new Date(at).toISOString(), accounts: accountIds };
  yield `${JSON.stringify(head).slice(0, -1)},"identities":[`;
  for (const [i, identity] of identities.entries()) {
    yield `${i === 0 ? "" : ","}\n${JSON.stringify(identityJson(identity))}`;
  }
  yield `\n],"becoming":[`;
  for (const [i, step] of becoming.entries()) {
    yield `${i === 0 ? "" : ","}\n${JSON.stringify(step)}`;
  }
  yield `\n],"isCut":${String(isCut)}}\n`;
}

const csvColumns = [
  "kind", "account", "subject", "agents", "found", "owner", "mode", "last_session_at",
  "last_used_at", "accounts", "reachable_roles", "chains", "granted_actions", "used_actions",
  "granted_services", "used_services",
];

function csvRow(identity: AgentIdentity): string {
  const { permissions, services, ...view } = identityJson(identity);
  return csvLine([
    view.kind, view.account, view.subject, view.agents.join(" "),
    view.found.map(({ by, what }) => `${by} ${what}`).join("; "), view.owner, view.mode,
    view.lastSessionAt, view.lastUsedAt, view.accounts.join(" "), view.reachableRoleCount,
    view.chains.map((chain) => chain.join(" > ")).join("; "),
    permissions?.grantedCount ?? null, permissions?.usedCount ?? null,
    services?.grantedCount ?? null, services?.usedCount ?? null,
  ]);
}
