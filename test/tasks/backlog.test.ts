import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Backlog } from "../../src/tasks/backlog.ts";
import { endCall, heartbeatCall, isoAt, startCall } from "../../src/tasks/call.ts";
import { Reporter } from "../../src/tasks/reporter.ts";
import { taskIdOf } from "../../src/sessions/task.ts";
import { TaskServer } from "../wrapper/task-server.ts";

const at = Date.UTC(2026, 2, 1);
const service = new TaskServer();
let folder = "";
beforeEach(async () => {
  folder = join(mkdtempSync(join(tmpdir(), "backlog-")), "tasks");
  service.told.length = 0;
  service.tasks.clear();
  await service.start();
});
afterEach(() => {
  service.stop();
  rmSync(join(folder, ".."), { recursive: true, force: true });
});

const address = () => ({ url: service.url, token: service.token });
const begun = (externalId: string) => startCall({
  externalId, agent: "aider", mode: "readonly", startedAt: isoAt(at), expectedSeconds: null,
  heartbeatSeconds: 60, repository: null, actor: "alice", reason: null,
});
const over = (externalId: string) => endCall(taskIdOf("aider", externalId), {
  at: isoAt(at + 1000), outcome: "succeeded", exitCode: 0, revoke: false,
});
const backlogOf = (externalId: string, startedAt = at) =>
  new Backlog(folder, { at: startedAt, taskId: taskIdOf("aider", externalId) });
const outcomes = () => [...service.tasks.values()].map(({ externalId, outcome }) =>
  [externalId, outcome]);

describe("a backlog", () => {
  it("can be read by its owner alone", async () => {
    await backlogOf("T-1").keep(begun("T-1"));
    const [file = ""] = readdirSync(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  });

  it("is sent by another run, oldest run first, and is then gone", async () => {
    for (const [name, startedAt] of [["T-2", at + 5], ["T-1", at]] as const) {
      const backlog = backlogOf(name, startedAt);
      await backlog.keep(begun(name));
      await backlog.keep(over(name));
    }
    const { sentCount, refused } = await backlogOf("T-3").send(address());
    expect({ sentCount, refused }).toEqual({ sentCount: 4, refused: [] });
    expect(outcomes()).toEqual([["T-1", "succeeded"], ["T-2", "succeeded"]]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("stays as it is while the service is away, or knows no such token", async () => {
    const backlog = backlogOf("T-1");
    await backlog.keep(begun("T-1"));
    const before = readdirSync(folder);
    const nowhere = { url: "http://127.0.0.1:1", token: null };
    await expect(backlog.send(nowhere)).rejects.toThrow("reach");
    await expect(backlog.send({ ...address(), token: "old" })).rejects.toThrow("denies");
    expect(readdirSync(folder)).toEqual(before);
    expect(backlog.isUsed).toBe(true);
  });

  it("that was in hand when its sender stopped goes before what its run wrote since", async () => {
    const backlog = backlogOf("T-1");
    await backlog.keep(begun("T-1"));
    const [file = ""] = readdirSync(folder);
    writeFileSync(
      join(folder, `${file}.000000000000001-1.sending`), `${JSON.stringify(begun("T-1"))}\n`,
    );
    writeFileSync(join(folder, file), `${JSON.stringify(over("T-1"))}\n`);
    await backlog.send(address());
    expect(outcomes()).toEqual([["T-1", "succeeded"]]);
    expect(service.told.at(-1)?.kind).toBe("end");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("skips a line that was cut short, and forgets what the service will never take", async () => {
    const backlog = backlogOf("T-1");
    await backlog.keep(begun("T-1"));
    await backlog.keep(over("T-nobody-began"));
    const [file = ""] = readdirSync(folder);
    appendFileSync(join(folder, file), '{"path":"/v1/ta');
    const { sentCount, refused } = await backlog.send(address());
    expect(sentCount).toBe(1);
    expect(refused.map(({ message }) => message)).toEqual([
      expect.stringContaining("refuses: 404, There is no such task."),
    ]);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("a reporter", () => {
  const reporterOf = (troubles: string[]) => new Reporter({
    address: address(), backlog: backlogOf("T-1"), onTrouble: (text) => troubles.push(text),
  });

  it("keeps what it cannot tell, says so once, and tells all of it in order", async () => {
    const troubles: string[] = [];
    const reporter = reporterOf(troubles);
    service.stop();
    await reporter.tell(begun("T-1"));
    expect(await reporter.beat(heartbeatCall(taskIdOf("aider", "T-1"), at))).toBe("unreachable");
    await reporter.tell(over("T-1"));
    expect(troubles).toEqual([expect.stringContaining("What happens is kept, and told later.")]);
    await service.start();
    expect(await reporter.beat(heartbeatCall(taskIdOf("aider", "T-1"), at))).toBe("ended");
    expect(outcomes()).toEqual([["T-1", "succeeded"]]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("does not end a task because the disk is full, or the folder is none", async () => {
    const troubles: string[] = [];
    const reporter = reporterOf(troubles);
    service.stop();
    writeFileSync(folder, "a file");
    await reporter.tell(begun("T-1"));
    expect(troubles).toEqual([
      expect.stringContaining("Cannot reach"), expect.stringContaining("Cannot keep"),
    ]);
  });
});
