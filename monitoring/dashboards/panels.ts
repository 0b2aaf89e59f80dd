import * as bargauge from "@grafana/grafana-foundation-sdk/bargauge";
import * as common from "@grafana/grafana-foundation-sdk/common";
import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import * as heatmap from "@grafana/grafana-foundation-sdk/heatmap";
import * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import * as stat from "@grafana/grafana-foundation-sdk/stat";
import * as table from "@grafana/grafana-foundation-sdk/table";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
import { thresholdsOf, type Step } from "./thresholds.ts";

/** One question to Prometheus. */
export interface Query {
  readonly expr: string;
  /** What its series are called: text, or a template as `{{agent}}`. */
  readonly legend?: string;
}

export interface PanelOptions {
  readonly title: string;
  /** What it shows, and what to make of it. */
  readonly description: string;
  readonly queries: readonly Query[];
  /** Grafana's name of it, e.g. `s`, `percentunit`. */
  readonly unit: string;
  readonly decimals?: number;
  readonly max?: number;
  /** Of 24. */
  readonly width: number;
  readonly height?: number;
  /** What is told where there is no data: why that may be, and whether it is well. */
  readonly noData: string;
  /** Whose threshold it draws. */
  readonly alert?: string;
  /** What is good and bad, where no alert says it. */
  readonly steps?: readonly Step[];
  /** By series' name, where colours mean something. */
  readonly colours?: Readonly<Record<string, string>>;
  /** Where a click leads, with Grafana's placeholders. */
  readonly link?: { readonly title: string; readonly url: string };
}

/** What makes a panel, whichever of Grafana's builders it is. */
export interface PanelBuilder {
  build(): dashboard.Panel;
}

export const datasource: common.DataSourceRef = { type: "prometheus", uid: "${datasource}" };

/** One figure, with its course behind it. */
export function figure(options: PanelOptions & { readonly isPlain?: boolean }): PanelBuilder {
  const panel = new stat.PanelBuilder()
    .colorMode(common.BigValueColorMode.Value)
    .graphMode(options.isPlain ? common.BigValueGraphMode.None : common.BigValueGraphMode.Area)
    .justifyMode(common.BigValueJustifyMode.Auto)
    .textMode(common.BigValueTextMode.Auto)
    .reduceOptions(lastValue())
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Thresholds))
    .noValue(options.noData);
  return ask(describe(panel, { height: 4, ...options }), options.queries);
}

/** How something went, as lines or as what adds up. */
export function course(
  options: PanelOptions & { readonly isStacked?: boolean; readonly isBars?: boolean },
): timeseries.PanelBuilder {
  const { isStacked = false, isBars = false, colours = {}, alert } = options;
  const stacking = new common.StackingConfigBuilder()
    .mode(isStacked ? common.StackingMode.Normal : common.StackingMode.None);
  const panel = new timeseries.PanelBuilder()
    .drawStyle(isBars ? common.GraphDrawStyle.Bars : common.GraphDrawStyle.Line)
    .lineWidth(isBars ? 0 : 1)
    .fillOpacity(isBars ? 80 : isStacked ? 35 : 8)
    .showPoints(common.VisibilityMode.Never)
    .spanNulls(false)
    .stacking(stacking)
    .axisSoftMin(0)
    .legend(new common.VizLegendOptionsBuilder()
      .showLegend(true)
      .displayMode(common.LegendDisplayMode.List)
      .placement(common.LegendPlacement.Bottom)
      .calcs([]))
    .tooltip(new common.VizTooltipOptionsBuilder()
      .mode(common.TooltipDisplayMode.Multi)
      .sort(common.SortOrder.Descending))
    .thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(
      alert === undefined
        ? common.GraphThresholdsStyleMode.Off
        : common.GraphThresholdsStyleMode.Dashed,
    ))
    .colorScheme(new dashboard.FieldColorBuilder()
      .mode(dashboard.FieldColorModeId.PaletteClassic))
    .noValue(options.noData);
  for (const [name, fixedColor] of Object.entries(colours)) {
    panel.overrideByName(name, [{ id: "color", value: { mode: "fixed", fixedColor } }]);
  }
  return ask(describe(panel, { height: 8, ...options }), options.queries);
}

/** A session's figure, and the band in which it is used to be. */
export function band(
  options: Omit<PanelOptions, "queries"> & {
    readonly low: Query; readonly high: Query; readonly within: readonly Query[];
  },
): PanelBuilder {
  const { low, high, within, ...rest } = options;
  const panel = course({ ...rest, queries: [low, high, ...within] });
  const faint = { id: "color", value: { mode: "fixed", fixedColor: "#5794F2" } };
  panel.overrideByName(String(low.legend), [faint, { id: "custom.lineWidth", value: 0 }]);
  panel.overrideByName(String(high.legend), [
    faint,
    { id: "custom.lineWidth", value: 0 },
    { id: "custom.fillBelowTo", value: String(low.legend) },
    { id: "custom.fillOpacity", value: 20 },
  ]);
  for (const { legend } of within) {
    panel.overrideByName(String(legend), [{ id: "custom.fillOpacity", value: 0 }]);
  }
  return panel;
}

/** Figures beside each other: who has most. */
export function ranking(options: PanelOptions): PanelBuilder {
  const panel = new bargauge.PanelBuilder()
    .orientation(common.VizOrientation.Horizontal)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .valueMode(common.BarGaugeValueMode.Text)
    .namePlacement(common.BarGaugeNamePlacement.Left)
    .showUnfilled(true)
    .reduceOptions(lastValue())
    .min(0)
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Thresholds))
    .noValue(options.noData);
  return ask(describe(panel, { height: 8, ...options }), options.queries, "instant");
}

/** How many of each length, over time: a histogram's buckets. */
export function lengths(options: PanelOptions): PanelBuilder {
  const panel = new heatmap.PanelBuilder()
    .calculate(false)
    .color(new heatmap.HeatmapColorOptionsBuilder()
      .mode(heatmap.HeatmapColorMode.Scheme)
      .scheme("Oranges")
      .scale(heatmap.HeatmapColorScale.Exponential)
      .exponent(0.5)
      .steps(64))
    .yAxis(new heatmap.YAxisConfigBuilder()
      .unit(options.unit)
      .axisPlacement(common.AxisPlacement.Left))
    .cellGap(1)
    .filterValues(new heatmap.FilterValueRangeBuilder().le(1e-9))
    .tooltip(new heatmap.HeatmapTooltipBuilder()
      .mode(common.TooltipDisplayMode.Single)
      .yHistogram(true))
    .noValue(options.noData);
  return ask(describe(panel, { height: 9, ...options }), options.queries, "heatmap");
}

/** One line for each of something, a column for each question. */
export function listing(
  options: PanelOptions & {
    /** The label that tells lines apart, and the others shown. */
    readonly by: readonly string[];
    readonly columns: readonly { readonly title: string; readonly unit: string }[];
  },
): PanelBuilder {
  const { by, columns, queries, link } = options;
  const panel = new table.PanelBuilder()
    .cellHeight(common.TableCellHeight.Sm)
    .withTransformation({ id: "merge", options: {} })
    .withTransformation({
      id: "organize",
      options: {
        excludeByName: { Time: true },
        indexByName: Object.fromEntries(
          [...by, ...columns.map((_, i) => valueName(i, columns.length))]
            .map((name, i) => [name, i] as const)),
        renameByName: Object.fromEntries([
          ...by.map((name) => [name, titleOf(name)] as const),
          ...columns.map(({ title }, i) => [valueName(i, columns.length), title] as const),
        ]),
      },
    })
    .sortBy([new common.TableSortByFieldStateBuilder()
      .displayName(columns[0]?.title ?? "").desc(true)])
    .noValue(options.noData);
  for (const { title, unit } of columns) {
    // Of a cell: the panel's own is a sentence about all of it.
    panel.overrideByName(title, [{ id: "unit", value: unit }, { id: "noValue", value: "0" }]);
  }
  if (link !== undefined) {
    panel.overrideByName(titleOf(by[0] ?? ""), [
      { id: "links", value: [{ ...link, targetBlank: true }] },
    ]);
  }
  return ask(describe(panel, { height: 8, ...options }), queries, "table");
}

function titleOf(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** What Grafana calls the value of the query so many after the first. */
function valueName(i: number, of: number): string {
  return of === 1 ? "Value" : `Value #${refId(i)}`;
}

function refId(i: number): string {
  return String.fromCharCode("A".charCodeAt(0) + i);
}

function lastValue(): common.ReduceDataOptionsBuilder {
  return new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false);
}

type Any = stat.PanelBuilder | timeseries.PanelBuilder | bargauge.PanelBuilder |
  heatmap.PanelBuilder | table.PanelBuilder;

function describe<T extends Any>(panel: T, options: PanelOptions & { readonly height: number }): T {
  const { title, description, unit, decimals, max, width, height, alert, steps = [] } = options;
  const { text, config } = thresholdsOf(alert, steps);
  panel.title(title).description(`${description}${text}`).datasource(datasource)
    .unit(unit).thresholds(config).span(width).height(height);
  if (decimals !== undefined) panel.decimals(decimals);
  if (max !== undefined) panel.max(max);
  if (options.link !== undefined && !(panel instanceof table.PanelBuilder)) {
    panel.dataLinks([new dashboard.DashboardLinkBuilder(options.link.title)
      .type(dashboard.DashboardLinkType.Link).url(options.link.url).targetBlank(true)]);
  }
  return panel;
}

function ask<T extends Any>(
  panel: T,
  queries: readonly Query[],
  as: "range" | "instant" | "table" | "heatmap" = "range",
): T {
  queries.forEach(({ expr, legend }, i) => {
    const query = new prometheus.DataqueryBuilder()
      .refId(refId(i)).expr(expr).datasource(datasource);
    if (legend !== undefined) query.legendFormat(legend);
    if (as === "table") query.instant().format(prometheus.PromQueryFormat.Table);
    else if (as === "instant") query.instant();
    else if (as === "heatmap") query.range().format(prometheus.PromQueryFormat.Heatmap);
    else query.range();
    panel.withTarget(query);
  });
  return panel;
}
