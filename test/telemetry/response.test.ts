import { describe, expect, it } from "vitest";
import { withNews, type Revocation } from "../../src/revocations/revocation.ts";
import { at } from "../builders/event.ts";
import { roleSession } from "../builders/role-session.ts";
import { asked, fault } from "../response/desk.ts";
import { planned } from "../revocations/planned.ts";
import { series, watched } from "./telemetry-bench.ts";

const session = roleSession("ro", "task-1");
const plan = planned({ kind: "session", id: session.id }, { sessions: [session] });
const nobody = { askedBy: [], rules: [], levels: [], agents: [], modes: [] };
/** Asked for at 600. */
function applied(id: string, seconds: number): Revocation {
  const revocation = asked(id, plan);
  const part = `${revocation.versions[0]?.digest ?? ""} ${key}`;
  return withNews(revocation, { kind: "applied", part, at: at(seconds) });
}
const key = "inline 111111111111/ro TrailwardenSessionDeny";

describe("what is told of revocations", () => {
  it("counts how each place was left, and tells of what stands in the way once", async () => {
    const { telemetry: { response }, lines, scrape } = watched();
    const refused = fault("denied");
    for (const as of ["kept", "written", "no-room", "no-room", refused, refused, "kept"] as const) {
      response.left({ key, as });
    }
    expect(lines.map(({ level, outcome }) => `${String(level)} ${String(outcome)}`)).toEqual([
      "debug kept", "info written", "warn no-room", "debug no-room", "warn denied",
      "debug denied", "debug kept",
    ]);
    expect(lines[4]).toMatchObject({ place: key, detail: refused.message });
    const text = await scrape();
    expect(series(text, "trailwarden_revocation_rounds_total")).toEqual({
      'trailwarden_revocation_rounds_total{outcome="kept"}': 2,
      'trailwarden_revocation_rounds_total{outcome="written"}': 1,
      'trailwarden_revocation_rounds_total{outcome="no-room"}': 2,
    });
    expect(series(text, "trailwarden_revocation_failures_total")).toEqual({
      'trailwarden_revocation_failures_total{code="denied"}': 2,
    });
  });

  it("counts calls, and is loud about one that went through", async () => {
    const { telemetry: { response }, lines, scrape } = watched();
    for (const what of ["denied", "succeeded"] as const) {
      response.observed({ revocationId: "a", what, eventId: "e1" });
    }
    expect(lines).toMatchObject([
      { level: "debug" }, { level: "error", revocation: "a", event: "e1" },
    ]);
    expect(series(await scrape(), "trailwarden_revocation_calls_total")).toEqual({
      'trailwarden_revocation_calls_total{outcome="denied"}': 1,
      'trailwarden_revocation_calls_total{outcome="succeeded"}': 1,
    });
  });

  it("shows where revocations stand now, and tells when that changes", async () => {
    const { telemetry: { response }, lines, scrape } = watched();
    const waits = { ...asked("a", plan, [{ ...nobody, people: 2 }]) };
    response.stand([waits], { isPaused: true, asOf: at(620) });
    response.stand([waits], { isPaused: true, asOf: at(621) });
    const broken = withNews(applied("a", 640), {
      kind: "succeeded", sign: { at: at(800), by: "e1" },
    });
    response.stand([broken, applied("b", 601)], { isPaused: false, asOf: at(900) });
    expect(lines.map(({ level, revocation, state }) => [level, revocation, state])).toEqual([
      ["info", "a", "requested"], ["error", "a", "violated"], ["info", "b", "applied"],
    ]);
    const text = await scrape();
    expect(series(text, "trailwarden_revocations{")).toEqual({
      'trailwarden_revocations{state="violated"}': 1, 'trailwarden_revocations{state="applied"}': 1,
    });
    expect(series(text, "trailwarden_response_paused", true)).toEqual({
      trailwarden_response_paused: 0,
    });
    expect(series(text, "trailwarden_revocation_seconds_sum")).toEqual({
      trailwarden_revocation_seconds_sum: 41,
    });
  });
});
