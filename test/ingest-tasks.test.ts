import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ingestTasks, type LineRejection } from "../src/ingest-tasks.ts";
import type { Task } from "../src/sessions/task.ts";
import { SourceFault } from "../src/sources/fault.ts";
import { openSqliteStore } from "../src/storage/sqlite.ts";
import { credentialCall, endCall, heartbeatCall, isoAt, startCall } from "../src/tasks/call.ts";
import { after, begin, taskCredential, taskStart } from "./builders/task.ts";

const folder = mkdtempSync(join(tmpdir(), "told-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
let fileCount = 0;
function file(text: string): string {
  fileCount += 1;
  const path = join(folder, `told-${fileCount}.ndjson`);
  writeFileSync(path, text);
  return path;
}

const { id, ...rest } = taskStart();
const { issuedAt, expiresAt, ...key } = taskCredential("ASIATASKKEY000000001", 1);
const over = (seconds: number, outcome: "succeeded" | "failed") =>
  endCall(id, { at: isoAt(after(seconds)), outcome, exitCode: null, revoke: false });
const start = startCall({ ...rest, mode: "readonly", startedAt: isoAt(begin) });
const calls = [
  start,
  credentialCall(id, { ...key, issuedAt: isoAt(issuedAt), expiresAt: isoAt(expiresAt) }),
  heartbeatCall(id, after(60)),
  over(100, "succeeded"),
  over(110, "failed"),
].map((call) => JSON.stringify(call));

/** What the store has in the end, of each file in turn; null where it may not be read. */
async function told(files: readonly string[], sweptAt?: number) {
  const store = await openSqliteStore({ path: ":memory:" });
  try {
    const rejections: LineRejection[] = [];
    const summary = await ingestTasks(store, files, (rejection) => rejections.push(rejection));
    if (sweptAt !== undefined) await store.sweepLost(sweptAt, -Infinity);
    const tasks = await store.listTasks({}, { limit: 9, after: null });
    const rejected = rejections.map(({ line, detail }) => [line, detail]);
    return { summary, tasks, rejected };
  } finally {
    await store.close();
  }
}

const expected: Partial<Task> = {
  id, startedAt: begin, heartbeatAt: after(60), endedAt: after(100), outcome: "succeeded",
};

test("every order of the lines, in one file or in many, tells the same", async () => {
  const whole = await told([file(calls.join("\n"))]);
  expect(whole.tasks).toEqual([expect.objectContaining(expected)]);
  expect(whole.tasks[0]?.credentials.map(({ accessKeyId }) => accessKeyId))
    .toEqual(["ASIATASKKEY000000001"]);
  expect(whole.summary).toEqual({
    taskCount: 1, lineCount: 5, rejectedCount: 0, latestAt: after(110),
  });
  for (const order of permutations(calls)) {
    expect(await told([file(order.join("\n"))])).toEqual(whole);
  }
  expect(await told([...calls].reverse().map((line) => file(`${line}\n`)))).toEqual(whole);
});

test("a bad line is counted and named, and those beside it count", async () => {
  const [first = "", ...others] = calls;
  const bad = JSON.stringify(heartbeatCall("0".repeat(32), begin));
  const lines = [first, "{", "", ...others, bad, `"${"x".repeat(70_000)}"`, "  ", first];
  for (const text of [lines.join("\n"), lines.join("\r\n"), `${lines.join("\n")}\n`]) {
    const { summary, tasks, rejected } = await told([file(text)]);
    expect(tasks).toEqual([expect.objectContaining(expected)]);
    expect(summary).toMatchObject({ taskCount: 1, lineCount: 6, rejectedCount: 3 });
    expect(rejected).toEqual([
      [2, expect.stringContaining("expected JSON.")],
      [9, "The line is too long: expected at most 65536 characters."],
      [8, expect.stringMatching(/^path names a task of which nobody has told the start: /)],
    ]);
  }
});

test("a task whose signs of life stop is lost as of then, by what the file says", async () => {
  const silent = file(`${calls[2] ?? ""}\n${calls[0] ?? ""}`);
  const [alive] = (await told([silent], after(119))).tasks;
  expect(alive).toMatchObject({ endedAt: null, outcome: null });
  const [lost] = (await told([silent], after(120))).tasks;
  expect(lost).toMatchObject({ endedAt: after(120), outcome: "lost" });
});

test("a file that is not there is a fault, and nothing is told", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  const files = [file(calls.join("\n")), join(folder, "none.ndjson")];
  await expect(ingestTasks(store, files, () => undefined)).rejects.toThrow(SourceFault);
  expect(await store.listTasks({}, { limit: 9, after: null })).toEqual([]);
  await store.close();
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, i) =>
    permutations(items.filter((_, k) => k !== i)).map((one) => [item, ...one]));
}
