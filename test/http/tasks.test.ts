import { describe, expect, it } from "vitest";
import { taskIdOf } from "../../src/sessions/task.ts";
import { approvalCall, bodyOf, tasksServing } from "./tasks-serving.ts";

const { send, clock, served } = await tasksServing();
const start = bodyOf({ externalId: "T-1" });
const id = taskIdOf("aider", "T-1");

describe("a task", () => {
  it("is started, lives, has credentials, ends, and each may be said again", async () => {
    const task = {
      ...start, id, heartbeatAt: null, endedAt: null, outcome: null, basis: "told",
      confidence: "high", credentials: [],
    };
    expect(await send("/v1/tasks", start)).toEqual({ status: 201, json: task });
    expect(await send("/v1/tasks", { ...start, startedAt: "2026-03-01T10:00:09.000Z" }))
      .toEqual({ status: 200, json: task });
    const at = "2026-03-01T10:00:20.000Z";
    expect(await send(`/v1/tasks/${id}/heartbeat`, { at }))
      .toEqual({ status: 200, json: { ...task, heartbeatAt: at } });
    const credential = {
      accessKeyId: "ASIATASKKEY000000001", roleArn: "arn:aws:iam::111122223333:role/agents/a",
      sessionName: "aider-1", issuedAt: "2026-03-01T10:00:00.000Z",
      expiresAt: "2026-03-01T10:15:00.000Z",
    };
    await send(`/v1/tasks/${id}/credentials`, credential);
    expect(await send(`/v1/tasks/${id}/credentials`, credential))
      .toMatchObject({ status: 200, json: { credentials: [credential] } });
    const end = {
      at: "2026-03-01T10:02:00.000Z", outcome: "failed", exitCode: 3, revoke: true,
    };
    const ended = { ...task, heartbeatAt: at, credentials: [credential], endedAt: end.at,
      outcome: "failed" };
    expect(await send(`/v1/tasks/${id}/end`, end)).toEqual({ status: 200, json: ended });
    expect(await send(`/v1/tasks/${id}/end`, { ...end, outcome: "cancelled" }))
      .toEqual({ status: 200, json: ended });
    expect(await served.get(`/v1/tasks/${id}`)).toEqual(ended);
    for (const [path, body] of [["", start], [`/${id}/heartbeat`, { at }]] as const) {
      expect(await send(`/v1/tasks${path}`, body)).toMatchObject({
        status: 409,
        json: { detail: "The task T-1 has ended at 2026-03-01T10:02:00.000Z (failed)." },
      });
    }
    expect((await served.get("/v1/audit-log?limit=2")).items).toMatchObject([
      { action: "task.end failed", subject: id, actor: "token:rita",
        reason: "Exit code 3, to be revoked." },
      { action: "task.start", subject: id, actor: "token:rita" },
    ]);
  });

  it("that nobody started is not there", async () => {
    const none = "f".repeat(32);
    expect(await send(`/v1/tasks/${none}/heartbeat`, { at: start.startedAt })).toMatchObject({
      status: 404,
      json: {
        detail: "Nobody has told of this task's start. What you told is kept, and counts once it " +
          "is.",
      },
    });
    expect((await served.ask("/v1/tasks/nonsense")).status).toBe(400);
  });

  it("is found in lists, page by page", async () => {
    for (const externalId of ["L-1", "L-2", "L-3"]) {
      await send("/v1/tasks", bodyOf({ externalId, agent: "lister" }));
    }
    const names: unknown[] = [];
    for (let cursor = ""; ; ) {
      const page = await served.get(`/v1/tasks?agent=lister&open=true&limit=2${cursor}`);
      names.push(...page.items.map(({ externalId }) => externalId));
      if (page.next === null) break;
      cursor = `&cursor=${page.next}`;
    }
    expect(names.sort()).toEqual(["L-1", "L-2", "L-3"]);
    expect((await served.get("/v1/tasks?agent=lister&open=false")).items).toEqual([]);
  });

  it.each([
    ["a mode the agent has not", { mode: "deploy", reason: "now" },
      "Agent deployer has no mode deploy in the service's config. It has readonly, readwrite."],
    ["no reason for writing", { mode: "readwrite", reason: null },
      "Mode readwrite needs a reason. Say why."],
    ["no reason where the config wants one", { mode: "readonly", reason: null },
      "Mode readonly needs a reason. Say why."],
    ["a secret", { secret: "x" }, "The body has \"secret\", which is not known here. See /docs."],
  ])("is not started with %s", async (_what, changes, detail) => {
    const body = { ...bodyOf({ externalId: "T-no", agent: "deployer" }), ...changes };
    expect(await send("/v1/tasks", body)).toMatchObject({ status: 400, json: { detail } });
  });
});

describe("an approval", () => {
  it("is given by another token, once, and logged", async () => {
    const path = await approvalCall(send, "A-1");
    const asked = { reason: "release", expiresAt: "2026-03-01T10:15:00.000Z" };
    expect((await served.ask(path)).status).toBe(404);
    const pending = {
      state: "pending", expiresAt: asked.expiresAt, decidedBy: null, decidedAt: null, comment: null,
    };
    expect(await send(path, asked)).toEqual({ status: 200, json: pending });
    expect(await send(path, { ...asked, reason: "another" })).toMatchObject({ json: pending });
    const yes = { decision: "granted", comment: "Go." };
    expect(await send(`${path}/decision`, yes)).toMatchObject({
      status: 403,
      json: { detail: "token:rita asked for it, or it is for them. Another person has to decide." },
    });
    const waiting = served.get(`${path}?waitSeconds=20`);
    const granted = {
      ...pending, state: "granted", decidedBy: "token:ada",
      decidedAt: "2026-03-01T10:00:00.000Z", comment: "Go.",
    };
    expect(await send(`${path}/decision`, yes, "admin")).toEqual({ status: 200, json: granted });
    expect(await send(`${path}/decision`, yes, "admin")).toEqual({ status: 200, json: granted });
    expect(await waiting).toEqual(granted);
    expect(await send(`${path}/decision`, { ...yes, decision: "denied" }, "admin"))
      .toMatchObject({ status: 409, json: { detail: "It was decided otherwise already." } });
    expect((await served.get("/v1/audit-log?limit=1")).items).toMatchObject([
      { action: "task.approval granted", actor: "token:ada", reason: "Go." },
    ]);
  });

  it("is not given by whom the task is for, whichever token asked", async () => {
    const path = await approvalCall(send, "A-2", { actor: "Ada" });
    await send(path, { reason: null, expiresAt: "2026-03-01T10:15:00.000Z" });
    const refused = await send(`${path}/decision`, { decision: "granted", comment: null }, "admin");
    expect(refused.status).toBe(403);
  });

  it("runs out", async () => {
    const path = await approvalCall(send, "A-3");
    await send(path, { reason: null, expiresAt: "2026-03-01T10:15:00.000Z" });
    expect(await served.get(`${path}?waitSeconds=1`)).toMatchObject({ state: "pending" });
    clock.at += 900_000;
    expect(await served.get(path)).toMatchObject({ state: "expired" });
    const late = await send(`${path}/decision`, { decision: "granted", comment: null }, "admin");
    clock.at -= 900_000;
    expect(late).toMatchObject({ status: 409 });
  });

  it("that was needed and not given shows in the log, with the credential", async () => {
    const path = await approvalCall(send, "A-4");
    await send(path.replace("/approval", "/credentials"), {
      accessKeyId: "ASIATASKKEY000000009", roleArn: "r", sessionName: "s",
      issuedAt: start.startedAt, expiresAt: start.startedAt,
    });
    expect((await served.get("/v1/audit-log?limit=1")).items).toMatchObject([
      { action: "task.credential unapproved", reason: "ASIATASKKEY000000009" },
    ]);
  });

  it("is no reason not to stop: who waits is told how it stands", async () => {
    const other = await tasksServing();
    const path = await approvalCall(other.send, "A-5");
    await other.send(path, { reason: null, expiresAt: "2026-03-01T10:15:00.000Z" });
    const waiting = other.served.get(`${path}?waitSeconds=20`);
    // It has been taken in once another one is answered.
    await other.served.get("/v1/tasks");
    const startedAt = performance.now();
    await other.served.close();
    expect(await waiting).toMatchObject({ state: "pending" });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});
