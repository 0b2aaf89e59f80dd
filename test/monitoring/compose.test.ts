import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { shownDashboards } from "./shown.ts";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
interface Service {
  readonly volumes: readonly string[];
  readonly ports: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}
const { services } = parse(read("compose.yaml")) as {
  readonly services: Readonly<Record<string, Service>>;
};

describe("compose.yaml", () => {
  it("mounts what there is, and serves this machine only", () => {
    const mounted = Object.values(services)
      .flatMap(({ volumes }) => volumes.map((volume) => volume.split(":")[0] ?? ""));
    expect(mounted.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(mounted.length).toBeGreaterThan(6);
    const ports = Object.values(services).flatMap((service) => service.ports);
    expect(ports.filter((port) => !port.startsWith("127.0.0.1:"))).toEqual([]);
  });

  it("gives the scraper the token that watch knows, and Grafana what is scraped", () => {
    const token = services["trailwarden"]?.environment?.["STACK_TOKEN"];
    const { scrape_configs: [scrape], rule_files: rules } = parse(
      read("monitoring/compose/prometheus.yml"),
    ) as {
      readonly scrape_configs: readonly { readonly authorization: object }[];
      readonly rule_files: readonly string[];
    };
    expect(scrape?.authorization).toEqual({ credentials: token });
    expect(rules).toEqual(["/etc/prometheus/rules/*.yml"]);
    const { datasources } = parse(read("monitoring/compose/grafana-datasources.yml")) as {
      readonly datasources: readonly { readonly uid: string; readonly url: string }[];
    };
    for (const { url } of datasources) {
      expect(services).toHaveProperty(new URL(url).hostname);
    }
  });
});

it("docs/dashboards.md shows a picture of every dashboard", () => {
  const shown = [...read("docs/dashboards.md").matchAll(/\(pictures\/([\w-]+)\.png\)/g)]
    .map(([, uid = ""]) => uid);
  expect(shown.sort()).toEqual(shownDashboards.map(({ uid }) => uid).sort());
  const pictures = shown.map((uid) => join(root, "docs", "pictures", `${uid}.png`));
  expect(pictures.filter((path) => !existsSync(path))).toEqual([]);
});
