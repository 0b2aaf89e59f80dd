import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RunPlace } from "../wrapper/run-place.ts";
import { ended } from "./program.ts";

let place: RunPlace;
beforeEach(async () => {
  place = await RunPlace.open();
});
afterEach(() => {
  place.close();
});

const readonly = ["--agent", "aider", "--mode", "readonly"];
const node = (script: string) => ["--", process.execPath, "-e", script];

describe("the agent", () => {
  it("has a session of its mode's role, and no other way to AWS", async () => {
    const { AWS_ACCESS_KEY_ID: id = "", AWS_SECRET_ACCESS_KEY: secret = "" } = place.sts.broker;
    place.work.write(".aws/credentials", `
[default]
aws_access_key_id = AKIASOMEBODYELSES001
aws_secret_access_key = none
[broker]
aws_access_key_id = ${id}
aws_secret_access_key = ${secret}
`);
    const outcome = await ended(place.start(
      [...readonly, "--task", "T-1", "--actor", "alice", "--expected", "20m",
        ...place.agent("one.json")],
      { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_PROFILE: "broker" },
    ));
    expect(outcome).toMatchObject({ code: 0, stdout: "", stderr: "" });
    const { arn, credentials, env } = place.report("one.json");
    expect(arn).toMatch(/assumed-role\/aider-ro\/aider-\d{10}$/);
    expect(place.sts.callers).toEqual([arn]);
    expect(place.sts.opened).toMatchObject([{
      accessKeyId: credentials.accessKeyId,
      asked: {
        RoleArn: "arn:aws:iam::111122223333:role/agents/aider-ro",
        DurationSeconds: "1440",
        SourceIdentity: "alice",
        "Tags.member.1.Key": "agent", "Tags.member.1.Value": "aider",
        "Tags.member.2.Key": "task", "Tags.member.2.Value": "T-1",
        "Tags.member.3.Key": "mode", "Tags.member.3.Value": "readonly",
        "TransitiveTagKeys.member.1": "agent",
        "TransitiveTagKeys.member.2": "task",
      },
    }]);
    expect(env).toMatchObject({
      TRAILWARDEN_AGENT: "aider", TRAILWARDEN_MODE: "readonly", TRAILWARDEN_TASK: "T-1",
      AWS_REGION: "eu-west-1", AWS_EC2_METADATA_DISABLED: "true",
      AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    });
    for (const name of [
      "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "TRAILWARDEN_TOKEN",
    ]) expect(env).not.toHaveProperty(name);
  });

  it("has variables with --env, and whoever started it is told that they run out", async () => {
    const outcome = await ended(place.start([...readonly, "--env", ...place.agent("env.json")]));
    expect(outcome.stderr).toMatch(/Credentials in variables cannot be refreshed: they last until/);
    const { arn, env } = place.report("env.json");
    expect(arn).toContain("assumed-role/aider-ro/");
    expect(env["AWS_ACCESS_KEY_ID"]).toBe(place.sts.opened[0]?.accessKeyId);
    expect(env).not.toHaveProperty("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    // What cannot be refreshed is asked for as long as the mode allows.
    expect(place.sts.opened[0]?.asked["DurationSeconds"]).toBe("3600");
  });

  it("gets new credentials near the end of the old, and each is told", async () => {
    place.sts.rules = { lifetimeSeconds: 120 };
    const again = `const ask = async () => (await fetch(
      process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI,
      { headers: { authorization: process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN } },
    )).json();
    ask().then(ask).then(({ AccessKeyId }) => console.log(AccessKeyId));`;
    const { code, stdout } = await ended(place.start([...readonly, ...node(again)]));
    expect(code).toBe(0);
    const ids = place.sts.opened.map(({ accessKeyId }) => accessKeyId);
    expect(ids).toHaveLength(3);
    expect(stdout).toBe(`${ids[2] ?? ""}\n`);
    expect(place.service.of("credentials").map(({ accessKeyId }) => accessKeyId)).toEqual(ids);
  });

  it("gets no credentials once its task was ended from outside", async () => {
    place.sts.rules = { lifetimeSeconds: 120 };
    const child = place.start([...readonly, ...place.agent("cancelled.json", "wait")]);
    const outcome = ended(child);
    const { env } = await place.reported("cancelled.json");
    const issued = place.sts.opened.length;
    for (const [id, task] of place.service.tasks) {
      place.service.tasks.set(id, { ...task, endedAt: new Date().toISOString() });
    }
    await place.service.heard("heartbeat");
    const ask = () => fetch(env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] ?? "", {
      headers: { authorization: env["AWS_CONTAINER_AUTHORIZATION_TOKEN"] ?? "" },
    });
    while ((await ask()).status !== 410) await place.service.heard("heartbeat");
    expect(place.sts.opened.length).toBeLessThanOrEqual(issued + 2);
    child.kill("SIGTERM");
    expect((await outcome).stderr).toContain("The service has ended this task");
  });
});

describe("the task", () => {
  it("is told from start to end, with its credential", async () => {
    await ended(place.start([
      ...readonly, "--task", "T-2", "--actor", "alice", "--repository", "acme/api",
      "--reason", "a question", "--revoke-at-end", ...node("process.exit(0)"),
    ]));
    expect(place.service.told.map(({ kind }) => kind)).toEqual(["start", "credentials", "end"]);
    expect(place.service.of("start")).toMatchObject([{
      externalId: "T-2", agent: "aider", mode: "readonly", actor: "alice",
      repository: "acme/api", reason: "a question", heartbeatSeconds: 3, expectedSeconds: null,
    }]);
    const [opened] = place.sts.opened;
    expect(place.service.of("credentials")).toMatchObject([{
      accessKeyId: opened?.accessKeyId,
      roleArn: "arn:aws:iam::111122223333:role/agents/aider-ro",
      sessionName: opened?.asked["RoleSessionName"],
    }]);
    expect(place.service.of("end")).toMatchObject([
      { outcome: "succeeded", exitCode: 0, revoke: true },
    ]);
  });

  it("that is run again is another one, with an end of its own", async () => {
    const again = () =>
      ended(place.start([...readonly, "--task", "T-3", ...node("process.exit(0)")]));
    await again();
    await again();
    const names = [...place.service.tasks.values()].map(({ externalId }) => externalId);
    expect(names).toEqual(["T-3", expect.stringMatching(/^T-3\.\d{10}$/)]);
    expect(place.service.of("end")).toHaveLength(2);
  });

  it.each<[string, { script: string; code: number; end: object }]>([
    [
      "succeeds",
      { script: "process.exit(0)", code: 0, end: { outcome: "succeeded", exitCode: 0 } },
    ],
    [
      "fails",
      { script: "process.exit(42)", code: 42, end: { outcome: "failed", exitCode: 42 } },
    ],
    [
      "is killed",
      {
        script: "process.kill(process.pid, 'SIGKILL')", code: 137,
        end: { outcome: "failed", exitCode: 137 },
      },
    ],
    [
      "is ended by a person",
      {
        script: "process.kill(process.pid, 'SIGTERM')", code: 143,
        end: { outcome: "cancelled", exitCode: 143 },
      },
    ],
  ])("ends when the agent %s, and its exit code is ours", async (_what, { script, code, end }) => {
    expect(await ended(place.start([...readonly, ...node(script)]))).toMatchObject({ code });
    expect(place.service.of("end")).toMatchObject([end]);
  });

  it.each<[NodeJS.Signals, number]>([["SIGTERM", 7], ["SIGINT", 8]])(
    "ends after %s, which reaches the agent",
    async (signal, code) => {
      const child = place.start([...readonly, ...place.agent("signal.json", "wait")]);
      const outcome = ended(child);
      await place.reported("signal.json");
      child.kill(signal);
      expect((await outcome).code).toBe(code);
      expect(place.service.of("end")).toMatchObject([{ outcome: "failed", exitCode: code }]);
    },
  );

  it("gives signs of life, which stop when we are killed; nobody says that it ended", async () => {
    const child = place.start([...readonly, ...place.agent("orphan.json", "wait")]);
    const { pid, env } = await place.reported("orphan.json");
    await place.service.heard("heartbeat", 2);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(place.service.of("end")).toEqual([]);
    const [task] = place.service.tasks.values();
    expect(task).toMatchObject({ endedAt: null, heartbeatSeconds: 3 });
    expect(Date.parse(task?.heartbeatAt ?? "")).toBeGreaterThan(Date.parse(task?.startedAt ?? ""));
    // Its way to new credentials went with us.
    await expect(fetch(env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] ?? "")).rejects.toThrow();
    process.kill(pid, "SIGKILL");
  });
});

describe("secrets", () => {
  it("are in the agent's hands alone: no file, argument, log or call holds one", async () => {
    place.sts.rules = { lifetimeSeconds: 120 };
    const child = place.start([...readonly, ...place.agent("hidden.json", "wait")]);
    const outcome = ended(child);
    const { pid, env } = await place.reported("hidden.json");
    place.service.stop();
    await fetch(env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] ?? "", {
      headers: { authorization: env["AWS_CONTAINER_AUTHORIZATION_TOKEN"] ?? "" },
    });
    const processes = [child.pid ?? 0, pid].flatMap((id) =>
      ["cmdline", "environ"].map((what) => readFileSync(`/proc/${id}/${what}`, "utf8")));
    child.kill("SIGTERM");
    const { stdout, stderr } = await outcome;
    const files = readdirSync(place.work.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== "hidden.json")
      .map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`, "utf8"));
    expect(files.join("")).toContain("/credentials");
    const seen = [...processes, ...files, stdout, stderr, JSON.stringify(place.service.told)];
    expect(place.sts.opened.length).toBeGreaterThan(1);
    for (const { secretAccessKey, sessionToken } of place.sts.opened) {
      for (const text of seen) {
        expect(text).not.toContain(secretAccessKey);
        expect(text).not.toContain(sessionToken);
      }
    }
  });
});
