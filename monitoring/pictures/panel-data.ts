import { askNow, askRange, filledIn, type Range, type Series } from "../stack/ask.ts";
import { recordings } from "../recordings.ts";

/** As much of a panel, of those in dashboards/, as a picture needs. */
export interface Panel {
  readonly type: string;
  readonly title: string;
  readonly gridPos: Readonly<Record<"x" | "y" | "w" | "h", number>>;
  readonly targets?: readonly Target[];
  readonly options: { readonly graphMode?: string };
  readonly fieldConfig: {
    readonly defaults: {
      readonly unit?: string;
      readonly decimals?: number;
      readonly max?: number;
      readonly noValue?: string;
      readonly thresholds?: { readonly steps: readonly Step[] };
      readonly custom?: {
        readonly drawStyle?: string;
        readonly fillOpacity?: number;
        readonly stacking?: { readonly mode: string };
        readonly thresholdsStyle?: { readonly mode: string };
      };
    };
    readonly overrides: readonly Override[];
  };
  readonly transformations?: readonly {
    readonly id: string;
    readonly options: {
      readonly indexByName?: Readonly<Record<string, number>>;
      readonly renameByName?: Readonly<Record<string, string>>;
    };
  }[];
}

export interface Step {
  readonly value: number | null;
  readonly color: string;
}
export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat?: string;
  readonly instant?: boolean;
}
export interface Override {
  readonly matcher: { readonly options: string };
  readonly properties: readonly { readonly id: string; readonly value: unknown }[];
}

/** What Prometheus answered to one of a panel's questions. */
export interface Answer {
  readonly target: Target;
  readonly series: readonly Series[];
}

export interface Asking extends Range {
  readonly url: string;
  /** By variable. */
  readonly chosen: Readonly<Record<string, string>>;
}

export async function answersTo(
  { targets = [] }: Pick<Panel, "targets">,
  { url, chosen, ...range }: Asking,
): Promise<readonly Answer[]> {
  return await Promise.all(targets.map(async (target) => {
    const expr = unrecorded(filledIn(target.expr, chosen));
    const series = target.instant === true
      ? await askNow(url, expr, range.end)
      : await askRange(url, expr, range);
    return { target, series };
  }));
}

/** Rules are not evaluated for the past: what they would have recorded is computed. */
function unrecorded(expr: string): string {
  return recordings.reduce(
    (text, recording) => text.replaceAll(recording.record, `(${recording.expr})`), expr);
}
