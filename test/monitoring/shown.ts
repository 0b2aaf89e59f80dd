import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A panel as Grafana reads it: what tests and pictures look at. */
export interface ShownPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly gridPos: Readonly<Record<"x" | "y" | "w" | "h", number>>;
  readonly targets?: readonly ShownTarget[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly fieldConfig: {
    readonly defaults: {
      readonly unit?: string;
      readonly decimals?: number;
      readonly max?: number;
      readonly noValue?: string;
      readonly thresholds?: { readonly steps: readonly ShownStep[] };
      readonly custom?: Readonly<Record<string, unknown>>;
    };
    readonly overrides: readonly {
      readonly matcher: { readonly id: string; readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
}
export interface ShownStep {
  readonly value: number | null;
  readonly color: string;
}
export interface ShownTarget {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat?: string;
  readonly instant?: boolean;
  readonly datasource?: { readonly uid: string };
}
export interface ShownDashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly ShownPanel[];
  readonly templating: { readonly list: readonly {
    readonly name: string;
    readonly label?: string;
    readonly type: string;
    readonly query: string | { readonly query: string };
    readonly includeAll?: boolean;
  }[] };
  readonly annotations: { readonly list: readonly {
    readonly name: string; readonly expr?: string;
  }[] };
}

const folder = join(import.meta.dirname, "..", "..", "dashboards");

/** The dashboards as they are committed. */
export const shownDashboards: readonly ShownDashboard[] = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as ShownDashboard);

/** Every expression that a dashboard asks, and who does. */
export function expressionsOf({ uid, panels, templating, annotations }: ShownDashboard) {
  return [
    ...panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr, refId }) => ({ of: `${uid}: ${title} (${refId})`, expr }))),
    ...annotations.list.flatMap(({ name, expr }) =>
      expr === undefined ? [] : [{ of: `${uid}: ${name}`, expr }]),
    ...templating.list.filter(({ type }) => type === "query").map(({ name, query }) => ({
      of: `${uid}: $${name}`, expr: typeof query === "string" ? query : query.query,
    })),
  ];
}
