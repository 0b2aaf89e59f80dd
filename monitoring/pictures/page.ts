import { theme } from "./colours.ts";
import { escaped } from "./html.ts";
import { answersTo, type Asking, type Panel } from "./panel-data.ts";
import { drawn } from "./panels.ts";

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly {
    readonly name: string;
    readonly label?: string;
    readonly type: string;
    readonly includeAll?: boolean;
  }[] };
  readonly annotations: { readonly list: readonly {
    readonly name: string; readonly expr?: string;
  }[] };
}

export const pageWidth = 1500;
const column = pageWidth / 24;
const row = 38;
const headHeight = 64;

/** A dashboard as one page, of what Prometheus answers to each of its panels. */
export async function pageOf(dashboard: Dashboard, asking: Asking): Promise<string> {
  const instants = Array.from(
    { length: Math.floor((asking.end - asking.start) / asking.step) + 1 },
    (_, i) => asking.start + i * asking.step,
  );
  const [{ expr = "" } = {}] = dashboard.annotations.list.filter(({ name }) => name === "Findings");
  const [found] = await answersTo({ targets: [{ refId: "A", expr: `sum(${expr})` }] }, asking);
  const marks = (found?.series[0]?.values ?? []).map(([at]) => at);
  const panels: string[] = [];
  for (const panel of dashboard.panels) {
    const { x, y, w, h } = panel.gridPos;
    const place = `left:${x * column + 4}px;top:${headHeight + y * row}px;` +
      `width:${w * column - 8}px;height:${h * row - 8}px`;
    const title = filled(panel.title, asking.chosen);
    if (panel.type === "row") {
      panels.push(`<h2 style="${place}">${escaped(title)}</h2>`);
      continue;
    }
    const answers = await answersTo(panel, asking);
    const inside = drawn(panel, answers, {
      width: w * column - 28, height: h * row - 48, instants, marks,
    });
    panels.push(`<section style="${place}"><h3>${escaped(title)}</h3>${inside}</section>`);
  }
  const bottom = Math.max(...dashboard.panels.map(({ gridPos: { y, h } }) => y + h));
  return `<!doctype html><meta charset="utf-8"><style>${style}</style>` +
    `<body style="height:${headHeight + bottom * row + 8}px">${head(dashboard, asking)}` +
    `${panels.join("")}</body>`;
}

function filled(text: string, chosen: Readonly<Record<string, string>>): string {
  return text.replace(/\$(\w+)/g, (whole, name: string) => chosen[name] ?? whole);
}

function head({ title, templating }: Dashboard, { chosen }: Asking): string {
  const choices = templating.list.filter(({ type }) => type === "query").map((one) => {
    const value = (chosen[one.name] ?? "").replace(".*", "All");
    return `<span><i>${escaped(one.label ?? one.name)}</i>${escaped(value)}</span>`;
  });
  return `<header><h1>${escaped(title)}</h1>${choices.join("")}</header>`;
}

const style = `
* { box-sizing: border-box; margin: 0; }
body { background: ${theme.page}; color: ${theme.text}; width: ${pageWidth}px;
  position: relative; font: 12px "Inter", "Roboto", "DejaVu Sans", sans-serif; }
header { height: ${headHeight}px; padding: 18px 10px; display: flex; gap: 14px;
  align-items: center; }
h1 { font-size: 19px; font-weight: 500; margin-right: 10px; }
header span { border: 1px solid ${theme.border}; background: ${theme.panel}; border-radius: 3px;
  padding: 5px 10px; }
header i { color: ${theme.faint}; font-style: normal; margin-right: 8px; }
h2 { position: absolute; font-size: 15px; font-weight: 500; padding: 5px; }
section { position: absolute; background: ${theme.panel}; border: 1px solid ${theme.border};
  border-radius: 3px; padding: 7px 10px; overflow: hidden; }
h3 { font-size: 13px; font-weight: 500; height: 24px; white-space: nowrap; overflow: hidden; }
.nothing { height: calc(100% - 24px); display: flex; align-items: center; justify-content: center;
  text-align: center; color: ${theme.faint}; }
.figure { position: relative; display: flex; flex-direction: column; align-items: center;
  justify-content: center; }
.figure svg { position: absolute; left: 0; bottom: 0; }
.figure b { font-weight: 500; z-index: 1; }
.figure .name { color: ${theme.faint}; }
.legend { height: 20px; line-height: 20px; margin-top: 5px; overflow: hidden; display: flex;
  flex-wrap: wrap; gap: 0 14px; font-size: 11px; }
.legend i { display: inline-block; width: 12px; height: 3px; margin-right: 6px;
  vertical-align: middle; border-radius: 2px; }
.gauge { display: flex; align-items: center; gap: 10px; }
.gauge .name { width: 34%; text-align: right; white-space: nowrap; overflow: hidden;
  text-overflow: ellipsis; }
.gauge .bar { flex: 1; height: 70%; background: ${theme.grid}; border-radius: 2px; }
.gauge .bar i { display: block; height: 100%; border-radius: 2px; }
.gauge b { width: 17%; font-weight: 500; white-space: nowrap; }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; font-weight: 500; color: #6e9fff; height: 26px;
  border-bottom: 1px solid ${theme.border}; }
td { height: 25px; border-bottom: 1px solid ${theme.border}; }
`;
