import { colourNamed } from "./colours.ts";
import type { Answer } from "./panel-data.ts";
import type { Frame } from "./panels.ts";
import { label, scaledTime, timeAxis } from "./plot.ts";
import { written } from "./units.ts";

/** A histogram over time: its buckets, which Prometheus sums up from below, one above the other. */
export function heatmapped(answers: readonly Answer[], { width, height, instants }: Frame): string {
  const buckets = answers.flatMap(({ series }) => series)
    .map(({ metric, values = [] }) => ({
      bound: metric["le"] === "+Inf" ? Infinity : Number(metric["le"]),
      known: new Map(values.map(([at, text]) => [at, Number(text)])),
    }))
    .sort((a, b) => a.bound - b.bound);
  const x = scaledTime(instants, width);
  const rowHeight = (height - 30) / buckets.length;
  const counts = buckets.map(({ known }, row) => instants.map((at) =>
    Math.max(0, (known.get(at) ?? 0) - (buckets[row - 1]?.known.get(at) ?? 0))));
  const most = Math.max(...counts.flat(), 1e-9);
  const step = x((instants[1] ?? 0) * 1000) - x((instants[0] ?? 0) * 1000);
  const cells = counts.flatMap((row, i) => row.map((count, j) => count < 1e-9 ? "" :
    `<rect x="${(x((instants[j] ?? 0) * 1000) - step / 2).toFixed(1)}" ` +
    `y="${(height - 22 - (i + 1) * rowHeight).toFixed(1)}" ` +
      `width="${Math.max(1, step - 1).toFixed(1)}" ` +
    `height="${(rowHeight - 1).toFixed(1)}" fill="${colourNamed("orange")}" ` +
    `fill-opacity="${(0.12 + 0.88 * Math.sqrt(count / most)).toFixed(2)}"/>`));
  const names = buckets.map(({ bound }, i) => label(
    bound === Infinity ? "more" : written(bound, "s", 0),
    { x: 52, y: height - 22 - (i + 0.5) * rowHeight + 4, anchor: "end" },
  ));
  return `<svg width="${width}" height="${height}" xmlns="http://www.w3.org/2000/svg">` +
    `${cells.join("")}${names.join("")}${timeAxis(x, height)}</svg>`;
}
