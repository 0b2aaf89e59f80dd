import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { standIn, type StandIn } from "../../aws/stand-in.ts";
import { record, roleIdentity } from "../../builders/record.ts";
import { Workplace } from "../program.ts";
import { until } from "./watch-process.ts";
import { configFor, Watched, type Line, type Settings } from "./watched.ts";

let aws: StandIn;
let place: Workplace;
let watched: Watched;

beforeAll(async () => {
  aws = await standIn();
  place = new Workplace();
  watched = await Watched.start(aws, place);
});
afterAll(async () => {
  expect(await watched.process.end("SIGTERM")).toBe(0);
  await aws.stop();
  place.remove();
});

const told = /The config (?:was read again|is wrong)/;

/** What is said of a config that is put in place of the one in force. */
async function reloadedWith(text: string): Promise<Line> {
  const toldBefore = watched.lines.filter(({ msg }) => told.test(msg)).length;
  place.write("watch.yaml", text);
  watched.process.child.kill("SIGHUP");
  await until(() => watched.lines.filter(({ msg }) => told.test(msg)).length > toldBefore);
  return watched.lines.filter(({ msg }) => told.test(msg)).at(-1) ?? { msg: "" };
}

const configWith = (settings: Settings) => configFor(aws, { settings });
const deployer = { name: "deployer", roles: ["arn:aws:iam::*:role/agents/deployer"] };

async function agentsOf(eventID: string): Promise<string> {
  const identity = roleIdentity({ role: "deployer", session: "d-1", roleId: "AROADEPLOYER000000001" });
  await aws.send(JSON.stringify(record({ eventID, userIdentity: identity })));
  await until(() => aws.counts().ready + aws.counts().inHand === 0);
  return (await watched.get("/v1/agents")).text;
}

describe("SIGHUP", () => {
  it("puts a new agent in force", async () => {
    expect(await agentsOf("before")).not.toContain("deployer");
    const line = await reloadedWith(configWith({ agents: [deployer] }));
    expect(line).toMatchObject({ level: "info", changed: ["agents"], needRestart: [] });
    expect(await agentsOf("after")).toContain("deployer");
    const events = "events_total{agent=\"deployer\",role=\"deployer\",access=\"list\",result=\"allowed\"}";
    await until(async () => ((await watched.metrics()).get(events) ?? 0) > 0);
  }, 120_000);

  it("leaves in force what was, where the config is wrong", async () => {
    const line = await reloadedWith(configWith({ agents: [deployer], agnets: [] }));
    expect(line).toMatchObject({
      level: "error",
      problems: [expect.stringMatching(/^watch\.yaml:\d+:\d+: agnets: There is no key "agnets"/)],
    });
    const metrics = await watched.metrics();
    expect(metrics.get("config_last_reload_successful")).toBe(0);
    expect(metrics.get('config_reloads_total{outcome="refused"}')).toBe(1);
    expect(metrics.get('config_reloads_total{outcome="applied"}')).toBe(1);
    expect(await agentsOf("still")).toContain("deployer");
  }, 120_000);

  it("says what waits for a restart", async () => {
    const settings = { agents: [deployer], retentionDays: 7, service: { shutdownSeconds: 3 } };
    const line = await reloadedWith(configWith(settings));
    expect(line).toMatchObject({ level: "warn", needRestart: ["service.shutdownSeconds"] });
    expect(line["changed"]).toContain("retentionDays");
    expect((await watched.metrics()).get("config_last_reload_successful")).toBe(1);
  }, 120_000);
});
