import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { roles } from "../../src/http/tokens.ts";
import { problemKinds } from "../../src/http/problem.ts";
import { madeFailure, madeIdentity, madeRun } from "../audit/made-run.ts";
import { everyRoute } from "./every-route.ts";
import { serving, simulated, tokens, type Item } from "./serving.ts";

const text = readFileSync(join(import.meta.dirname, "..", "..", "docs", "api.md"), "utf8");
const curls = [...text.matchAll(/^curl .*$/gm)].map(([line]) => line);

const { app, end } = await simulated();
const served = await serving({ store: app.store, config: () => app.config, now: () => end });
await app.store.keepAudit(madeRun({
  failures: [madeFailure("key-old")], identities: [madeIdentity()],
}));
const [finding = {}] = (await served.get("/v1/findings?rule=second-network-in-session")).items;
const values: Record<string, string> = {
  TOKEN: tokens.admin,
  API: served.url,
  SESSION: encodeURIComponent(String((finding["session"] as Item)["id"])),
  EVENT: String((finding["eventIds"] as readonly string[])[0]),
  FINDING: String(finding["id"]),
};

describe("docs/api.md", () => {
  it("has commands that work, in the order in which they stand", async () => {
    expect(curls.length).toBeGreaterThan(15);
    for (const line of curls) {
      const { url, init } = requestOf(line);
      const response = await fetch(url, init);
      const body = await response.text();
      expect({ line, body: response.ok ? "" : body }).toEqual({ line, body: "" });
      if (init.method === "POST" && url.endsWith("/v1/suppressions")) {
        values["SUPPRESSION"] = String((JSON.parse(body) as Item)["id"]);
      }
      // What is shown should show something.
      expect(`${line}: ${body}`).not.toContain('{"items":[]');
    }
  });

  it("says who may do what", () => {
    for (const { method, pattern, least } of everyRoute) {
      const who = least === "open" ? "everybody" : least;
      const [row = ""] = new RegExp(`^\\| ${who} \\|.*$`, "m").exec(text) ?? [];
      expect(row).toContain(`\`${method} ${pattern}\``);
    }
    const named = [...text.matchAll(/`(?:GET|POST|DELETE) \/[^`]*`/g)];
    expect(named).toHaveLength(everyRoute.length);
    for (const role of roles) expect(text).toContain(`| ${role} |`);
  });

  it("lists every kind of problem, with its status", () => {
    for (const [kind, status] of Object.entries(problemKinds)) {
      expect(text).toContain(`| \`${kind}\` | ${status} |`);
    }
  });
});

/** What curl would ask: its address, and of its options those that the page uses. */
function requestOf(line: string): { url: string; init: RequestInit & { method: string } } {
  const words = [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].slice(1).map(
    ([, single, double, bare]) => single ?? filled(double ?? bare ?? ""),
  );
  let [method, url, body] = ["GET", "", undefined as string | undefined];
  const headers: Record<string, string> = {};
  for (let i = 0; i < words.length; i += 1) {
    const next = (): string => words[++i] ?? "";
    const word = words[i] ?? "";
    if (word === "-s") continue;
    if (word === "-X") method = next();
    else if (word === "-d") body = next();
    else if (word === "-u") {
      headers["authorization"] = `Basic ${Buffer.from(next()).toString("base64")}`;
    } else if (word === "-H") {
      const [name = "", value = ""] = next().split(": ");
      headers[name] = value;
    } else url = word;
  }
  return { url, init: { method, headers, ...(body === undefined ? {} : { body }) } };
}

function filled(word: string): string {
  return word.replace(/\$([A-Z]+)/g, (_whole, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`The page uses $${name} before it is there.`);
    return value;
  });
}
