import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { taskIdOf } from "../../src/sessions/task.ts";
import { record, roleIdentity } from "../builders/record.ts";
import { ended } from "./program.ts";
import { until } from "./watch/watch-process.ts";
import { WatchedTasks } from "./watched-tasks.ts";

let watched: WatchedTasks;
beforeAll(async () => {
  watched = await WatchedTasks.start();
});
afterAll(async () => {
  await watched.close();
});

const asked = (mode: string, task: string) =>
  ["--agent", "aider", "--mode", mode, "--task", task, "--actor", "alice"];

/** Milliseconds as seconds in a sentence. */
const shown = (ms: number) => Math.round(ms / 10) / 100;

describe("a run beside a watch", () => {
  it("is a task with its credential, and ends as the agent does", async () => {
    const { place } = watched;
    const outcome = await ended(
      place.start([...asked("readonly", "T-1"), ...place.agent("one.json")], watched.env()),
    );
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    const task = await watched.task("T-1", ({ outcome: how }) => how !== null);
    expect(task).toMatchObject({
      id: taskIdOf("aider", "T-1"), agent: "aider", mode: "readonly", actor: "alice",
      heartbeatSeconds: 3, outcome: "succeeded", basis: "told",
      credentials: [{
        accessKeyId: place.report("one.json").credentials.accessKeyId,
        roleArn: "arn:aws:iam::111122223333:role/agents/aider-ro",
      }],
    });
    const log = await (await watched.ask("/v1/audit-log", "ann")).json();
    expect(log).toMatchObject({ items: [
      { action: "task.end succeeded", actor: "token:ci", subject: task.id },
      { action: "task.start", actor: "token:ci", subject: task.id },
    ] });
    // The name is taken: another run of it is a task of its own.
    const again = ["--", process.execPath, "-e", "process.exit(3)"];
    expect(await ended(place.start([...asked("readonly", "T-1"), ...again], watched.env())))
      .toMatchObject({ code: 3 });
    const { items } = await (await watched.ask("/v1/tasks?limit=1", "bob")).json() as {
      items: readonly { externalId: string }[];
    };
    expect(items).toMatchObject([{ outcome: "failed" }]);
    expect(items[0]?.externalId).toMatch(/^T-1\.\d{10}$/);
  });

  it("leaves a credential that outlives it, and whoever uses that is found", async () => {
    const { place } = watched;
    await ended(
      place.start([...asked("readonly", "T-9"), ...place.agent("nine.json")], watched.env()),
    );
    const { endedAt, credentials: [credential] } =
      await watched.task("T-9", ({ outcome }) => outcome !== null);
    if (endedAt === null || credential === undefined) throw new Error("It has both.");
    const { accessKeyId, expiresAt } = credential;
    const seconds = shown(Date.parse(expiresAt) - Date.parse(endedAt));
    const zombie = await watched.finding("zombie-credential", accessKeyId);
    expect(zombie).toMatchObject({
      status: "open", eventCount: 0, overAt: null, agent: { name: "aider" },
      because: `${accessKeyId} of aider stays valid for ${seconds} s after task T-9 had ended ` +
        `(succeeded), until ${expiresAt}.`,
    });
    const usedAt = new Date(Math.ceil(Date.parse(endedAt) / 1000 + 5) * 1000).toISOString();
    watched.delivers("late", [record({
      eventTime: usedAt, eventID: "used-after-the-end",
      userIdentity: roleIdentity({
        role: "aider-ro", session: credential.sessionName, account: "111122223333", accessKeyId,
        createdAt: credential.issuedAt,
      }),
    })]);
    const used = await watched.finding("zombie-use", accessKeyId);
    const ago = shown(Date.parse(usedAt) - Date.parse(endedAt));
    expect(used).toMatchObject({ level: "high", eventIds: ["used-after-the-end"] });
    expect(used.because).toContain(`${ago} s after task T-9 had ended (succeeded).`);
    // What was unused is used by now.
    await watched.finding("zombie-credential", accessKeyId, ({ status }) => status === "closed");
  });

  it("is lost when the wrapper is killed, three seconds after its last sign of life", async () => {
    const { place } = watched;
    const child = place.start(
      [...asked("readonly", "T-2"), ...place.agent("orphan.json", "wait")], watched.env(),
    );
    const { pid } = await place.reported("orphan.json");
    await watched.task("T-2", ({ heartbeatAt }) => heartbeatAt !== null);
    child.kill("SIGKILL");
    await once(child, "exit");
    const lost = await watched.task("T-2", ({ endedAt }) => endedAt !== null);
    process.kill(pid, "SIGKILL");
    expect(lost.outcome).toBe("lost");
    expect(Date.parse(lost.endedAt ?? "") - Date.parse(lost.heartbeatAt ?? "")).toBe(3000);
    const { accessKeyId = "", expiresAt = "" } = lost.credentials[0] ?? {};
    const left = (endedAt: string | null) =>
      `${shown(Date.parse(expiresAt) - Date.parse(endedAt ?? ""))} s after task T-2 had ended`;
    expect((await watched.finding("zombie-credential", accessKeyId)).because)
      .toContain(`${left(lost.endedAt)} (lost)`);
    // What somebody knows of its end is more than a guess.
    const end = { at: lost.heartbeatAt, outcome: "failed", exitCode: null, revoke: false };
    expect(await (await watched.ask(`/v1/tasks/${lost.id}/end`, "bob", end)).json())
      .toMatchObject({ outcome: "failed", endedAt: lost.heartbeatAt });
    const known = `${left(lost.heartbeatAt)} (failed)`;
    await watched.finding(
      "zombie-credential", accessKeyId, ({ because }) => because.includes(known),
    );
  });

  it("waits for another person, who grants it with a token of their own", async () => {
    const { place } = watched;
    const script = ["--", process.execPath, "-e", "console.log('deployed')"];
    const run = ended(
      place.start([...asked("deploy", "T-3"), "--reason", "release 4.2", ...script], watched.env()),
    );
    const path = `/v1/tasks/${taskIdOf("aider", "T-3")}/approval`;
    await until(async () => (await watched.ask(path, "bob")).status === 200);
    const yes = { decision: "granted", comment: null };
    expect((await watched.ask(`${path}/decision`, "ci", yes)).status).toBe(403);
    expect(place.sts.opened.filter(({ asked: { RoleArn } }) =>
      RoleArn?.endsWith("aider-deploy"))).toEqual([]);
    expect((await watched.ask(`${path}/decision`, "bob", yes)).status).toBe(200);
    const approve = (name: string) =>
      place.work.run(["task", name, "T-3", "--agent", "aider"], { env: watched.env("bob") });
    expect(await approve("approve")).toMatchObject({ code: 0, stdout: "granted\n" });
    const denied = await approve("deny");
    expect(denied).toMatchObject({ code: 2, stdout: "" });
    expect(denied.stderr).toContain("It was decided otherwise already.");
    expect(await run).toMatchObject({ code: 0, stdout: "deployed\n" });
    expect(await watched.task("T-3", ({ endedAt }) => endedAt !== null))
      .toMatchObject({ outcome: "succeeded", mode: "deploy", credentials: [{}] });
  });
});

const looked = [
  { where: "in the service", env: () => watched.env("bob") },
  { where: "in the store's file", env: () => ({}) },
];

describe.each(looked)("trailwarden task $where", ({ where, env }) => {
  const task = async (...args: readonly string[]) => {
    const store = ["--store", "tasks.db"];
    return await watched.place.work.run(["task", ...args, ...store], { env: env() });
  };
  const name = `${where.includes("file") ? "F" : "S"}-1`;
  const id = taskIdOf("nightly", name);
  const nightly = ["--agent", "nightly"];

  it("starts, shows, lists and ends tasks", async () => {
    const start = ["start", ...nightly, "--mode", "readonly", "--task", name];
    expect(await task(...start)).toMatchObject({ code: 0, stdout: `${id}\n`, stderr: "" });
    expect((await task(...start)).stdout).toBe(`${id}\n`);
    const shown = await task("show", id, "--format", "json");
    expect(JSON.parse(shown.stdout)).toMatchObject({ id, externalId: name, endedAt: null });
    expect((await task("list", ...nightly, "--open")).stdout).toContain(`${id}  ${name}`);
    const end = await task("end", name, ...nightly, "--outcome", "cancelled");
    expect(end.stdout).toMatch(/^outcome +cancelled$/m);
    expect((await task("list", ...nightly, "--open")).stdout).not.toContain(name);
    const late = await task(...start);
    expect(late).toMatchObject({ code: 2, stdout: "" });
    expect(late.stderr).toMatch(new RegExp(`[Tt]he task ${name} has ended`));
  });

  it("refuses what the rules do not let, and what is not there", async () => {
    const write = await task("start", ...nightly, "--mode", "deploy", "--task", "T-x");
    expect(write.code).toBe(2);
    expect(write.stderr).toContain("Mode deploy needs a reason. Say why.");
    const none = await task("show", "f".repeat(32));
    expect(none.code).toBe(2);
    expect(none.stderr).toMatch(/There is no task/);
    const unnamed = await task("show", "T-1");
    expect(unnamed.stderr).toContain("T-1 is no task's id. Give the id, or --agent");
    const unasked = await task("approve", name, ...nightly);
    expect(unasked.stderr).toContain("Nobody has asked for an approval of task");
  });
});
