import { describe, expect, it } from "vitest";
import type { Credential } from "../../src/sessions/session.ts";
import { taskIdOf } from "../../src/sessions/task.ts";
import { noon, session } from "../storage/made.ts";
import { everyItem } from "./serving.ts";
import { bodyOf, tasksServing } from "./tasks-serving.ts";

const { send, clock, served } = await tasksServing();
const at = (seconds: number): string => new Date(noon + seconds * 1000).toISOString();
const id = taskIdOf("aider", "T-1");
const roleArn = "arn:aws:iam::111122223333:role/agents/aider-readonly";

// A task of two minutes, on a credential of fifteen.
await send("/v1/tasks", {
  ...bodyOf({ externalId: "T-1" }), startedAt: at(0), expectedSeconds: 120, heartbeatSeconds: null,
});
await send(`/v1/tasks/${id}/credentials`, {
  accessKeyId: "ASIATASKKEY000000001", roleArn, sessionName: "aider-1", issuedAt: at(0),
  expiresAt: at(900),
});
const end = { at: at(120), outcome: "succeeded", exitCode: 0, revoke: false };
await send(`/v1/tasks/${id}/end`, end);

// What nobody told of: a day's runs of a pipeline, half an hour after each other.
const runs = [0, 1, 2].map((i) => noon + i * 1_800_000);
await served.store.judged([{
  groupKey: "g", parts: [], hits: [],
  sessions: runs.map((startedAt, i) => session(`run-${i}`, {
    firstAt: startedAt, lastAt: startedAt + 240_000,
    task: { externalId: `run-${i}`, basis: "oidc-subject", confidence: "medium" },
    attribution: { ...session("x").attribution, agent: "ci" },
    credentials: [used(`ASIARUN${i}`, startedAt)],
  })),
}]);

function used(accessKeyId: string, startedAt: number): Credential {
  return {
    accessKeyId, kind: "temporary", issuance: null, expiresAt: startedAt + 3_600_000,
    firstAt: startedAt, lastAt: startedAt + 240_000, useCount: 2, networks: [], userAgents: [],
    credentialSources: [], tasks: [],
  };
}

const seconds = { issuedSeconds: 900, usedSeconds: 120, zombieSeconds: 780, savedSeconds: 0 };
const counts = {
  credentialCount: 1, unusedCount: 1, liveZombieCount: 0, unknownExpiryCount: 0,
};

describe("lifetimes", () => {
  it("of a task of 2 minutes on 15 are 13 minutes of zombie", async () => {
    clock.at = noon + 130_000;
    expect(await served.get(`/v1/tasks/${id}`)).toMatchObject({
      id,
      outcome: "succeeded",
      lifetimes: {
        ...seconds,
        credentials: [{
          accessKeyId: "ASIATASKKEY000000001", roleArn, issuedAt: at(0), expiresAt: at(900),
          lastCallAt: null, endedAt: at(120), endBasis: "told", ...seconds,
        }],
      },
    });
    expect(await served.get("/v1/lifetimes?by=role&limit=1")).toEqual({
      by: "role", since: null, until: null, asOf: at(130), stsMinimumSeconds: 900,
      items: [{
        key: roleArn, task: null, ...counts, liveZombieCount: 1, ...seconds,
        expectedSeconds: 120, observedSeconds: 120, presentSeconds: 900, recommendedSeconds: 300,
        recommendedFrom: "expected",
      }],
      rest: {
        credentialCount: 3, unusedCount: 0, liveZombieCount: 0, unknownExpiryCount: 0,
        issuedSeconds: 10_800, usedSeconds: 130, zombieSeconds: 0, savedSeconds: 0,
      },
      total: {
        ...counts, credentialCount: 4, liveZombieCount: 1, issuedSeconds: 11_700,
        usedSeconds: 250, zombieSeconds: 780, savedSeconds: 0,
      },
    });
  });

  it("are added up by agent and by task, the most wasteful first", async () => {
    clock.at = noon + 86_400_000;
    const { items, total } = await served.get("/v1/lifetimes");
    expect(items).toEqual([
      {
        key: "ci", task: null, ...counts, credentialCount: 3, unusedCount: 0,
        issuedSeconds: 10_800, usedSeconds: 720, zombieSeconds: 10_080, savedSeconds: 0,
        expectedSeconds: null, observedSeconds: 240, presentSeconds: 3600, recommendedSeconds: 300,
        recommendedFrom: "observed",
      },
      {
        key: "aider", task: null, ...counts, ...seconds, expectedSeconds: 120,
        observedSeconds: 120, presentSeconds: 900, recommendedSeconds: 300,
        recommendedFrom: "expected",
      },
    ]);
    expect(total).toMatchObject({ credentialCount: 4, zombieSeconds: 10_860 });
    const until = encodeURIComponent(at(1800));
    expect((await served.get(`/v1/lifetimes?by=task&until=${until}`)).items).toMatchObject([
      {
        key: taskIdOf("ci", "run-0"), zombieSeconds: 3360,
        task: { externalId: "run-0", agent: "ci", basis: "oidc-subject" },
      },
      { key: id, zombieSeconds: 780, task: { externalId: "T-1", agent: "aider", basis: "told" } },
    ]);
    const since = encodeURIComponent(at(1800));
    expect((await served.get(`/v1/lifetimes?since=${since}&limit=1`)).total)
      .toMatchObject({ credentialCount: 2, zombieSeconds: 6720 });
  });

  it.each([
    ["by=account", "by in the query"],
    ["since=yesterday", "since in the query"],
    ["limit=0", "limit in the query"],
    ["sort=zombie", "sort"],
  ])("are not asked for with %s", async (query, said) => {
    const response = await served.ask(`/v1/lifetimes?${query}`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(said);
  });
});

describe("inferred tasks", () => {
  const inferred = "/v1/tasks?basis=inferred";

  it("are listed by pages, each with its first and last call, and ended once idle", async () => {
    clock.at = noon + 3_600_000;
    const items = await everyItem(served, `${inferred}&limit=1`);
    expect(items).toEqual([2, 1, 0].map((i) => ({
      id: taskIdOf("ci", `run-${i}`), externalId: `run-${i}`, agent: "ci", basis: "oidc-subject",
      confidence: "medium", roleArn: null, startedAt: at(i * 1800), lastCallAt: at(i * 1800 + 240),
      endedAt: i < 1 ? at(i * 1800 + 240) : null, sessionCount: 1, credentialCount: 1,
    })));
    expect((await served.get(`${inferred}&open=true`)).items).toHaveLength(2);
    expect((await served.get(`${inferred}&open=false`)).items).toHaveLength(1);
    expect((await served.get(`${inferred}&agent=aider`)).items).toEqual([]);
  });

  it("are shown with the lifetimes of their credentials", async () => {
    clock.at = noon + 86_400_000;
    expect(await served.get(`/v1/tasks/${taskIdOf("ci", "run-0")}`)).toMatchObject({
      externalId: "run-0",
      basis: "oidc-subject",
      lifetimes: {
        issuedSeconds: 3600, usedSeconds: 240, zombieSeconds: 3360,
        credentials: [{ accessKeyId: "ASIARUN0", endBasis: "idle", endedAt: at(240) }],
      },
    });
  });

  it("have cursors of their own", async () => {
    const { next } = await served.get(`${inferred}&limit=1`);
    expect((await served.ask(`/v1/tasks?cursor=${next}`)).status).toBe(400);
  });
});

describe("a session", () => {
  it("names the task it seems to be for", async () => {
    expect(await served.get("/v1/sessions/run-1")).toMatchObject({
      task: {
        id: taskIdOf("ci", "run-1"), externalId: "run-1", basis: "oidc-subject",
        confidence: "medium", by: null, endedAt: null,
      },
    });
  });
});

describe("tasks that end", () => {
  it("are told of once, and again when one that was lost is heard of", async () => {
    served.tasksEnded.length = 0;
    const start = { ...bodyOf({ externalId: "T-2" }), startedAt: at(0) };
    const path = `/v1/tasks/${taskIdOf("aider", "T-2")}/end`;
    await send("/v1/tasks", start);
    clock.at = noon + 2 * 86_400_000;
    await served.store.sweepLost(clock.at, noon);
    await send(path, end);
    await send(path, end);
    await send(`/v1/tasks/${taskIdOf("aider", "T-3")}/end`, end);
    await send("/v1/tasks", { ...start, externalId: "T-3" });
    expect(served.tasksEnded.map(({ externalId, outcome }) => [externalId, outcome])).toEqual([
      ["T-2", "succeeded"], ["T-3", "succeeded"],
    ]);
  });
});
