import type { Becoming } from "../../audit/becoming.ts";
import type { Inventory } from "../../audit/inventory.ts";
import { html, type Html } from "./html-text.ts";
import { shortName } from "./print-graph.ts";

/** More is no drawing any more. */
const nodesMax = 60;
const column = { width: 210, gap: 56 };
const row = { height: 30, gap: 12 };
const labelMax = 29;

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Who may become whom, from left to right; null where nobody may. */
export function graphDrawing({ identities, becoming }: Inventory): Html | null {
  if (becoming.length === 0) return null;
  const { steps, isCut } = drawn(becoming);
  const places = placed(steps);
  const xs = [...places.values()].map(({ x }) => x);
  const ys = [...places.values()].map(({ y }) => y);
  const width = Math.max(...xs) + column.width + 10;
  const height = Math.max(...ys) + row.height + 10;
  const agents = new Set(identities.map(({ subject }) => subject));
  return html`<svg viewBox="0 0 ${width} ${height}" role="img"
 aria-label="Who may become whom"><defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4"
 markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" class="soft"/></marker>
</defs>
${steps.map((step) => edge(step, places))}${[...places].map(([name, place]) =>
  node(name, place, agents))}</svg>${isCut ? html`
<p class="hint">${becoming.length - steps.length} more ways are in inventory.json.</p>` : html``}`;
}

/** As many steps as there is room for. */
function drawn(becoming: readonly Becoming[]): {
  readonly steps: readonly Becoming[]; readonly isCut: boolean;
} {
  const names = new Set<string>();
  const steps = becoming.filter(({ from, to }) => {
    const fresh = [from, to].filter((name) => !names.has(name));
    if (names.size + fresh.length > nodesMax) return false;
    for (const name of fresh) names.add(name);
    return true;
  });
  return { steps, isCut: steps.length < becoming.length };
}

/** Each to the right of whoever becomes it; circles end where they were begun. */
function placed(steps: readonly Becoming[]): ReadonlyMap<string, Place> {
  const targets = new Set(steps.map(({ to }) => to));
  const names = [...new Set(steps.flatMap(({ from, to }) => [from, to]))];
  const starts = names.filter((name) => !targets.has(name));
  const depths = new Map((starts.length > 0 ? starts : names.slice(0, 1)).map((one) => [one, 0]));
  for (const [from, depth] of depths) {
    for (const step of steps) {
      if (step.from === from && !depths.has(step.to)) depths.set(step.to, depth + 1);
    }
  }
  const counts = new Map<number, number>();
  return new Map(names.map((name) => {
    const depth = depths.get(name) ?? 0;
    const nth = counts.get(depth) ?? 0;
    counts.set(depth, nth + 1);
    return [name, {
      x: depth * (column.width + column.gap) + 5, y: nth * (row.height + row.gap) + 5,
    }];
  }));
}

function edge({ from, to, by }: Becoming, places: ReadonlyMap<string, Place>): Html {
  const start = places.get(from);
  const end = places.get(to);
  if (start === undefined || end === undefined) return html``;
  const half = row.height / 2;
  const [x1, y1, x2, y2] = [start.x + column.width, start.y + half, end.x, end.y + half];
  const bend = x2 > x1 ? (x1 + x2) / 2 : x1 + column.gap / 2;
  const back = x2 > x1 ? bend : x2 - column.gap / 2;
  return html`<path class="edge ${by}" marker-end="url(#head)"
 d="M${x1} ${y1} C${bend} ${y1} ${back} ${y2} ${x2} ${y2}"/>`;
}

function isIdentity(name: string): boolean {
  return /^arn:[^:]+:iam::\d+:(?:role|user)\//.test(name);
}

function node(name: string, { x, y }: Place, agents: ReadonlySet<string>): Html {
  const kind = agents.has(name) ? "agent" : isIdentity(name) ? "node" : "outside";
  const label = shortName(name);
  // Of a path, its end tells most; the whole shows under the pointer.
  const end = label.replace(/ \(\d{12}\)$/, "").replace(/^(?:role|user)\//, "");
  const short = end.length > labelMax ? `…${end.slice(1 - labelMax)}` : end;
  return html`<g><title>${label}</title><rect class="${kind}" x="${x}" y="${y}" rx="7"
 width="${column.width}" height="${row.height}"/><text x="${x + 10}" y="${
  y + 20}">${short}</text></g>`;
}
