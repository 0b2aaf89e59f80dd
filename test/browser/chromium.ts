import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

/** Debian's and Ubuntu's place; CHROMIUM says another. */
const path = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

export async function startChromium(): Promise<Browser> {
  if (!existsSync(path)) {
    throw new Error(`There is no Chromium at ${path}. Install it (apt-get install chromium), or ` +
      "say with CHROMIUM where it is.");
  }
  return await chromium.launch({ executablePath: path, args: ["--no-sandbox"] });
}
