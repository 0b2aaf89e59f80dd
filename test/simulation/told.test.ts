import { describe, expect, test } from "vitest";
import { Config } from "../../src/config/schema.ts";
import { taskIdOf } from "../../src/sessions/task.ts";
import { scripts, taskScripts } from "../../src/simulation/incidents/catalogue.ts";
import type { Incident } from "../../src/simulation/incidents/incident.ts";
import { matchingConfig } from "../../src/simulation/matching-config.ts";
import type { SimulationOptions } from "../../src/simulation/simulate.ts";
import { groundTruth, simulate, simulatedTasks } from "../../src/simulation/simulate.ts";
import { toldAt, type CredentialTruth } from "../../src/simulation/told.ts";

const startAt = Date.UTC(2026, 8, 28); // a Monday
const options: SimulationOptions = { seed: "tests", startAt, days: 4 };
const records = [...simulate(options)].flatMap((file) => file.records);
const tasks = [...simulatedTasks(options)];
const ordinary = [...simulatedTasks({ ...options, incidents: "none" })];
const planted = new Map(
  groundTruth(options, [...scripts, ...taskScripts]).map((incident) => [incident.id, incident]),
);

interface Call {
  readonly at: number;
  readonly eventId: string;
  readonly accessKeyId: unknown;
  readonly isWrite: boolean;
}
const calls: readonly Call[] = records.map((record) => ({
  at: Date.parse(String(record["eventTime"])),
  eventId: String(record["eventID"]),
  accessKeyId: (record["userIdentity"] as Readonly<Record<string, unknown>>)["accessKeyId"],
  isWrite: record["readOnly"] === false,
}));
const callsOf = ({ accessKeyId }: Pick<CredentialTruth, "accessKeyId">) =>
  calls.filter((call) => call.accessKeyId === accessKeyId);

/** What STS says of a credential in the trail, by access key id. */
const issued = new Map(records
  .filter(({ eventName }) => eventName === "AssumeRole")
  .map((record) => {
    const { roleArn, roleSessionName } = record["requestParameters"] as Record<string, unknown>;
    const { credentials } = record["responseElements"] as {
      credentials: { accessKeyId: string; expiration: string };
    };
    const { accessKeyId, expiration } = credentials;
    const expiresAt = Date.parse(`${expiration} UTC`);
    const issuedAt = Date.parse(String(record["eventTime"]));
    return [
      accessKeyId, { accessKeyId, roleArn, sessionName: roleSessionName, issuedAt, expiresAt },
    ];
  }));

describe("what the wrapper tells of simulated tasks", () => {
  test("is the same for the same seed, and of incidents only where there are any", () => {
    expect([...simulatedTasks(options)]).toEqual(tasks);
    expect(tasks.slice(0, ordinary.length)).toEqual(ordinary);
    expect(tasks.length).toBeGreaterThan(ordinary.length + taskScripts.length);
  });

  test("names only declared agents, and credentials that CloudTrail shows being issued", () => {
    const agents = new Set(Config.parse(matchingConfig()).agents.map(({ name }) => name));
    for (const { start, news, truth } of tasks) {
      expect(agents).toContain(start.agent);
      expect(start.id).toBe(taskIdOf(start.agent, start.externalId));
      const told = news.flatMap((one) => one.kind === "credential" ? [one.credential] : []);
      expect(told.length).toBeGreaterThan(0);
      expect(told).toEqual(told.map(({ accessKeyId }) => issued.get(accessKeyId)));
      const own = truth.credentials.filter(({ by }) => by === "access-key");
      expect(own).toEqual(told.map((credential) => expect.objectContaining(credential) as unknown));
      for (const chained of truth.credentials.filter(({ by }) => by === "chain")) {
        expect(chained).toMatchObject(issued.get(chained.accessKeyId) ?? {});
      }
    }
    expect(new Set(tasks.map(({ start }) => start.id)).size).toBe(tasks.length);
  });

  test("goes on in order of time, from the start to one end or to a silence", () => {
    for (const { start, news, truth } of tasks) {
      const instants = [start.startedAt, ...news.map(toldAt)];
      expect(instants).toEqual([...instants].sort((a, b) => a - b));
      const ends = news.flatMap((one) => one.kind === "end" ? [one.end] : []);
      if (truth.outcome === "lost") {
        const last = Math.max(...news.map((one) => one.kind === "heartbeat" ? one.at : 0));
        expect(ends).toEqual([]);
        expect(truth.endedAt).toBe(last + 1000 * (start.heartbeatSeconds ?? Infinity));
      } else {
        expect(ends).toEqual([expect.objectContaining(
          { at: truth.endedAt, outcome: truth.outcome },
        )]);
        expect(news.at(-1)?.kind).toBe("end");
      }
    }
  });

  test("adds up: issued seconds are those needed and those of a zombie", () => {
    for (const { truth: { endedAt, credentials } } of tasks) {
      for (const credential of credentials) {
        const { issuedAt, expiresAt, issuedSeconds, neededSeconds, zombieSeconds } = credential;
        expect(issuedSeconds).toBe((expiresAt - issuedAt) / 1000);
        expect(neededSeconds + zombieSeconds).toBe(issuedSeconds);
        expect(Math.min(neededSeconds, zombieSeconds)).toBeGreaterThanOrEqual(0);
        const aliveMs = expiresAt - Math.max(endedAt, issuedAt);
        expect(zombieSeconds).toBe(Math.max(0, aliveMs) / 1000);
      }
    }
  });

  test("holds tasks with several sessions, with refreshed credentials, and with a chain", () => {
    const names = ordinary.map(({ truth: { credentials } }) =>
      credentials.filter(({ by }) => by === "access-key").map((one) => one.sessionName));
    const several = names.filter((own) => new Set(own).size > 1);
    expect(several.length).toBe(2 * 4); // the dependency bot's
    expect(names.some((own) => own.length > new Set(own).size)).toBe(true);
    expect(ordinary.some(({ truth }) => truth.credentials.some(({ by }) => by === "chain")))
      .toBe(true);
  });

  test("leaves nothing to say of ordinary tasks, but for calls within a grace of a minute", () => {
    let lateCount = 0;
    for (const { start, truth } of ordinary) {
      const seconds = (truth.endedAt - start.startedAt) / 1000;
      expect(seconds / (start.expectedSeconds ?? 1)).toBeLessThan(2);
      for (const { at } of truth.credentials.flatMap(callsOf)) {
        expect(at - truth.endedAt).toBeLessThan(60_000);
        if (at > truth.endedAt) lateCount += 1;
      }
    }
    expect(lateCount).toBeGreaterThan(5);
  });

  test("leaves nothing alive of ordinary tasks when the days are over", () => {
    const latest = Math.max(...calls.map(({ at }) => at));
    expect(latest).toBeLessThan(startAt + 4 * 86_400_000);
    for (const { truth: { credentials } } of ordinary) {
      for (const { expiresAt } of credentials) expect(expiresAt).toBeLessThan(latest);
    }
  });
});

interface Zombie {
  readonly by: CredentialTruth["by"];
  readonly isWrite?: boolean;
  readonly isLost?: boolean;
}

describe("a planted incident of tasks", () => {
  const incident = (id: string): Incident => planted.get(id) ?? expect.fail(`no ${id}`);
  const taskOf = (id: string) => {
    const { entity } = incident(id);
    const task = tasks.find(({ truth }) =>
      truth.credentials.some(({ accessKeyId }) => accessKeyId === entity.accessKeyId));
    return task ?? expect.fail(`no task of ${id}`);
  };

  test.each<[string, Zombie]>([
    ["zombie-use", { by: "access-key" }],
    ["zombie-use-write", { by: "access-key", isWrite: true }],
    ["zombie-use-refreshed", { by: "access-key" }],
    ["zombie-use-chained", { by: "chain" }],
    ["zombie-use-lost", { by: "access-key", isLost: true }],
  ])("%s is a use of a live credential minutes after the task", (id, of) => {
    const { by, isWrite = false, isLost = false } = of;
    const { entity, eventIds } = incident(id);
    const { endedAt, outcome, credentials } = taskOf(id).truth;
    const used = credentials.find(({ accessKeyId }) => accessKeyId === entity.accessKeyId);
    expect(used?.by).toBe(by);
    expect(outcome === "lost").toBe(isLost);
    const uses = calls.filter(({ eventId }) => eventIds.includes(eventId));
    expect(uses.length).toBeGreaterThan(0);
    for (const use of uses) {
      expect(use.accessKeyId).toBe(entity.accessKeyId);
      expect(use.at).toBeGreaterThanOrEqual(endedAt + 300_000);
      expect(use.at).toBeLessThan(used?.expiresAt ?? 0);
      expect(use.isWrite).toBe(isWrite);
    }
  });

  test("zombie-credential is a task of two minutes whose hour is not over with the days", () => {
    const { truth: { endedAt, credentials } } = taskOf("zombie-credential");
    expect(credentials).toMatchObject([{ issuedSeconds: 3600, neededSeconds: 120,
      zombieSeconds: 3480 }]);
    const [credential] = credentials;
    expect(credential?.expiresAt).toBeGreaterThan(startAt + 4 * 86_400_000);
    expect(credential === undefined ? [] : callsOf(credential).filter(({ at }) => at > endedAt))
      .toEqual([]);
  });

  test("task-overrun takes three times as long as expected, while its credential works", () => {
    const { start, truth: { endedAt, credentials } } = taskOf("task-overrun");
    expect(start.expectedSeconds).toBe(300);
    expect(endedAt - start.startedAt).toBe(901_000);
    expect(credentials[0]?.expiresAt).toBeGreaterThan(endedAt);
  });

  test("too-many-live-credentials is four at once, of an agent that ordinarily has two", () => {
    const { start, truth } = taskOf("too-many-live-credentials");
    const most = (of: readonly CredentialTruth[]) => Math.max(...of.map(({ issuedAt }) =>
      of.filter((one) => one.issuedAt <= issuedAt && issuedAt < one.expiresAt).length));
    expect(most(truth.credentials)).toBe(4);
    const others = ordinary.filter((task) => task.start.agent === start.agent);
    expect(most(others.flatMap((task) => task.truth.credentials))).toBe(2);
  });
});
