import { describe, expect, it } from "vitest";
import { startTold, taskOf } from "../../src/sessions/task-told.ts";
import { after, begin, taskStart } from "../builders/task.ts";
import { series, watched } from "./telemetry-bench.ts";

const task = { ...taskOf(startTold(taskStart(), begin)), endedAt: after(120) };

describe("a task that ended", () => {
  it.each([
    ["succeeded", "info", "T-123", "T-123"],
    ["lost", "warn", "T\n1", "T·1"],
  ] as const)("as %s is told and counted once", async (...row) => {
    const [outcome, level, externalId, shown] = row;
    const { telemetry, lines, scrape } = watched();
    telemetry.taskEnded({ ...task, externalId, outcome });
    expect(lines).toEqual([{
      level, msg: "A task ended.", time: expect.any(String) as string,
      task: { id: task.id, agent: "aider", task: shown, outcome, seconds: 120 },
    }]);
    expect(series(await scrape(), "trailwarden_tasks_ended_total")).toEqual({
      [`trailwarden_tasks_ended_total{outcome="${outcome}"}`]: 1,
    });
  });
});
