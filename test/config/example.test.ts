import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { overrideVariables } from "../../src/config/environment.ts";
import { readConfig } from "../../src/config/load.ts";
import { Config } from "../../src/config/schema.ts";

const text = readFileSync(
  new URL("../../docs/trailwarden.example.yaml", import.meta.url),
  "utf8",
);

describe("docs/trailwarden.example.yaml", () => {
  it("loads", () => {
    expect(readConfig("example", text).problems).toEqual([]);
  });

  it("uses every key of the schema", () => {
    const example = parse(text) as unknown;
    const keys = keysOf(Config);
    expect(keys.filter((key) => !isUsed(example, key.split(".")))).toEqual([]);
    expect(keys).toContain("sources.requireCloudTrailRequester");
    expect(keys).toContain("http.tokens.sha256");
  });

  it("shows the defaults as they are", () => {
    const example = Config.parse(parse(text));
    const { read, retentionDays, http, service, response, audit, baselines } = Config.parse({});
    const { enabled, carrier, policyName, hourlyMax, escalate } = response;
    expect(example).toMatchObject({
      read, retentionDays, service, baselines,
      response: { enabled, carrier, policyName, hourlyMax, escalate },
    });
    const { schedule, reports, signingKeyFile, ...audited } = example.audit;
    expect([schedule, reports, signingKeyFile]).not.toContain(undefined);
    expect({ ...audited, accounts: [], accepted: [] }).toEqual(audit);
    expect({ ...example.http, tokens: [] }).toEqual(http);
    const account = { id: "111122223333" };
    const { sources } = Config.parse({
      sources: [
        { kind: "sqs", name: "a", queueUrl: "https://example.com/q" },
        { kind: "lookup-events", name: "b", accounts: [account], regions: ["eu-west-1"] },
        { kind: "directory", name: "c", path: "." },
      ],
    });
    const defaults = [
      { concurrency: 128, visibilitySeconds: 120, requireCloudTrailRequester: false },
      { everySeconds: 60, overlapSeconds: 900, startHoursAgo: 1 },
      { everySeconds: 2 },
    ];
    expect(sources).toMatchObject(defaults);
    expect(example.sources).toMatchObject(defaults);
    const { slack, alertmanager } = {
      slack: Config.parse({ sinks: [{ kind: "slack", name: "s", token: "t", channel: "c" }] }),
      alertmanager: Config.parse({
        sinks: [{ kind: "alertmanager", name: "a", url: "https://example.com" }],
      }),
    };
    const shown = (kind: string) => example.sinks.find((sink) => sink.kind === kind);
    const own = { name: expect.any(String) as string, token: "xoxb-1", channel: "C0123456789" };
    const [chat] = slack.sinks;
    const quietHours: unknown = expect.anything();
    expect(shown("slack")).toEqual({ ...chat, ...own, quietHours });
    expect(shown("alertmanager")).toMatchObject({ resendSeconds: 60, timeoutSeconds: 5 });
    expect(alertmanager.sinks[0]).toMatchObject({ resendSeconds: 60, timeoutSeconds: 5 });
  });

  it("names every variable that stands for a setting", () => {
    expect(overrideVariables.filter((variable) => !text.includes(variable))).toEqual([]);
  });
});

/** What zod tells of a schema, as far as it has keys. */
interface Described {
  readonly def: {
    readonly innerType?: unknown;
    readonly element?: unknown;
    readonly shape?: Readonly<Record<string, unknown>>;
    readonly options?: readonly unknown[];
  };
}

/** `agents.networks` and the like: every key, also within lists, and of every kind of source. */
function keysOf(schema: unknown, path = ""): readonly string[] {
  const { innerType, element, shape, options } = (schema as Described).def;
  const inner = innerType ?? element;
  if (inner !== undefined) return keysOf(inner, path);
  if (options !== undefined) return options.flatMap((option) => keysOf(option, path));
  return Object.entries(shape ?? {}).flatMap(([key, value]) => {
    const own = path === "" ? key : `${path}.${key}`;
    return [own, ...keysOf(value, own)];
  });
}

function isUsed(value: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return true;
  if (Array.isArray(value)) return value.some((element) => isUsed(element, [key, ...rest]));
  if (typeof value !== "object" || value === null || !(key in value)) return false;
  return isUsed((value as Record<string, unknown>)[key], rest);
}
