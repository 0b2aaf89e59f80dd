import { describe, expect, it } from "vitest";
import {
  idleEnd, isLiveZombie, lifetimeOf, type IssuedCredential, type ToldSpan,
} from "../../src/sessions/lifetimes.ts";
import { after, begin } from "../builders/task.ts";

/** For a quarter of an hour, from {@link begin} on. */
function issued(changes: Partial<IssuedCredential> = {}): IssuedCredential {
  return {
    accessKeyId: "ASIAA", agent: "aider", roleArn: null, issuedAt: begin, expiresAt: after(900),
    revokedAt: null, lastAt: null, tasks: [], taskId: null, ...changes,
  };
}
function task(changes: Partial<ToldSpan> = {}): ToldSpan {
  return { id: "t", endedAt: null, endedBy: null, isHeard: true, ...changes };
}
const ended = (seconds: number): ToldSpan => task({ endedAt: after(seconds), endedBy: "told" });
const unheard = task({ isHeard: false });
const later = 86_400;

type Expected = readonly [
  end: number | null, basis: string | null, issued: number | null, used: number,
  zombie: number | null, saved?: number | null,
];

describe("the lifetime of a credential", () => {
  it.each<[string, IssuedCredential, number, Expected]>([
    ["a task of 2 minutes on 15 leaves 13 minutes of zombie",
      issued({ tasks: [ended(120)], lastAt: after(110) }), later, [120, "told", 900, 120, 780]],
    ["the same, seen while it is a zombie still",
      issued({ tasks: [ended(120)] }), 130, [120, "told", 900, 120, 780]],
    ["calls after the end are no use of it: zombie use",
      issued({ tasks: [ended(120)], lastAt: after(800) }), later, [120, "told", 900, 120, 780]],
    ["a task that runs needs it",
      issued({ tasks: [task()], lastAt: after(10) }), 600, [null, null, 900, 600, 0]],
    ["a task that runs on needed all of it",
      issued({ tasks: [task()] }), later, [null, null, 900, 900, 0]],
    ["a task that ends after its expiry needed all of it",
      issued({ tasks: [ended(4000)] }), later, [4000, "told", 900, 900, 0]],
    ["a task that ended the instant it expires leaves nothing",
      issued({ tasks: [ended(900)] }), later, [900, "told", 900, 900, 0]],
    ["a task that went silent ends when it may last have lived",
      issued({ tasks: [task({ endedAt: after(180), endedBy: "silence" })] }), later,
      [180, "silence", 900, 180, 720]],
    ["issued after its task's end, it is all zombie",
      issued({ tasks: [ended(-60)] }), later, [-60, "told", 900, 0, 900]],
    ["of a refreshed key, the first expires while the task runs",
      issued({ tasks: [ended(2000)] }), later, [2000, "told", 900, 900, 0]],
    ["of a refreshed key, the last is the zombie",
      issued({ issuedAt: after(1600), expiresAt: after(2500), tasks: [ended(2000)] }), later,
      [2000, "told", 900, 400, 500]],
    ["for several tasks, the last to end needs it",
      issued({ tasks: [ended(120), ended(500), ended(300)] }), later,
      [500, "told", 900, 500, 400]],
    ["for several tasks, one runs", issued({ tasks: [ended(120), task()] }), 300,
      [null, null, 900, 300, 0]],
    ["nobody told of a task, and it was called just now",
      issued({ lastAt: after(100) }), 699, [null, null, 900, 699, 0]],
    ["nobody told, and nothing was called for ten minutes",
      issued({ lastAt: after(100) }), 700, [100, "idle", 900, 100, 800]],
    ["nobody told, and it has expired",
      issued({ lastAt: after(850) }), 900, [850, "idle", 900, 850, 50]],
    ["never used, it may be yet", issued(), 599, [null, null, 900, 599, 0]],
    ["never used, nobody needed it", issued(), 601, [0, "idle", 900, 0, 900]],
    ["never used, though its task ran for two minutes",
      issued({ tasks: [ended(120)] }), later, [120, "told", 900, 120, 780]],
    ["nobody would say when its task ends: it runs while it can",
      issued({ tasks: [unheard], lastAt: after(100) }), 899, [null, null, 900, 899, 0]],
    ["nobody would say when its task ends: its last call does",
      issued({ tasks: [unheard], lastAt: after(100) }), 900, [100, "idle", 900, 100, 800]],
    ["nor of one of its tasks; the other's end was told, later than the last call",
      issued({ tasks: [ended(120), unheard], lastAt: after(100) }), later,
      [120, "idle", 900, 120, 780]],
    ["an expiry that is not known",
      issued({ expiresAt: null, tasks: [ended(120)] }), later, [120, "told", null, 120, null]],
    ["an expiry that is not known, of one that works still",
      issued({ expiresAt: null, lastAt: after(later) }), later, [null, null, null, later, null]],
    ["revoked three minutes after its task's end, the rest is saved",
      issued({ tasks: [ended(120)], revokedAt: after(300) }), later,
      [120, "told", 900, 120, 180, 600]],
    ["revoked while its task runs, it is used until then",
      issued({ tasks: [task()], revokedAt: after(300) }), 600, [null, null, 900, 300, 0, 600]],
    ["revoked before it is known to be needed no longer",
      issued({ tasks: [ended(600)], revokedAt: after(300) }), later,
      [600, "told", 900, 300, 0, 600]],
    ["revoked when it had expired, nothing is saved",
      issued({ tasks: [ended(120)], revokedAt: after(1000) }), later,
      [120, "told", 900, 120, 780, 0]],
    ["revoked, of unknown expiry",
      issued({ expiresAt: null, tasks: [ended(120)], revokedAt: after(60) }), later,
      [120, "told", null, 60, null, null]],
    ["an expiry before its issue is none", issued({ expiresAt: after(-5) }), later,
      [0, "idle", 0, 0, 0]],
    ["issued after the instant that is asked about", issued({ tasks: [task()] }), -60,
      [null, null, 900, 0, 0]],
  ])("%s", (_what, ...row) => {
    const [credential, asOf, expected] = row;
    const [endedAt, endBasis, issuedSeconds, usedSeconds, zombieSeconds] = expected;
    const [, , , , , savedSeconds = issuedSeconds === null ? null : 0] = expected;
    expect(lifetimeOf(credential, { asOf: after(asOf), idleSeconds: 600 })).toEqual({
      endedAt: endedAt === null ? null : after(endedAt),
      endBasis, issuedSeconds, usedSeconds, zombieSeconds, savedSeconds,
    });
  });

  it.each<[string, IssuedCredential, number, boolean]>([
    ["valid after its task's end", issued({ tasks: [ended(120)] }), 121, true],
    ["revoked", issued({ tasks: [ended(120)], revokedAt: after(130) }), 131, false],
    ["expired", issued({ tasks: [ended(120)] }), 900, false],
    ["of a task that runs", issued({ tasks: [task()] }), 121, false],
    ["idle", issued({ lastAt: after(1) }), 650, true],
    ["of unknown expiry", issued({ expiresAt: null, tasks: [ended(120)] }), 121, false],
  ])("says whether it is a zombie now: %s", (_what, ...row) => {
    const [credential, seconds, expected] = row;
    const asOf = after(seconds);
    const lifetime = lifetimeOf(credential, { asOf, idleSeconds: 600 });
    expect(isLiveZombie(credential, lifetime, asOf)).toBe(expected);
  });

  it("takes the last call for the end, once nothing came for so long", () => {
    expect(idleEnd(begin, { asOf: after(599.999), idleSeconds: 600 })).toBeNull();
    expect(idleEnd(begin, { asOf: after(600), idleSeconds: 600 })).toBe(begin);
  });
});
