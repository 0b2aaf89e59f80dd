import type { Becoming } from "../../audit/becoming.ts";
import type { Inventory } from "../../audit/inventory.ts";
import { printable } from "../../text/printable.ts";

type Drawn = Pick<Inventory, "identities" | "becoming">;

/** Nodes by number, agents' own first. */
export function nodesOf({ identities, becoming }: Drawn): ReadonlyMap<string, number> {
  const names = [
    ...identities.map(({ subject }) => subject), ...becoming.flatMap(({ from, to }) => [from, to]),
  ];
  return new Map([...new Set(names)].map((name, i) => [name, i]));
}

/** `role/agents/aider (111122223333)` of an ARN; all else as it is. */
export function shortName(name: string): string {
  const [, account, resource] = /^arn:[^:]+:(?:iam|sts)::(\d{12}):(.+)$/s.exec(name) ?? [];
  return printable(resource === undefined ? name : `${resource} (${account ?? ""})`);
}

/** https://mermaid.js.org/syntax/flowchart.html: text in quotes, its marks as entities. */
export function mermaidGraph(inventory: Drawn): string {
  const nodes = nodesOf(inventory);
  const agents = agentNodes(inventory, nodes);
  return [
    "flowchart LR",
    ...[...nodes].map(([name, n]) => `  n${n}["${mermaidText(shortName(name))}"]`),
    ...inventory.becoming.map((step) => {
      const { from, to } = ends(step, nodes);
      return `  n${from} ${mermaidArrows[step.by]} n${to}`;
    }),
    "  classDef agent stroke-width:3px",
    ...(agents.length === 0 ? [] : [`  class ${agents.map((n) => `n${n}`).join(",")} agent`]),
  ].join("\n").concat("\n");
}

const mermaidArrows: Readonly<Record<Becoming["by"], string>> = {
  trust: "-->", seen: "==>", permission: "-.->",
};

function mermaidText(text: string): string {
  return text.replace(/[^\p{L}\p{N} ./:_()@*,=+-]/gu, (mark) => `#${mark.codePointAt(0) ?? 0};`);
}

/** https://graphviz.org/doc/info/lang.html */
export function dotGraph(inventory: Drawn): string {
  const nodes = nodesOf(inventory);
  const agents = new Set(agentNodes(inventory, nodes));
  return [
    "digraph become {", "  rankdir=LR;", "  node [shape=box];",
    ...[...nodes].map(([name, n]) =>
      `  n${n} [label=${dotText(shortName(name))}${agents.has(n) ? ", penwidth=3" : ""}];`),
    ...inventory.becoming.map((step) => {
      const { from, to } = ends(step, nodes);
      return `  n${from} -> n${to} [style=${dotStyles[step.by]}];`;
    }),
    "}",
  ].join("\n").concat("\n");
}

const dotStyles: Readonly<Record<Becoming["by"], string>> = {
  trust: "solid", seen: "bold", permission: "dashed",
};

function dotText(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', String.raw`\"`)}"`;
}

function agentNodes({ identities }: Drawn, nodes: ReadonlyMap<string, number>): readonly number[] {
  return [...new Set(identities.map(({ subject }) => nodes.get(subject) ?? 0))];
}

function ends(
  { from, to }: Becoming,
  nodes: ReadonlyMap<string, number>,
): { readonly from: number; readonly to: number } {
  return { from: nodes.get(from) ?? 0, to: nodes.get(to) ?? 0 };
}
