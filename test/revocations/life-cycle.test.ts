import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  awaitedVersion, isClosed, isWanted, stateOf, type RevocationState,
} from "../../src/revocations/life-cycle.ts";
import { placeKey } from "../../src/revocations/place.ts";
import type { Plan } from "../../src/revocations/plan.ts";
import {
  partOf, requested, withNews, type PlanVersion, type Revocation, type RevocationNews,
} from "../../src/revocations/revocation.ts";
import { at } from "../builders/event.ts";
import { roleSession } from "../builders/role-session.ts";
import { planned } from "./planned.ts";

const task = roleSession("ro", "task-1");
/** Ends at 3600 s, can be taken out at 7200 s. */
const plan = planned({ kind: "session", id: task.id }, { sessions: [task] });
const version = (digest: string, seconds: number, of: Partial<Plan> = {}): PlanVersion =>
  ({ plan: { ...plan, ...of }, digest, people: 2, at: at(seconds) });
const first = version("v1", 600);
const wider = version("v2", 800);

const rule = { by: "rule", rule: "r", level: "critical", subject: "f" } as const;
const base = requested({
  id: "a", target: plan.target, trigger: rule, reason: "because", requestedBy: "rule:r",
  requestedAt: at(600),
}, first);

const yes = (by: string, seconds: number, digest = "v1"): RevocationNews =>
  ({ kind: "approved", said: { digest, by, at: at(seconds) } });
const [change] = plan.changes;
if (change?.kind !== "deny") throw new Error("No change.");
const key = placeKey(change.place);
const applied = (seconds: number, of = first): RevocationNews =>
  ({ kind: "applied", part: partOf(of, key), at: at(seconds) });
const sign = (kind: "denied" | "succeeded" | "tampered", seconds: number): RevocationNews =>
  ({ kind, sign: { at: at(seconds), by: `e${seconds}` } });
const decision = (kind: "declined" | "undone", seconds: number): RevocationNews =>
  ({ kind, decision: { by: "cli:eve", reason: "no", at: at(seconds) } });
const pruned: RevocationNews = { kind: "pruned", key, at: at(7300) };
const lapsed: RevocationNews = { kind: "lapsed", at: at(3600) };
const go: RevocationNews = { kind: "released", at: at(620) };
const approved = [yes("token:ann", 610), yes("cli:bob", 615)];
const inForce = [...approved, go, applied(630)];

const after = (news: readonly RevocationNews[], from: Revocation = base): Revocation =>
  news.reduce(withNews, from);

describe("a revocation", () => {
  it.each<readonly [RevocationState, string, readonly RevocationNews[], number]>([
    ["requested", "asked for", [], 700],
    ["requested", "one yes of two", [yes("cli:ann", 610)], 700],
    ["requested", "two yes of one person", [yes("cli:ann", 610), yes("token:Ann", 611)], 700],
    ["requested", "a yes to another version", [...approved.slice(1), yes("cli:ann", 9, "x")], 700],
    ["expired", "nobody said yes in time", [yes("cli:ann", 610)], 3600],
    ["expired", "nobody said yes in time, and it was noticed", [lapsed], 700],
    ["declined", "somebody said no", [decision("declined", 610)], 700],
    ["declined", "a yes after the no", [decision("declined", 612), ...approved], 700],
    ["approved", "enough have said yes", approved, 700],
    ["approved", "a no after enough have said yes", [...approved, decision("declined", 616)], 700],
    ["approved", "a part of a wider one is in force", [
      ...approved, go, { kind: "applied", part: "v1 elsewhere", at: at(630) },
    ], 700],
    ["applied", "read back", inForce, 700],
    ["applied", "a call went through within the minute", [...inForce, sign("succeeded", 690)], 700],
    ["violated", "a call went through after it", [...inForce, sign("succeeded", 691)], 700],
    ["confirmed", "a call was denied", [...inForce, sign("denied", 650)], 700],
    ["applied", "a call was denied before", [...inForce, sign("denied", 629)], 700],
    ["violated", "some were denied, one was not",
      [...inForce, sign("denied", 650), sign("succeeded", 700)], 710],
    ["unobserved", "no call told anything", inForce, 3600],
    ["applied", "its credentials live longer than was known",
      [...inForce, { kind: "extended", ends: { endsAt: at(5000), removableAt: at(8600) } }], 3600],
    ["expired", "its time has come", inForce, 7200],
    ["expired", "its time has come before it was carried out", [...approved, go], 7200],
    ["pruned", "it is out", [...inForce, pruned], 7300],
    ["undone", "a person took it back", [...inForce, decision("undone", 700)], 700],
    ["undone", "and it is out", [...inForce, decision("undone", 700), pruned], 7300],
    ["applied", "a wider version waits", [...inForce, { kind: "planned", version: wider }], 900],
    ["approved", "a wider version has its yes, and is not in force yet", [
      ...inForce, { kind: "planned", version: wider }, yes("cli:ann", 810, "v2"),
      yes("cli:bob", 820, "v2"),
    ], 900],
    ["applied", "a wider version was declined",
      [...inForce, { kind: "planned", version: wider }, decision("declined", 850)], 900],
  ])("is %s: %s", (...[state, , news, asOf]) => {
    expect(stateOf(after(news), at(asOf))).toBe(state);
  });

  it("asked for by a person, has one yes", () => {
    const own = requested({ ...base, trigger: { ...rule, by: "person" } }, first);
    expect(stateOf(after([yes("token:bob", 700)], own), at(700))).toBe("approved");
    const same = requested({ ...base, requestedBy: "cli:bob", trigger: { ...rule, by: "person" } },
      first);
    expect(stateOf(after([yes("token:bob", 700)], same), at(700))).toBe("requested");
  });

  it("that needs nobody is approved as it is asked for", () => {
    const own = requested(base, { ...first, people: 0 });
    expect(stateOf(own, at(700))).toBe("approved");
  });

  it.each<readonly [string, readonly RevocationNews[], number, boolean]>([
    ["not released", approved, 700, false],
    ["released", [...approved, go], 700, true],
    ["at its end", inForce, 7200, false],
    ["undone", [...inForce, decision("undone", 700)], 700, false],
  ])("is wanted in the policy or not: %s", (...[, news, asOf, expected]) => {
    expect(isWanted(after(news), at(asOf))).toBe(expected);
  });

  it.each<readonly [string, readonly RevocationNews[], boolean]>([
    ["asked for", [], false],
    ["declined", [decision("declined", 610)], true],
    ["lapsed", [lapsed], true],
    ["undone before anything was done", [...approved, decision("undone", 612)], true],
    ["in force", inForce, false],
    ["undone and still in the policy", [...inForce, decision("undone", 700)], false],
    ["out", [...inForce, pruned], true],
    ["out of where a wider version is, but not of where it was", [
      { kind: "planned", version: version("v2", 800, { changes: [] }) }, ...inForce,
      yes("cli:ann", 810, "v2"), yes("cli:bob", 820, "v2"),
    ], false],
  ])("has nothing left to do, or has: %s", (...[, news, expected]) => {
    expect(isClosed(after(news))).toBe(expected);
  });

  it("waits for people while a version has too few", () => {
    const waiting = after([...inForce, { kind: "planned", version: wider }]);
    expect(awaitedVersion(base, at(700))?.digest).toBe("v1");
    expect(awaitedVersion(after(inForce), at(700))).toBeNull();
    expect(awaitedVersion(waiting, at(900))?.digest).toBe("v2");
    expect(awaitedVersion(after([decision("declined", 850)], waiting), at(900))).toBeNull();
    expect(awaitedVersion(base, at(3600))).toBeNull();
  });

  it("is the same in whatever order it is told, and however often", () => {
    const all: readonly RevocationNews[] = [
      ...inForce, applied(640), { kind: "planned", version: wider }, yes("cli:bob", 614),
      yes("cli:ann", 810, "v2"), sign("denied", 650), sign("denied", 640), sign("succeeded", 700),
      sign("tampered", 710), decision("declined", 900), decision("declined", 890),
      decision("undone", 910), lapsed, pruned, { kind: "pruned", key, at: at(7250) },
      { kind: "extended", ends: { endsAt: at(4000), removableAt: at(9000) } },
      { kind: "extended", ends: { endsAt: at(5000), removableAt: null } },
      { kind: "released", at: at(621) },
    ];
    const expected = after(all);
    const anyOrder = fc.shuffledSubarray([...all, ...all], {
      minLength: 2 * all.length, maxLength: 2 * all.length,
    });
    fc.assert(fc.property(anyOrder, (news) => {
      expect(after(news)).toEqual(expected);
    }));
    expect(expected).toMatchObject({
      releasedAt: at(620), denied: { firstAt: at(640), lastAt: at(650) },
      extendedTo: { endsAt: at(5000), removableAt: null }, pruned: { [key]: at(7250) },
    });
  });
});
