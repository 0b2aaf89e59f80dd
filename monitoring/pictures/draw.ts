import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { startPrometheus, type Server } from "../stack/server.ts";
import { everySeconds, type Lapse } from "./lapse.ts";
import { pageOf, pageWidth, type Dashboard } from "./page.ts";

/** Debian's. */
const executablePath = "/usr/bin/chromium";
/** Seconds between two points of a picture. */
const step = 600;

/** A real Prometheus that knows what was scraped. */
export async function prometheusOf(folder: string, { path }: Lapse): Promise<Server> {
  execFileSync("promtool", [
    "tsdb", "create-blocks-from", "openmetrics", path, join(folder, "prometheus"),
  ], { stdio: "ignore" });
  return await startPrometheus({ folder, everySeconds: 60, scrapes: [], ruleFiles: [] });
}

/** A PNG of each dashboard, by its uid. */
export async function pictures(
  root: string,
  { url }: Server,
  { start, end }: Lapse,
): Promise<ReadonlyMap<string, Buffer>> {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage({ viewport: { width: pageWidth, height: 900 } });
    const drawn = new Map<string, Buffer>();
    for (const name of readdirSync(join(root, "dashboards"))) {
      const text = readFileSync(join(root, "dashboards", name), "utf8");
      const dashboard = JSON.parse(text) as Dashboard;
      const asking = { url, start: start + step, end: end - everySeconds, step,
        chosen: chosenIn(dashboard) };
      await page.setContent(await pageOf(dashboard, asking));
      drawn.set(dashboard.uid, await page.screenshot({ fullPage: true }));
    }
    return drawn;
  } finally {
    await browser.close();
  }
}

/** Everything; where one agent is chosen, this. */
function chosenIn({ templating }: Dashboard): Readonly<Record<string, string>> {
  const choices = templating.list.filter(({ type }) => type === "query");
  return {
    ...Object.fromEntries(choices.map(({ name, includeAll }) =>
      [name, includeAll === true ? ".*" : "aider"])),
    __rate_interval: "10m", __range: "1d",
  };
}
