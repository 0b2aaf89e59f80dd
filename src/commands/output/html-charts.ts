import type { CheckCounts } from "../../audit/run.ts";
import { levels } from "../../detections/detection.ts";
import { html, type Html } from "./html-text.ts";

const rowHeight = 26;
const barFrom = 230;
const barMost = 690;

export interface Bar {
  readonly label: string;
  readonly count: number;
  /** Its colour. */
  readonly kind: string;
  readonly note: string;
}

/** A bar for each, as long as its count. */
export function bars(rows: readonly Bar[], title: string): Html {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return chart(title, rows.length, rows.map(({ label, count, kind, note }, i) => {
    const y = i * rowHeight;
    const width = Math.max(3, Math.round((count / most) * barMost));
    return html`
<text class="end" x="${barFrom - 12}" y="${y + 17}">${label}</text>
<rect class="${kind}" x="${barFrom}" y="${y + 4}" width="${width}" height="18" rx="4"/>
<text x="${barFrom + width + 8}" y="${y + 17}">${count.toLocaleString("en")}
<tspan class="soft">${note}</tspan></text>`;
  }));
}

const verdicts = ["fail", "unknown", "pass"] as const;

/** What each check said, as shares. */
export function verdictBars(checks: readonly CheckCounts[]): Html {
  const title = "Shares of fail, unknown and pass by check";
  return chart(title, checks.length, checks.map((counts, i) => {
    const y = i * rowHeight;
    const all = Math.max(1, counts.pass + counts.fail + counts.unknown);
    let x = barFrom;
    const parts = verdicts.map((verdict) => {
      const width = (counts[verdict] / all) * barMost;
      const from = x;
      x += width;
      return width === 0 ? html`` : html`
<rect class="${verdict}" x="${from.toFixed(1)}" y="${y + 4}" width="${width.toFixed(1)}"
 height="18"/>`;
    });
    return html`
<text class="end" x="${barFrom - 12}" y="${y + 17}">${counts.check}</text>${parts}
<text class="soft" x="${barFrom + barMost + 8}" y="${y + 17}">${
  counts.fail.toLocaleString("en")} of ${all.toLocaleString("en")}</text>`;
  }));
}

function chart(title: string, rowCount: number, rows: readonly Html[]): Html {
  return html`<svg viewBox="0 0 1030 ${Math.max(1, rowCount) * rowHeight}" role="img"
 aria-label="${title}">${rows}</svg>`;
}

export function legend(kinds: readonly (readonly [kind: string, label: string])[]): Html {
  const items = kinds.map(([kind, label]) => html`<span><svg viewBox="0 0 12 12"
 aria-hidden="true"><rect class="${kind}" width="12" height="12" rx="3"/></svg>${label}</span>`);
  return html`<p class="legend">${items}</p>`;
}

/** The most open failures of the worst level first. */
export function openBars(checks: readonly CheckCounts[]): Html {
  const open = checks.filter((one) => one.open > 0).sort((a, b) =>
    levels.indexOf(b.level) - levels.indexOf(a.level) || b.open - a.open);
  return bars(open.map(({ check, level, open: count }) =>
    ({ label: check, count, kind: level, note: level })), "Open failures by check");
}
