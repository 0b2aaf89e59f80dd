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

/** How many calls of the new agent's are judged as such, once this one is taken in. */
async function deployerCalls(): Promise<number> {
  const roleId = "AROADEPLOYER000000001";
  const userIdentity = roleIdentity({ role: "deployer", session: "d-1", roleId });
  await aws.send(JSON.stringify(record({ userIdentity })));
  await until(() => aws.counts().ready + aws.counts().inHand === 0);
  const own = [...(await watched.metrics())].filter(([series]) =>
    series.startsWith('events_total{agent="deployer",'));
  return own.reduce((sum, [, count]) => sum + count, 0);
}

describe("SIGHUP", () => {
  it("puts a new agent in force", async () => {
    expect(await deployerCalls()).toBe(0);
    const line = await reloadedWith(configWith({ agents: [deployer] }));
    expect(line).toMatchObject({ level: "info", changed: ["agents"], needRestart: [] });
    await until(async () => (await deployerCalls()) > 0);
    expect((await watched.get("/v1/agents")).text).toContain("deployer");
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
    const before = await deployerCalls();
    await until(async () => (await deployerCalls()) > before);
  }, 120_000);

  it("says what waits for a restart", async () => {
    const settings = { agents: [deployer], retentionDays: 7, service: { shutdownSeconds: 3 } };
    const line = await reloadedWith(configWith(settings));
    expect(line).toMatchObject({ level: "warn", needRestart: ["service.shutdownSeconds"] });
    expect(line["changed"]).toContain("retentionDays");
    expect((await watched.metrics()).get("config_last_reload_successful")).toBe(1);
  }, 120_000);
});
