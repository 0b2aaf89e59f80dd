import { scaleLinear, scaleTime, type ScaleLinear, type ScaleTime } from "d3-scale";
import { area, line, stack, stackOffsetNone, stackOrderNone } from "d3-shape";
import { theme } from "./colours.ts";
import { escaped } from "./html.ts";
import { written } from "./units.ts";

/** One line: its name, colour, and a value for each instant, or none. */
export interface Line {
  readonly name: string;
  readonly colour: string;
  readonly values: readonly (number | null)[];
  readonly width: number;
  /** Opacity of what is below it, down to the line named, or to zero. */
  readonly fill: number;
  readonly fillTo: string | null;
}

export interface Plot {
  readonly width: number;
  readonly height: number;
  /** Seconds since 1970, the same for all lines. */
  readonly instants: readonly number[];
  readonly lines: readonly Line[];
  readonly isStacked: boolean;
  readonly isBars: boolean;
  readonly unit: string;
  readonly decimals: number | undefined;
  readonly threshold: { readonly value: number; readonly colour: string } | null;
  /** Instants of findings. */
  readonly marks: readonly number[];
}

const margin = { left: 58, right: 10, top: 8, bottom: 22 };

interface Scales {
  readonly x: ScaleTime<number, number>;
  readonly y: ScaleLinear<number, number>;
  readonly ticks: readonly number[];
}

/** A time series panel's drawing, as SVG. */
export function plotted(plot: Plot): string {
  const scales = scalesOf(plot);
  const drawn = plot.isStacked ? stacked(plot, scales) : lined(plot, scales);
  const { width, height } = plot;
  return `<svg width="${width}" height="${height}" xmlns="http://www.w3.org/2000/svg">` +
    `${grid(plot, scales)}${drawn}${limit(plot, scales)}${marked(plot, scales)}</svg>`;
}

export function scaledTime(instants: readonly number[], width: number): ScaleTime<number, number> {
  const [first = 0] = instants;
  return scaleTime()
    .domain([first * 1000, (instants.at(-1) ?? 1) * 1000])
    .range([margin.left, width - margin.right]);
}

function scalesOf(plot: Plot): Scales {
  const { width, height, instants, lines, isStacked, threshold, unit, decimals } = plot;
  const sums = instants.map((_, i) => {
    const values = lines.map((each) => each.values[i] ?? 0);
    return isStacked ? values.reduce((sum, value) => sum + value, 0) : Math.max(0, ...values);
  });
  const most = Math.max(...sums);
  // A threshold that is far away is not drawn: the lines would lie flat.
  const isNear = threshold !== null && (most === 0 || threshold.value <= most * 3);
  const top = isNear ? Math.max(most, threshold.value * 1.1) : most;
  const ticks = ticksOf(top === 0 ? 1 : top, unit, decimals);
  const y = scaleLinear().domain([0, ticks.at(-1) ?? 1])
    .range([height - margin.bottom, margin.top]);
  return { x: scaledTime(instants, width), y, ticks };
}

/** Of seconds: what a clock shows as whole. */
const spans = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900,
  1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400,
];
const secondsIn: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** Some four round values from zero up to the first above all. */
function ticksOf(top: number, unit: string, decimals?: number): readonly number[] {
  const size = secondsIn[unit];
  const step = unit === "bytes"
    ? 2 ** Math.ceil(Math.log2(top / 4))
    : size === undefined
      ? scaleLinear().domain([0, top]).ticks(4)[1] ?? top
      : (spans.find((span) => span * 4 >= top * size) ?? 86_400) / size;
  const whole = decimals === 0 ? Math.max(1, Math.round(step)) : step;
  return Array.from({ length: Math.ceil(top / whole - 1e-9) + 1 }, (_, i) => i * whole);
}

function grid({ width, height, unit, decimals }: Plot, { x, y, ticks }: Scales): string {
  const rows = ticks.map((tick) => {
    const at = y(tick).toFixed(1);
    return `<line x1="${margin.left}" x2="${width - margin.right}" y1="${at}" y2="${at}" ` +
      `stroke="${theme.grid}"/>` +
      label(written(tick, unit, decimals), { x: margin.left - 6, y: y(tick) + 4, anchor: "end" });
  });
  return rows.join("") + timeAxis(x, height);
}

export function timeAxis(x: ScaleTime<number, number>, height: number): string {
  const [left = 0, right = 0] = x.range();
  return x.ticks(Math.min(6, (right - left) / 60)).map((tick) => label(clock(tick), {
    x: x(tick), y: height - 5, anchor: "middle",
  })).join("");
}

function clock(at: Date): string {
  return at.toISOString().slice(11, 16);
}

export function label(
  text: string,
  at: { readonly x: number; readonly y: number; readonly anchor: string },
): string {
  return `<text x="${at.x.toFixed(1)}" y="${at.y.toFixed(1)}" text-anchor="${at.anchor}" ` +
    `fill="${theme.faint}" font-size="11">${escaped(text)}</text>`;
}

function stacked({ lines, instants, isBars }: Plot, { x, y }: Scales): string {
  const rows = instants.map((_, i) => lines.map((each) => each.values[i] ?? 0));
  const layers = stack<number[], number>()
    .keys(lines.keys()).value((row, key) => row[key] ?? 0)
    .order(stackOrderNone).offset(stackOffsetNone)(rows);
  const step = x((instants[1] ?? 0) * 1000) - x((instants[0] ?? 0) * 1000);
  return layers.map((points, key) => {
    const layer = points.map(([from, to]) => [from, to] as const);
    const { colour = theme.text, fill = 0.3 } = lines[key] ?? {};
    if (isBars) {
      return layer.map(([from, to], i) => to <= from ? "" :
        `<rect x="${(x((instants[i] ?? 0) * 1000) - step / 2).toFixed(1)}" ` +
        `y="${y(to).toFixed(1)}" width="${Math.max(1, step * 0.85).toFixed(1)}" ` +
        `height="${(y(from) - y(to)).toFixed(1)}" fill="${colour}"/>`).join("");
    }
    const at = (_: unknown, i: number) => x((instants[i] ?? 0) * 1000);
    const below = area<readonly [number, number]>().x(at)
      .y0(([from]) => y(from)).y1(([, to]) => y(to))(layer);
    const above = line<readonly [number, number]>().x(at)
      .y(([, to]) => y(to))(layer);
    return `<path d="${below ?? ""}" fill="${colour}" fill-opacity="${fill}"/>` +
      `<path d="${above ?? ""}" fill="none" stroke="${colour}" stroke-width="1.2"/>`;
  }).join("");
}

function lined({ lines, instants }: Plot, { x, y }: Scales): string {
  const at = (_: unknown, i: number) => x((instants[i] ?? 0) * 1000);
  return lines.map(({ colour, values, width, fill, fillTo }) => {
    const floor = lines.find(({ name }) => name === fillTo)?.values ?? [];
    const below = area<number | null>().defined((value) => value !== null).x(at)
      .y0((_, i) => y(floor[i] ?? 0)).y1((value) => y(value ?? 0))(values);
    const above = line<number | null>().defined((value) => value !== null).x(at)
      .y((value) => y(value ?? 0))(values);
    return `<path d="${below ?? ""}" fill="${colour}" fill-opacity="${fill}"/>` +
      `<path d="${above ?? ""}" fill="none" stroke="${colour}" stroke-width="${width * 1.4}"/>`;
  }).join("");
}

function limit({ threshold, width }: Plot, { y }: Scales): string {
  const [, top = 0] = y.domain();
  if (threshold === null || threshold.value > top) return "";
  const at = y(threshold.value).toFixed(1);
  return `<line x1="${margin.left}" x2="${width - margin.right}" y1="${at}" y2="${at}" ` +
    `stroke="${threshold.colour}" stroke-dasharray="8 6" stroke-width="1.2"/>`;
}

function marked({ marks, height }: Plot, { x }: Scales): string {
  return marks.map((at) => {
    const left = x(at * 1000).toFixed(1);
    return `<line x1="${left}" x2="${left}" y1="${margin.top}" y2="${height - margin.bottom}" ` +
      "stroke=\"#f2495c\" stroke-opacity=\"0.35\" stroke-dasharray=\"2 3\"/>";
  }).join("");
}
