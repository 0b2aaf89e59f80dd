import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditHtml } from "../../src/commands/output/print-audit-html.ts";
import { startChromium } from "./chromium.ts";
import { hostile, madeReport } from "./made-report.ts";

const folder = mkdtempSync(join(tmpdir(), "audit-report-"));
const file = join(folder, "audit.html");
let browser: Browser;
let page: Page;
/** Whatever the page says to its console, or asks for. */
const said: string[] = [];

beforeAll(async () => {
  writeFileSync(file, auditHtml(await madeReport(), "1.2.3"));
  browser = await startChromium();
  const viewport = { width: 1240, height: 900 };
  const context = await browser.newContext({ offline: true, viewport });
  page = await context.newPage();
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  page.on("request", (request) => said.push(request.url()));
  await page.goto(pathToFileURL(file).href);
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("the audit's page, opened from disk without network", () => {
  it("asks for nothing but itself, and nothing on it runs or is refused", async () => {
    expect(said).toEqual([pathToFileURL(file).href]);
    expect(await page.title()).toBe("Agent identities: audit of 2026-06-30");
    expect(await page.locator("script, img, iframe, object, link").count()).toBe(0);
    const handlers = await page.evaluate(`[...document.querySelectorAll("*")].flatMap((one) =>
      one.getAttributeNames().filter((name) => name.startsWith("on") || name === "href"))`);
    expect(handlers).toEqual([]);
  });

  it("may not run or load anything, whatever got into it", async () => {
    const refused = await page.evaluate(`new Promise((resolve) => {
      document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
        image.remove();
        resolve(effectiveDirective);
      });
      const image = document.createElement("img");
      image.src = "data:,";
      document.body.append(image);
    })`);
    expect(refused).toBe("img-src");
  });

  it("shows names as they are", async () => {
    const code = page.locator("code", { hasText: "onerror" }).first();
    expect(await code.textContent()).toContain(hostile);
  });

  it("draws what failed, what each check said, and who may become whom", async () => {
    expect(await page.locator("svg[role=img]").count()).toBe(3);
    expect(await page.locator("svg[aria-label='Who may become whom'] path.edge").count())
      .toBeGreaterThan(4);
    const box = await page.locator("svg[role=img]").first().boundingBox();
    expect(box?.width).toBeGreaterThan(900);
    const isTooWide = await page.evaluate(
      "document.documentElement.scrollWidth > document.documentElement.clientWidth");
    expect(isTooWide).toBe(false);
    const ground = await page.evaluate(
      'getComputedStyle(document.querySelector(".tile.high")).borderTopColor');
    expect(ground).toBe("rgb(198, 47, 59)");
    const path = process.env["SCREENSHOT"];
    if (path !== undefined) await page.screenshot({ path, fullPage: true });
  });

  it("prints, remedies included", async () => {
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("details pre").first().isVisible()).toBe(true);
    const pdf = await page.pdf({ format: "A4", printBackground: true });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    expect(pdf.length).toBeGreaterThan(20_000);
  });
});
