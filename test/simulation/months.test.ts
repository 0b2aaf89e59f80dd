import { describe, expect, it } from "vitest";
import { profileOf } from "../../src/simulation/incidents/scene.ts";
import { day } from "../../src/simulation/instant.ts";
import { agentDay } from "../../src/simulation/months/agent-months.ts";
import { playAttack } from "../../src/simulation/months/attack.ts";
import { attackKinds } from "../../src/simulation/months/attack-kinds.ts";
import { workdayOf, type Season } from "../../src/simulation/months/season.ts";
import { profiles } from "../../src/simulation/agents/profiles.ts";
import { stream } from "../../src/simulation/random.ts";
import { createWorld } from "../../src/simulation/world.ts";

const monday = Date.UTC(2026, 0, 5);
const season: Season = { seed: "months", firstDay: monday, days: 84 };

describe("months of honest work", () => {
  it("are the same for a seed, and others for another", () => {
    const of = (seed: string) =>
      [...agentDay(createWorld(seed), { ...season, seed }, monday)].flat()
        .map(({ eventId }) => eventId);
    expect(of("a")).toEqual(of("a"));
    expect(of("a")).not.toEqual(of("b"));
    expect(of("a").length).toBeGreaterThan(500);
  });

  it("bring new operations, busy days and holidays, and agents that come late", () => {
    const weeks = Array.from({ length: 84 }, (_, i) => monday + i * day);
    const workdays = profiles.map((profile) =>
      weeks.map((dayAt) => workdayOf(season, profile, dayAt)));
    const volumes = new Set(workdays.flat().map((workday) => workday?.volume ?? "not there"));
    expect(volumes).toContain(2);
    expect(volumes).toContain(0.1);
    const isLate = (of: (typeof workdays)[number]) => of[0] === null && of.at(-1) !== null;
    const seeds = ["a", "b", "c"].map((seed) => profiles.filter((profile) =>
      isLate(weeks.map((dayAt) => workdayOf({ ...season, seed }, profile, dayAt)))).length);
    expect(Math.max(...seeds)).toBeGreaterThan(0);
    const sizes = workdays.map((of) =>
      new Set(of.map((workday) => workday?.profile.operations.weights.length)).size);
    expect(Math.max(...sizes)).toBeGreaterThan(1);
  });
});

describe("an attack", () => {
  const kinds = attackKinds.map((kind) => [kind.id, kind] as const);

  it.each(kinds)("%s leaves its marks", (_id, kind) => {
    const time = {
      world: createWorld("attacks"), profile: profileOf("claude-code"),
      random: stream("attacks", kind.id), dayAt: monday, part: 0,
    };
    const { events, telling } = playAttack(kind, time);
    expect(telling.length).toBeGreaterThan(0);
    expect(events.length).toBeGreaterThan(telling.length);
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(events.length);
  });

  it("comes in twelve kinds and more, from loud to slow, each under a name of its own", () => {
    expect(new Set(attackKinds.map(({ id }) => id)).size).toBe(attackKinds.length);
    expect(attackKinds.length).toBeGreaterThanOrEqual(12);
    expect(new Set(attackKinds.map(({ loudness }) => loudness)).size).toBe(3);
  });
});
