import { readdirSync, readFileSync, statSync } from "node:fs";
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
const quiet = ["--", process.execPath, "-e", "console.log('ran')"];
const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  ended(place.start(args, env));

interface Refused {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly code?: number;
  readonly said: RegExp;
}

describe("nothing is run, and nothing issued", () => {
  it.each<[string, Refused]>([
    ["without a mode", { args: ["--agent", "aider"], said: /No mode is given/ }],
    ["when flag and variable disagree", {
      env: { TRAILWARDEN_MODE: "deploy" },
      said: /--mode is readonly, and TRAILWARDEN_MODE is deploy: they have to agree/,
    }],
    ["in a mode that is none", {
      args: ["--agent", "aider", "--mode", "rw"], said: /one of readonly/,
    }],
    ["in a mode the agent does not have", {
      args: ["--agent", "aider", "--mode", "break-glass", "-r", "x"],
      said: /Agent aider has no mode break-glass in the config. It has readonly, readwrite/,
    }],
    ["for an agent nobody declared", {
      args: ["--agent", "aide", "--mode", "readonly"],
      said: /There is no agent named aide in the config. Did you mean aider\?/,
    }],
    ["without a reason in a mode that writes", {
      args: ["--agent", "aider", "--mode", "readwrite"], said: /Mode readwrite needs a reason/,
    }],
    ["without a config", {
      env: { TRAILWARDEN_CONFIG: "" }, said: /There is no config.*not in the working folder/,
    }],
    ["when the service is away", {
      env: { TRAILWARDEN_URL: "http://127.0.0.1:1" }, code: 125,
      said: /Cannot reach the trailwarden service.*run.offline in the config is refuse/,
    }],
    ["when nobody says where the service is", {
      env: { TRAILWARDEN_URL: "" }, code: 125,
      said: /Nothing says where the trailwarden service is/,
    }],
    ["when the service knows no such token", {
      env: { TRAILWARDEN_TOKEN: "wrong" }, code: 125,
      said: /denies TRAILWARDEN_TOKEN: 401, No such token/,
    }],
  ])("%s", async (_what, { args = readonly, env = {}, code = 2, said }) => {
    place.work.write("trailwarden.yaml", "agents: []");
    const outcome = await run([...args, ...quiet], env);
    expect(outcome).toMatchObject({ code, stdout: "" });
    expect(outcome.stderr).toMatch(said);
    expect(place.sts.opened).toEqual([]);
    expect(place.service.of("end")).toEqual([]);
  });

  it.each<[string, RegExp]>([
    ["sts:AssumeRole", /may not do sts:AssumeRole.*trust policy/],
    ["sts:TagSession", /may not do sts:TagSession.*trust policy of .*aider-ro has to allow/],
    ["sts:SetSourceIdentity", /may not do sts:SetSourceIdentity.*has to allow/],
  ])("when %s is missing: what has to be allowed where is told", async (action, said) => {
    place.sts.rules = { denied: [action] };
    const outcome = await run([...readonly, ...quiet]);
    expect(outcome).toMatchObject({ code: 125, stdout: "" });
    expect(outcome.stderr).toMatch(said);
    expect(place.service.of("end")).toMatchObject([{ outcome: "cancelled", exitCode: null }]);
  });

  it("when the role does not last as long", async () => {
    place.sts.rules = { maxSessionSeconds: 1000 };
    const { code, stderr } = await run([...readonly, "--expected", "50m", ...quiet]);
    expect(code).toBe(125);
    expect(stderr).toContain("Raise MaxSessionDuration of arn:aws:iam::111122223333:role/agents");
  });

  it("when the command is not there, or not executable", async () => {
    const file = place.work.path(place.work.write("text.txt", "no program"));
    expect(await run([...readonly, "--", "no-such-command"])).toMatchObject({ code: 127 });
    expect(await run([...readonly, "--", file])).toMatchObject({ code: 126 });
    expect(place.service.of("end")).toHaveLength(2);
  });
});

describe("a mode that needs an approval", () => {
  const deploy = ["--agent", "aider", "--mode", "deploy", "--reason", "release 4.2"];

  it("is waited for, and run once another person says yes", async () => {
    const outcome = await run([...deploy, "--task", "T-9", ...quiet]);
    expect(outcome).toMatchObject({ code: 0, stdout: "ran\n" });
    expect(outcome.stderr).toMatch(/Task T-9 \(aider, deploy\) waits for another person/);
    expect(place.service.told.map(({ kind }) => kind))
      .toEqual(["start", "approval-asked", "approval", "credentials", "end"]);
    expect(place.service.of("approval-asked")).toMatchObject([{ reason: "release 4.2" }]);
  });

  it("is not run when that person says no", async () => {
    place.service.decision = "denied";
    const outcome = await run([...deploy, "--task", "T-9", ...quiet]);
    expect(outcome).toMatchObject({ code: 125, stdout: "" });
    expect(outcome.stderr).toContain("Task T-9 was denied by bob (not on a Friday).");
    expect(place.sts.opened).toEqual([]);
    expect(place.service.of("end")).toMatchObject([{ outcome: "cancelled" }]);
  });

  it("is not run when nobody says anything in time", async () => {
    place.configure("", "approvalSeconds: 1");
    place.service.decision = "pending";
    const outcome = await run([...deploy, ...quiet]);
    expect(outcome).toMatchObject({ code: 125, stdout: "" });
    expect(outcome.stderr).toContain("Nobody approved task");
    expect(place.service.of("end")).toMatchObject([{ outcome: "cancelled" }]);
  });

  it("is given up when whoever waits is interrupted", async () => {
    place.service.decision = "pending";
    const child = place.start([...deploy, ...quiet]);
    const outcome = ended(child);
    await place.service.heard("approval");
    child.kill("SIGINT");
    expect(await outcome).toMatchObject({ code: 130, stdout: "" });
    expect(place.service.of("end")).toMatchObject([{ outcome: "cancelled" }]);
  });

  it("is not run while the service is away, whatever run.offline says", async () => {
    place.configure("", "offline: queue");
    const outcome = await run([...deploy, ...quiet], { TRAILWARDEN_URL: "http://127.0.0.1:1" });
    expect(outcome).toMatchObject({ code: 125, stdout: "" });
    expect(outcome.stderr).toContain("Mode deploy needs an approval, which only the service has");
  });
});

const queueFolder = ".local/state/trailwarden/tasks";

describe("with run.offline: queue", () => {
  it("a run without the service is kept on disk, and told by the next one, in order", async () => {
    place.configure("", "offline: queue");
    place.service.stop();
    const away = await run([...readonly, "--task", "T-5", ...quiet]);
    expect(away).toMatchObject({ code: 0, stdout: "ran\n" });
    expect(away.stderr).toContain("The task runs, and is told later.");
    const [file = ""] = readdirSync(place.work.path(queueFolder));
    const { mode } = statSync(place.work.path(`${queueFolder}/${file}`));
    expect((mode & 0o777).toString(8)).toBe("600");
    expect(readFileSync(place.work.path(`${queueFolder}/${file}`), "utf8").split("\n"))
      .toHaveLength(4);

    await place.service.start();
    const child = place.start([...readonly, "--task", "T-6", ...place.agent("next.json", "wait")]);
    const outcome = ended(child);
    await place.service.heard("end");
    expect(place.service.of("end")).toMatchObject([{ outcome: "succeeded" }]);
    child.kill("SIGTERM");
    await outcome;
    const first = [...place.service.tasks.values()].find(({ externalId }) =>
      externalId.startsWith("T-5."));
    expect(first).toMatchObject({ outcome: "succeeded" });
    expect(first?.credentials).toHaveLength(1);
    expect(readdirSync(place.work.path(queueFolder))).toEqual([]);
  });

  it("a service that comes back during the run is told at once", async () => {
    place.configure("", "offline: queue");
    place.service.stop();
    const child = place.start([...readonly, "--task", "T-7", ...place.agent("back.json", "wait")]);
    const outcome = ended(child);
    await place.reported("back.json");
    await place.service.start();
    await place.service.heard("heartbeat");
    // The first call goes twice: whether somebody answers is asked with it.
    expect(place.service.told.map(({ kind }) => kind))
      .toEqual(["start", "start", "credentials", "heartbeat"]);
    child.kill("SIGTERM");
    expect((await outcome).code).toBe(7);
    expect(place.service.of("end")).toMatchObject([{ outcome: "failed", exitCode: 7 }]);
  });
});

describe("a service that is lost during the run", () => {
  it("costs the agent nothing, and is told of the end later", async () => {
    const child = place.start([...readonly, "--task", "T-8", ...place.agent("lost.json", "wait")]);
    const outcome = ended(child);
    await place.reported("lost.json");
    await place.service.heard("credentials");
    place.service.stop();
    child.kill("SIGTERM");
    const { code, stderr } = await outcome;
    expect(code).toBe(7);
    expect(stderr).toContain("What happens is kept, and told later.");
    expect(place.service.of("end")).toEqual([]);
    await place.service.start();
    const next = place.start([...readonly, ...place.agent("then.json", "wait")]);
    const nextOutcome = ended(next);
    await place.service.heard("end");
    expect(place.service.of("end")).toMatchObject([{ outcome: "failed", exitCode: 7 }]);
    next.kill("SIGTERM");
    await nextOutcome;
  });
});
