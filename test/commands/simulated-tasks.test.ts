import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import type { Incident } from "../../src/simulation/incidents/incident.ts";
import { profiles } from "../../src/simulation/agents/profiles.ts";
import type { TaskTruth } from "../../src/simulation/told.ts";
import { lines, Workplace } from "./program.ts";

const place = new Workplace();
afterAll(() => {
  place.remove();
});

interface Finding {
  readonly rule: string;
  readonly level: string;
  readonly status: string;
  readonly because: string;
  readonly entity: { readonly type: string; readonly id: string };
  readonly session: { readonly name: string } | null;
  readonly credential: { readonly accessKeyId: string } | null;
  readonly eventIds: readonly string[];
}

interface Truth {
  readonly incidents: readonly Incident[];
  readonly taskIncidents: readonly Incident[];
  readonly tasks: readonly TaskTruth[];
}

/** What is about tasks, and what CloudTrail alone shows of it. */
const taskRules = new Set(["zombie-use", "zombie-credential", "task-overrun"]);
const graceMs = 60_000;

async function scan(folder: string, ...args: readonly string[]): Promise<readonly Finding[]> {
  const { code, stdout, stderr } = await place.run([
    "scan", `${folder}/AWSLogs`, "-f", "ndjson", "--fail-on", "never", ...args,
  ]);
  expect({ code, stderr: stderr.match(/^(?:Read|Told|Findings).*/gm)?.length === 0 })
    .toEqual({ code: 0, stderr: false });
  return lines(stdout) as readonly Finding[];
}

/** A finding on an agent as a whole names no session. */
function isOf({ entity: { type, id }, session }: Finding, { entity }: Incident): boolean {
  const { sessionName, accessKeyId } = entity;
  return type === "agent" || session?.name === sessionName || id.includes(sessionName) ||
    id === accessKeyId;
}

const keysOf = (findings: readonly Finding[]) =>
  findings.map(({ credential }) => credential?.accessKeyId ?? "").sort();
const sessionsOf = (findings: readonly Finding[]) =>
  findings.map(({ session }) => session?.name ?? "").sort();

describe.each([1, 2, 3, 4, 5])("of what is simulated with the seed %i", (seed) => {
  const folder = `seed-${seed}`;
  const config = ["--config", `${folder}/trailwarden.yaml`];
  const tasks = ["--tasks", `${folder}/tasks.ndjson`];
  let truth: Truth;
  let found: readonly Finding[];

  beforeAll(async () => {
    await place.run([
      "simulate", "--out", folder, "--seed", String(seed), "--start", "2026-03-02", "--days", "2",
      "--scale", "0.4", "--agent-share", "0.5",
    ]);
    truth = JSON.parse(readFileSync(place.path(`${folder}/ground-truth.json`), "utf8")) as Truth;
    found = await scan(folder, ...config, ...tasks);
  });

  const by = (rule: string) => found.filter((finding) => finding.rule === rule);
  const planted = (rule: string) =>
    [...truth.incidents, ...truth.taskIncidents].filter((incident) => incident.rule === rule);

  it("every use of a zombie is found, and nothing else is called one", () => {
    const shape = (key: string, level: string, eventIds: readonly string[]) =>
      ({ key, level, eventIds: [...eventIds].sort() });
    const expected = planted("zombie-use").map(({ id, entity, eventIds }) =>
      shape(entity.accessKeyId ?? "", id === "zombie-use-write" ? "critical" : "high", eventIds));
    expect(expected).toHaveLength(5);
    const uses = by("zombie-use").map(({ credential, level, eventIds }) =>
      shape(credential?.accessKeyId ?? "", level, eventIds));
    const byKey = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1);
    expect(uses.sort(byKey)).toEqual(expected.sort(byKey));
  });

  it("every credential that outlived its task unused is found, open while it lives", () => {
    const used = new Set(planted("zombie-use").map(({ entity }) => entity.accessKeyId));
    const zombies = truth.tasks.flatMap(({ endedAt, credentials }) => credentials
      .filter(({ issuedAt, expiresAt, accessKeyId }) =>
        expiresAt > Math.max(endedAt + graceMs, issuedAt) && !used.has(accessKeyId)));
    const seconds = /^(\w+) of .* stays valid for (\d+) s after /;
    expect(by("zombie-credential").map(({ because }) => seconds.exec(because)?.slice(1)).sort())
      .toEqual(zombies.map((one) => [one.accessKeyId, String(one.zombieSeconds)]).sort());
    const [alive] = planted("zombie-credential");
    expect(keysOf(by("zombie-credential").filter(({ status }) => status === "open")))
      .toEqual([alive?.entity.accessKeyId]);
  });

  it("the overrun, the excess and what nobody covered are found, and nothing else", () => {
    const [overrun] = planted("task-overrun");
    const task = truth.tasks.find(({ credentials }) =>
      credentials.some(({ accessKeyId }) => accessKeyId === overrun?.entity.accessKeyId));
    expect(by("task-overrun").map(({ entity }) => entity))
      .toEqual([{ type: "task", id: task?.id }]);
    expect(by("too-many-live-credentials").map(({ entity }) => entity))
      .toEqual([{ type: "agent", id: "dependency-bot" }]);
    for (const rule of ["session-not-issued-by-us", "break-glass-use"]) {
      expect(sessionsOf(by(rule))).toEqual(planted(rule).map(({ entity }) => entity.sessionName));
    }
  });

  it("without what was told of tasks, the rest is the same", async () => {
    const alone = await scan(folder, ...config);
    expect(alone.filter(({ rule }) => taskRules.has(rule))).toEqual([]);
    const told = found.filter(({ rule }) => !taskRules.has(rule));
    const shown = (findings: readonly Finding[]) =>
      findings.map(({ rule, entity }) => `${rule} ${entity.id}`).sort();
    expect(shown(alone)).toEqual(shown(told));
    for (const incident of truth.incidents) {
      const isFound = alone.some((finding) => finding.rule === incident.rule &&
        isOf(finding, incident));
      expect({ id: incident.id, isFound }).toEqual({ id: incident.id, isFound: true });
    }
    // A key that was taken in time and then not needed is ordinary, and true.
    const unplanned = alone.filter(({ rule }) => rule !== "issued-never-used")
      .filter((finding) => !truth.incidents.some((incident) =>
        [incident.rule, ...incident.alsoRules].includes(finding.rule) && isOf(finding, incident)));
    expect(unplanned.map(({ rule, because }) => [rule, because])).toEqual([]);
  });

  const registration = "where all sessions have to be told of, those that were are quiet";
  it.runIf(seed === 1)(registration, async () => {
    const text = readFileSync(place.path(`${folder}/trailwarden.yaml`), "utf8");
    const document = parse(text) as { agents: { name: string }[] };
    const wrapped = new Set(profiles.filter(({ issuedBy }) => issuedBy === "broker")
      .map(({ name }) => name));
    const agents = document.agents.map((agent) =>
      ({ ...agent, mustRegister: wrapped.has(agent.name) }));
    const strict = place.write(`${folder}/strict.yaml`, stringify({ ...document, agents }));
    const findings = await scan(folder, "--config", strict, ...tasks);
    const untold = ["session-not-issued-by-us", "session-name", "lifetime-above-policy"];
    expect(sessionsOf(findings.filter(({ rule }) => rule === "session-not-issued-by-us"))).toEqual(
      truth.incidents.filter(({ id }) => untold.includes(id))
        .map(({ entity }) => entity.sessionName).sort(),
    );
  });
});
