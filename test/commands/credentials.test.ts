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

const asked = ["--agent", "aider", "--mode", "readonly", "--task", "nightly-1"];

describe("trailwarden credentials", () => {
  it("prints what a credential_process prints, and promises no signs of life", async () => {
    const { code, stdout, stderr } = await ended(place.credentials(asked));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [opened] = place.sts.opened;
    expect(JSON.parse(stdout)).toEqual({
      Version: 1,
      AccessKeyId: opened?.accessKeyId,
      SecretAccessKey: opened?.secretAccessKey,
      SessionToken: opened?.sessionToken,
      Expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown,
    });
    expect(opened?.asked["DurationSeconds"]).toBe("900");
    expect(place.service.told.map(({ kind }) => kind)).toEqual(["start", "credentials"]);
    expect(place.service.of("start")).toMatchObject([{ heartbeatSeconds: null }]);
  });

  it("works as the credential_process of an agent that nobody wraps", async () => {
    place.configure("", "profile: broker");
    const outcome = await ended(place.unwrapped("scheduled.json", asked));
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    expect(place.report("scheduled.json").arn).toContain("assumed-role/aider-ro/aider-");
  });

  it("does not ask itself without end when its own profile leads back to it", async () => {
    expect((await ended(place.unwrapped("circle.json", asked))).code).not.toBe(0);
    const outcome = await ended(place.credentials(asked, {
      AWS_CONFIG_FILE: place.work.path("aws-config"),
      AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "",
    }));
    expect(outcome).toMatchObject({ code: 125, stdout: "" });
    expect(outcome.stderr).toContain("name another one: run.profile in the config.");
    expect(place.sts.opened).toEqual([]);
  });

  it("joins a task that runs, and gives nothing to one that has ended", async () => {
    await ended(place.credentials(asked));
    await ended(place.credentials(asked));
    const [[id, task] = ["", undefined]] = place.service.tasks;
    expect(place.service.tasks.size).toBe(1);
    expect(task?.credentials).toHaveLength(2);
    if (task !== undefined) {
      place.service.tasks.set(id, { ...task, endedAt: new Date().toISOString() });
    }
    const late = await ended(place.credentials(asked));
    expect(late).toMatchObject({ code: 125, stdout: "" });
    expect(late.stderr).toContain("says that the task has ended");
    expect(place.sts.opened).toHaveLength(2);
  });
});
