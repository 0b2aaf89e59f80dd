import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { pictures, prometheusOf } from "../../monitoring/pictures/draw.ts";
import { lapseOfADay, startAt } from "../../monitoring/pictures/lapse.ts";
import { CompanyIam } from "./company-iam.ts";

const root = join(import.meta.dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "pictures-"));
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

it("draws every dashboard from what a real Prometheus answers", async () => {
  const iam = await CompanyIam.open(startAt);
  const lapse = await lapseOfADay(folder, iam);
  await iam.close();
  const prometheus = await prometheusOf(folder, lapse);
  const drawn = await pictures(root, prometheus, lapse);
  await prometheus.stop();
  mkdirSync(join(root, "docs", "pictures"), { recursive: true });
  for (const [uid, png] of drawn) {
    writeFileSync(join(root, "docs", "pictures", `${uid}.png`), png);
    expect(png.length).toBeLessThan(600_000);
  }
  expect(drawn.size).toBe(5);
}, 1_200_000);
