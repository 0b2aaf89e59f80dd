import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { taskIdOf } from "../../src/sessions/task.ts";
import { after, taskCredential } from "../builders/task.ts";
import { assumed, instantAt, record, roleIdentity } from "../builders/record.ts";
import { WatchedTasks } from "./watched-tasks.ts";
import { Workplace } from "./program.ts";

const at = (seconds: number): string => new Date(after(seconds)).toISOString();
const id = taskIdOf("nightly", "=T-1");

let watched: WatchedTasks;
const scanned = new Workplace();

beforeAll(async () => {
  watched = await WatchedTasks.start();
  // A task of 2 minutes on a credential of 15, in the service.
  await watched.ask("/v1/tasks", "ci", {
    externalId: "=T-1", agent: "nightly", mode: "readonly", startedAt: at(0),
    expectedSeconds: 120, heartbeatSeconds: null, repository: null, actor: null, reason: null,
  });
  await watched.ask(`/v1/tasks/${id}/credentials`, "ci", {
    ...taskCredential("ASIATASKKEY000000001", 0), issuedAt: at(0), expiresAt: at(900),
  });
  await watched.ask(`/v1/tasks/${id}/end`, "ci", {
    at: at(120), outcome: "succeeded", exitCode: 0, revoke: false,
  });
  // A session of four minutes, on a credential of 15, that nobody told of.
  scanned.write("trailwarden.yaml", `
agents:
  - name: inventory
    roles: ["arn:aws:iam::*:role/agents/ro-inventory"]
    sessionName: "task-{task}"
`);
  scanned.trail("one.json", [
    assumed(),
    ...[30, 240].map((seconds) =>
      record({ userIdentity: roleIdentity(), eventTime: instantAt(seconds) })),
  ]);
  const scan = await scanned.run(["scan", "one.json", "--store", "t.db", "-q"]);
  expect(scan).toMatchObject({ code: 0, stderr: "" });
});
afterAll(async () => {
  scanned.remove();
  await watched.close();
});

const looked = [
  { where: "in the service", env: () => watched.env("bob") },
  { where: "in the store's file", env: () => ({}) },
];

describe.each(looked)("trailwarden report lifetimes $where", ({ env }) => {
  const report = async (...args: readonly string[]) => await watched.place.work.run(
    ["report", "lifetimes", "--store", "tasks.db", ...args], { env: env() },
  );

  it("shows 13 minutes of zombie for a task of 2 on a credential of 15", async () => {
    const { code, stdout, stderr } = await report();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^nightly +1 +1 +\d +15m +2m +13m +0s +87% +2m +2m +15m +5m$/m,
    );
    expect(stdout).toContain("STS issues nothing shorter than 15m");
    const { stdout: json } = await report("--by", "role", "--format", "json");
    expect(JSON.parse(json)).toMatchObject({
      by: "role", stsMinimumSeconds: 900,
      items: [{
        key: "arn:aws:iam::111122223333:role/agents/aider-ro", issuedSeconds: 900,
        usedSeconds: 120, zombieSeconds: 780, recommendedSeconds: 300,
      }],
      total: { credentialCount: 1 },
    });
  });

  it("gives CSV in which a task's name runs nothing", async () => {
    const { stdout } = await report("--by", "task", "--format", "csv");
    expect(stdout.split("\r\n")).toEqual([
      "task,agent,basis,credentialCount,unusedCount,liveZombieCount,unknownExpiryCount," +
      "issuedSeconds,usedSeconds,zombieSeconds,savedSeconds,expectedSeconds,observedSeconds," +
      "presentSeconds,recommendedSeconds,recommendedFrom",
      "'=T-1,nightly,told,1,1,0,0,900,120,780,0,120,120,900,300,expected",
      "",
    ]);
  });

  it("says so when there was nothing then", async () => {
    const { code, stdout } = await report("--since", "2026-03-01T10:00:01Z");
    expect({ code, stdout }).toEqual({
      code: 0, stdout: "No credentials of agents were issued then. See --since and --until.\n",
    });
  });

  it("is beside the task, as it is shown", async () => {
    const { stdout } = await watched.place.work.run(
      ["task", "show", id, "--store", "tasks.db"], { env: env() },
    );
    expect(stdout).toContain("issued 15m, used 2m, zombie 13m");
    expect(stdout).toMatch(/^ {2}ASIATASKKEY000000001 .* issued 15m, used 2m, zombie 13m/m);
  });

  it.each([
    [["--since", "yesterday"], "--since is yesterday: expected an instant"],
    [["--by", "account"], "Allowed choices are agent, role, task"],
    [["--limit", "0"], "--limit is 0: expected a whole number above 0."],
  ])("refuses %s", async (args, said) => {
    const { code, stdout, stderr } = await report(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(said);
  });
});

describe("a task nobody told of", () => {
  const run = async (...args: readonly string[]) => await scanned.run([...args, "-s", "t.db"]);
  const inferred = taskIdOf("inventory", "4711");

  it("is listed, and shown with the zombie it left", async () => {
    const { stdout, stderr } = await run("task", "list", "--inferred");
    expect(stderr).toBe("");
    expect(stdout).toMatch(new RegExp(
      `^${inferred}  4711 +inventory +session-name +medium +2026-03-01 10:00:30 ` +
      " 2026-03-01 10:04:00 +idle +1 +1$", "m",
    ));
    expect((await run("task", "list")).stdout).toBe("No tasks.\n");
    const shown = await run("task", "show", "4711", "--agent", "inventory", "-f", "json");
    expect(JSON.parse(shown.stdout)).toMatchObject({
      id: inferred, basis: "session-name", endedAt: "2026-03-01T10:04:00.000Z",
      lifetimes: {
        issuedSeconds: 900, usedSeconds: 240, zombieSeconds: 660,
        credentials: [{ endBasis: "idle", lastCallAt: "2026-03-01T10:04:00.000Z" }],
      },
    });
  });

  it("is named with its sessions, as a guess", async () => {
    expect((await run("sessions")).stdout).toContain("  4711?  ");
    const csv = (await run("sessions", "-f", "csv")).stdout.split("\r\n");
    expect(csv[0]).toMatch(/,task,task_basis$/);
    expect(csv[1]).toMatch(/,4711,session-name$/);
    expect(JSON.parse((await run("sessions", "-f", "json")).stdout)).toMatchObject([{
      task: {
        id: inferred, externalId: "4711", basis: "session-name", confidence: "medium",
        by: null, endedAt: null,
      },
    }]);
  });
});
