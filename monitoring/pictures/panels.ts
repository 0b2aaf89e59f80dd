import type { Series } from "../stack/ask.ts";
import { colourAt, colourNamed, colourOf, theme } from "./colours.ts";
import { heatmapped } from "./heat.ts";
import { escaped } from "./html.ts";
import type { Answer, Panel } from "./panel-data.ts";
import { plotted, type Line } from "./plot.ts";
import { written } from "./units.ts";

/** How large a panel's inside is, and the time it shows. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly instants: readonly number[];
  /** Instants of findings. */
  readonly marks: readonly number[];
}

/** A panel's inside, as Grafana would draw it. */
export function drawn(panel: Panel, answers: readonly Answer[], frame: Frame): string {
  const { noValue = "No data" } = panel.fieldConfig.defaults;
  if (answers.every(({ series }) => series.length === 0)) {
    return `<div class="nothing">${escaped(noValue)}</div>`;
  }
  switch (panel.type) {
    case "stat": return figures(panel, answers, frame);
    case "bargauge": return gauges(panel, answers, frame);
    case "table": return table(panel, answers, frame);
    case "heatmap": return heatmapped(answers, frame);
    default: return timeSeries(panel, answers, frame);
  }
}

interface Named {
  readonly name: string;
  readonly series: Series;
}

function namedIn(answers: readonly Answer[]): readonly Named[] {
  return answers.flatMap(({ target, series }) => series.map((one) => ({
    name: target.legendFormat?.replace(/\{\{(\w+)\}\}/g, (_, label: string) =>
      one.metric[label] ?? "") ?? "",
    series: one,
  })));
}

function valuesOf({ values = [] }: Series, instants: readonly number[]): (number | null)[] {
  const known = new Map(values.map(([at, text]) => [at, Number(text)]));
  return instants.map((at) => {
    const value = known.get(at);
    return value === undefined || Number.isNaN(value) ? null : value;
  });
}

function lastOf(series: Series): number | null {
  const texts = [...(series.values ?? []), ...(series.value === undefined ? [] : [series.value])];
  return texts.map(([, text]) => Number(text)).findLast((value) => !Number.isNaN(value)) ?? null;
}

function figures(panel: Panel, answers: readonly Answer[], frame: Frame): string {
  const { unit = "short", decimals, thresholds, noValue = "" } = panel.fieldConfig.defaults;
  const named = namedIn(answers);
  const height = frame.height / named.length;
  return named.map(({ name, series }) => {
    const last = lastOf(series);
    const colour = colourOf(last ?? 0, thresholds?.steps ?? []);
    const text = last === null ? noValue : written(last, unit, decimals);
    const size = last === null ? 13 : Math.min(38, height * 0.55, frame.width / text.length * 1.5);
    const course = panel.options.graphMode === "area" && named.length === 1
      ? sparkline(valuesOf(series, frame.instants), colour, frame) : "";
    return `<div class="figure" style="height:${height}px">${course}` +
      `<span class="name">${escaped(named.length > 1 ? name : "")}</span>` +
      `<b style="color:${colour};font-size:${size.toFixed(0)}px">${escaped(text)}</b></div>`;
  }).join("");
}

function sparkline(
  values: readonly (number | null)[],
  colour: string,
  { width, height }: Frame,
): string {
  const most = Math.max(...values.map((value) => value ?? 0), 1e-9);
  const points = values.map((value, i) => {
    const x = (i / Math.max(1, values.length - 1)) * width;
    return `${x.toFixed(1)},${(height - ((value ?? 0) / most) * height * 0.45).toFixed(1)}`;
  });
  return `<svg width="${width}" height="${height}"><polygon fill="${colour}" ` +
    `fill-opacity="0.14" points="0,${height} ${points.join(" ")} ${width},${height}"/>` +
    `<polyline fill="none" stroke="${colour}" stroke-opacity="0.6" points="${points.join(" ")}"/>` +
    "</svg>";
}

function timeSeries(panel: Panel, answers: readonly Answer[], frame: Frame): string {
  const { unit = "short", decimals, thresholds, custom = {} } = panel.fieldConfig.defaults;
  const isStacked = custom.stacking?.mode === "normal";
  const lines = namedIn(answers).map(({ name, series }, i): Line => {
    const own = new Map(panel.fieldConfig.overrides
      .filter(({ matcher }) => matcher.options === name)
      .flatMap(({ properties }) => properties.map(({ id, value }) => [id, value] as const)));
    const fixed = own.get("color") as { readonly fixedColor: string } | undefined;
    return {
      name,
      colour: fixed === undefined ? colourAt(i) : colourNamed(fixed.fixedColor),
      values: valuesOf(series, frame.instants),
      width: Number(own.get("custom.lineWidth") ?? 1),
      fill: Number(own.get("custom.fillOpacity") ?? custom.fillOpacity ?? 0) / 100,
      fillTo: (own.get("custom.fillBelowTo") as string | undefined) ?? null,
    };
  });
  const line = thresholds?.steps.find(({ value }) => value !== null);
  const hasLine = custom.thresholdsStyle?.mode === "dashed" && line !== undefined;
  return plotted({
    width: frame.width, height: frame.height - 26, instants: frame.instants, lines, isStacked,
    isBars: custom.drawStyle === "bars", unit, decimals, marks: frame.marks,
    threshold: hasLine
      ? { value: line.value ?? 0, colour: colourNamed(line.color === "green" ? "red" : line.color) }
      : null,
  }) + `<div class="legend">${lines.filter(({ width }) => width > 0 || isStacked).map((each) =>
    `<span><i style="background:${each.colour}"></i>${escaped(each.name)}</span>`).join("")}</div>`;
}

function gauges(panel: Panel, answers: readonly Answer[], frame: Frame): string {
  const { unit = "short", decimals, thresholds, max } = panel.fieldConfig.defaults;
  const rows = namedIn(answers).map(({ name, series }) => ({ name, value: lastOf(series) ?? 0 }));
  const most = max ?? Math.max(...rows.map(({ value }) => value), 1e-9);
  const height = Math.min(30, frame.height / rows.length);
  return rows.map(({ name, value }) => {
    const steps = thresholds?.steps ?? [];
    const colour = steps.length < 2 ? colourNamed("blue") : colourOf(value, steps);
    return `<div class="gauge" style="height:${height.toFixed(1)}px;` +
      `font-size:${Math.min(12, height * 0.6).toFixed(1)}px">` +
      `<span class="name">${escaped(name)}</span><span class="bar">` +
      `<i style="width:${Math.min(100, (value / most) * 100).toFixed(1)}%;background:${colour}">` +
      `</i></span><b style="color:${colour}">${escaped(written(value, unit, decimals))}</b></div>`;
  }).join("");
}

/** Lines of all answers that have the same labels are one. */
function table(panel: Panel, answers: readonly Answer[], { height }: Frame): string {
  const organised = panel.transformations?.find(({ id }) => id === "organize")?.options;
  const names = Object.keys(organised?.indexByName ?? {});
  const rows = new Map<string, Record<string, string>>();
  for (const { target, series } of answers) {
    for (const { metric, value } of series) {
      const key = JSON.stringify(metric);
      const column = answers.length === 1 ? "Value" : `Value #${target.refId}`;
      rows.set(key, { ...metric, ...rows.get(key), [column]: value?.[1] ?? "" });
    }
  }
  const first = names.find((name) => name.startsWith("Value")) ?? "";
  const shown = [...rows.values()].filter((row) => row[first] !== undefined)
    .sort((a, b) => Number(b[first]) - Number(a[first]))
    .slice(0, Math.floor((height - 28) / 25));
  const titleOf = (name: string) => organised?.renameByName?.[name] ?? name;
  const head = names.map((name) => `<th>${escaped(titleOf(name))}</th>`).join("");
  const body = shown.map((row) => `<tr>${names.map((name) => {
    const text = row[name];
    return name.startsWith("Value")
      ? `<td class="value">${Math.round(Number(text ?? "0")).toLocaleString("en")}</td>`
      : `<td style="color:${theme.text}">${escaped(text ?? "")}</td>`;
  }).join("")}</tr>`).join("");
  return `<table><tr>${head}</tr>${body}</table>`;
}
