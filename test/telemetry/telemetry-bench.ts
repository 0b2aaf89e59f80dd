import { createLogger, type LogLevel } from "../../src/telemetry/logger.ts";
import { Telemetry, type TelemetryOptions } from "../../src/telemetry/telemetry.ts";
import type { Standing } from "../../src/telemetry/happenings.ts";

export const nothingStands: Standing = {
  liveSessions: [], liveCredentials: [], openFindings: [], credentialSeconds: [], storeBytes: 0,
  outbox: [], audit: null,
  baselines: { mature: 0, learning: 0, truncated: 0, roles: [] },
};

/** A telemetry that can be looked at: its lines, and its metrics by series. */
export function watched(options: Partial<TelemetryOptions> & { level?: LogLevel } = {}) {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({
    level: options.level ?? "debug",
    isPretty: false,
    destination: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  });
  const telemetry = new Telemetry({
    logger,
    version: "1.2.3",
    inHandLimitBytes: 1000,
    sources: ["trail"],
    receivers: ["findings"],
    agents: [],
    rules: [],
    ...options,
  });
  const scrape = (standing: Standing = nothingStands) => {
    return telemetry.scrape(() => Promise.resolve(standing));
  };
  return { telemetry, lines, scrape };
}

/** `name{a="b"}` -> value, of the series whose name begins so; those at 0 only when asked for. */
export function series(text: string, name: string, zeros = false): Record<string, number> {
  const found: Record<string, number> = {};
  for (const line of text.split("\n")) {
    const end = line.lastIndexOf(" ");
    const value = Number(line.slice(end + 1));
    if (!line.startsWith(name) || (value === 0 && !zeros)) continue;
    found[line.slice(0, end)] = value;
  }
  return found;
}
