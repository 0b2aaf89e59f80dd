import { mkdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RevocationView } from "../../../src/response/contract.ts";
import { key, RevokePlace } from "../revoked.ts";
import { until, WatchProcess } from "./watch-process.ts";

const store = ["--store", "trail.db"];
let place: RevokePlace;
let watch: WatchProcess;
let url: string;
let token: string;

beforeAll(async () => {
  place = await RevokePlace.open();
  mkdirSync(place.work.path("inbox"));
  const triggers = [{ only: { rules: ["creates-lasting-credentials"] } }];
  place.configure({ enabled: true, triggers }, {
    sources: [{ kind: "directory", name: "inbox", path: place.work.path("inbox") }],
    http: { port: 0 },
  });
  watch = new WatchProcess(place.work, store, { env: place.env });
  token = /tw_[\w-]+/.exec(await watch.says(/only token is/))?.[0] ?? "";
  url = (JSON.parse(await watch.says(/"msg":"Watching/)) as { http: string }).http;
});
afterAll(async () => {
  if (watch.child.exitCode === null) await watch.end("SIGKILL");
  await place.close();
});

async function metric(series: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  const text = await (await fetch(`${url}/metrics`, { headers })).text();
  const line = text.split("\n").find((one) => one.startsWith(`trailwarden_${series} `));
  return Number(line?.split(" ").at(-1));
}
/** Asks the service, which does what comes of it. */
const atService = (...args: string[]) => place.work.run([...args, "--url", url, "-f", "json"], {
  env: { TRAILWARDEN_TOKEN: token },
});
const revocations = async (...args: string[]): Promise<unknown> => {
  const { stdout, stderr } = await atService("revocations", ...args);
  return stdout === "" ? stderr : JSON.parse(stdout);
};

describe("revocations beside a watch", () => {
  it("are carried out, confirmed by a later denied call, and undone", async () => {
    place.work.trail("inbox/one.json", [place.call(-30)]);
    await until(async () => await metric('records_total{source="inbox",outcome="new"}') === 1);
    await until(async () => (await place.run("revoke", key, ...store)).code === 0);
    const asked = await place.run("revoke", key, "-r", "leaked", "--yes", ...store, "-f", "json");
    const { revocation } = JSON.parse(asked.stdout) as { revocation: RevocationView };
    const { id } = revocation;
    expect(await place.standing()).toEqual({ isDenied: true, policyCount: 1 });
    await until(async () => await metric('revocations{state="applied"}') === 1);

    place.work.trail("inbox/two.json", [place.call(5, {
      errorCode: "AccessDenied",
      errorMessage: "User: arn:aws:sts::111122223333:assumed-role/aider-ro/task-1 is not " +
        "authorized to perform: ec2:DescribeInstances with an explicit deny in an " +
        "identity-based policy",
    })]);
    await until(async () => await metric('revocation_calls_total{outcome="denied"}') === 1);
    expect(await revocations("show", id)).toMatchObject({ state: "confirmed" });
    await until(async () => await metric('revocations{state="confirmed"}') === 1);

    await place.takeOff();
    await until(async () => (await place.standing()).isDenied);
    expect(await revocations("show", id)).toMatchObject({ tampered: {} });

    await atService("response", "pause", "-r", "hands off");
    await until(async () => await metric("response_paused") === 1);
    await revocations("undo", id, "-r", "a mistake");
    expect(await place.standing()).toEqual({ isDenied: true, policyCount: 1 });
    await atService("response", "resume");
    await until(async () => !(await place.standing()).isDenied);
    await until(async () => await metric('revocations{state="undone"}') === 0);
  });

  it("are asked for by a finding, and by whoever asks the service", async () => {
    place.work.trail("inbox/three.json", [place.call(10, {
      eventSource: "iam.amazonaws.com", eventName: "CreateAccessKey", readOnly: false,
      requestParameters: { userName: "bob" },
    })]);
    await until(async () => await metric('revocations{state="requested"}') === 1);
    expect(await metric('revocation_wishes_total{by="rule",outcome="asked"}')).toBe(1);
    const [waiting] = await revocations("list", "--open") as readonly RevocationView[];
    expect(waiting).toMatchObject({
      requestedBy: "rule:creates-lasting-credentials", isAwaited: true,
    });
    const { id = "", version = "" } = waiting ?? {};
    expect(await revocations("approve", id, "another")).toContain("It was planned anew since.");
    expect(await revocations("approve", id, version)).toMatchObject({ id });
    await until(async () => (await place.standing()).isDenied);
    await until(async () => await metric("revocation_seconds_count") === 2);
    await revocations("undo", id, "-r", "enough");
    await until(async () => !(await place.standing()).isDenied);

    const { code, stdout } = await atService("revoke", key, "-r", "leaked", "--yes");
    expect({ code, asked: JSON.parse(stdout) as unknown })
      .toMatchObject({ code: 0, asked: { revocation: { target: { value: key } } } });
    await until(async () => (await place.standing()).isDenied);
    expect((await atService("revoke", "nobody")).code).toBe(1);
    expect(await watch.end("SIGTERM")).toBe(0);
  });
});
