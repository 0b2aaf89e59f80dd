import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { taskIdOf } from "../../src/sessions/task.ts";
import { endCall, heartbeatCall, isoAt, startCall } from "../../src/tasks/call.ts";
import { keyMade } from "../builders/record.ts";
import { lines, Workplace } from "./program.ts";

const place = new Workplace();
afterAll(() => {
  place.remove();
});

/** The trail's last event is at 10:01:10. */
const at = Date.UTC(2026, 2, 1, 10);
const id = taskIdOf("aider", "T-1");
const start = startCall({
  externalId: "T-1", agent: "aider", mode: "readonly", startedAt: isoAt(at), expectedSeconds: 60,
  heartbeatSeconds: 30, repository: null, actor: "alice", reason: null,
});
const end = endCall(id, {
  at: isoAt(at + 20_000), outcome: "succeeded", exitCode: 0, revoke: false,
});
const ndjson = (...calls: readonly object[]) =>
  calls.map((call) => `${JSON.stringify(call)}\n`).join("");

beforeAll(() => {
  place.trail("trail.json", [keyMade()]);
});

const scan = (...args: readonly string[]) =>
  place.run(["scan", "trail.json", "--fail-on", "never", ...args]);

describe("scan --tasks", () => {
  it("says of how many tasks it was told", async () => {
    place.write("a.ndjson", ndjson(end));
    place.write("b.ndjson", ndjson(heartbeatCall(id, at + 10_000), start));
    const { code, stderr } = await scan("--tasks", "a.ndjson", "b.ndjson");
    expect({ code, stderr }).toEqual({
      code: 0, stderr: expect.stringMatching(
        /^Read 1 event from .*\nTold of 1 task in 3 lines \(0 rejected\)\.\nFindings: /,
      ) as unknown,
    });
  });

  it("names what tells nothing, exits with 3, and counts the rest", async () => {
    place.write("bad.ndjson", `${ndjson(start)}{"path":"/v1/tasks"}\n${ndjson(
      { path: `/v1/tasks/${id}/heartbeat`, body: { at: "yesterday" } }, end,
    )}`);
    const { code, stderr } = await scan("--tasks", "bad.ndjson");
    expect(code).toBe(3);
    expect(stderr.split("\n").slice(0, 2)).toEqual([
      "bad.ndjson (line 2): body is missing: expected a block of names.",
      "bad.ndjson (line 3): body.at is \"yesterday\": expected an instant in ISO 8601, UTC.",
    ]);
    expect(stderr).toContain("Told of 1 task in 2 lines (2 rejected).");
  });

  it("reads nothing where a file is not there", async () => {
    const { code, stdout, stderr } = await scan("--tasks", "none.ndjson");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("Cannot read none.ndjson: there is no such file or folder.");
  });

  it("keeps what was told, and ends what was silent by the last event", async () => {
    place.write("silent.ndjson", ndjson(heartbeatCall(id, at + 20_000), start));
    await scan("--tasks", "silent.ndjson", "--store", "kept.db");
    const { stdout } = await place.run(["task", "list", "--store", "kept.db", "-f", "ndjson"]);
    expect(lines(stdout)).toMatchObject([
      { externalId: "T-1", outcome: "lost", endedAt: isoAt(at + 50_000) },
    ]);
  });
});
