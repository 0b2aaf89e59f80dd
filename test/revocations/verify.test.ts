import { describe, expect, it } from "vitest";
import { placeKey } from "../../src/revocations/place.ts";
import { versionOf } from "../../src/revocations/approve.ts";
import { partOf, requested, withNews, type Revocation } from "../../src/revocations/revocation.ts";
import { effectsOf } from "../../src/revocations/effects.ts";
import { observe, type Observed } from "../../src/revocations/verify.ts";
import type { Session } from "../../src/sessions/session.ts";
import { at, trailEvent, type EventOverrides } from "../builders/event.ts";
import { roleIdOf, roleSession } from "../builders/role-session.ts";
import { planned, policyArn } from "./planned.ts";

const person = { by: "person", rule: null, level: null, subject: null } as const;

/** In force at eleven minutes after ten. */
function inForce(session: Session, carrier: "inline" | "managed" = "inline"): Revocation {
  const target = { kind: "session", id: session.id } as const;
  const plan = planned(target, { sessions: [session], means: { carrier } });
  const version = versionOf(plan, person, { at: at(600), policies: [] });
  const [change] = plan.changes;
  if (change?.kind !== "deny") throw new Error("No change.");
  const asked = requested({
    id: "a", target, trigger: person, reason: "r", requestedBy: "cli:ann", requestedAt: at(600),
  }, version);
  const part = partOf(version, placeKey(change.place));
  return withNews(asked, { kind: "applied", part, at: at(660) });
}

const task = roleSession("ro", "task-1");
const signIn = "arn:aws:signin:eu-west-1:111111111111:session/00000000-0000-4000-8000-000000000001";
const agents = roleSession("ro", "task-1", { id: `sis:${signIn}`, anchor: "sign-in-session" });
const principal = { id: `${roleIdOf("ro")}:task-1`, createdAt: at(0) };
const denied = (policyArnTold: string | null, kind: "explicit" | "implicit" | "unknown") => ({
  outcome: "denied", errorCode: "AccessDenied",
  denial: {
    kind, policyType: "identity-based", policyArn: policyArnTold, action: null, resource: null,
  },
}) as const;

function undone(revocation: Revocation): Revocation {
  const decision = { by: "cli:ann", reason: "r", at: at(800) };
  return withNews(revocation, { kind: "undone", decision });
}

/** `in`: which revocation is in force; absent: the inline one of the task. */
type Case = readonly [Observed, string, EventOverrides & { readonly in?: Revocation }];
const cases: readonly Case[] = [
  ["nothing", "a success before it", { at: at(659) }],
  ["nothing", "a success within the minute", { at: at(720) }],
  ["succeeded", "a success after it", { at: at(721) }],
  ["succeeded", "a dry run that would have been allowed",
    { at: at(721), result: { outcome: "dry-run" } }],
  ["nothing", "sts:GetCallerIdentity", { at: at(721), operation: "sts:GetCallerIdentity" }],
  ["nothing", "a call that failed otherwise", { at: at(721), result: { outcome: "failed" } }],
  ["nothing", "a sign-in", { at: at(721), type: "AwsConsoleSignIn" }],
  ["nothing", "a tool call", { at: at(721), type: "AwsMcpEvent" }],
  ["succeeded", "a call of a record without a type", { at: at(721), type: null }],
  ["nothing", "another session's success",
    { at: at(721), principal: { ...principal, id: `${roleIdOf("ro")}:task-2` } }],
  ["nothing", "the same name, issued after the cutoff",
    { at: at(721), principal: { ...principal, createdAt: at(601) } }],
  ["nothing", "the same name, of unknown issue",
    { at: at(721), principal: { ...principal, createdAt: null } }],
  ["denied", "an explicit denial", { at: at(661), result: denied(null, "explicit") }],
  ["nothing", "an explicit denial before it", { at: at(659), result: denied(null, "explicit") }],
  ["nothing", "an implicit denial", { at: at(661), result: denied(null, "implicit") }],
  ["nothing", "S3's bare denial", { at: at(661), result: denied(null, "unknown") }],
  ["nothing", "another policy's denial", { at: at(661), result: denied("arn:other", "explicit") }],
  ["denied", "a denial that names our policy",
    { at: at(661), result: denied(policyArn, "explicit"), in: inForce(task, "managed") }],
  ["nothing", "a denial that names another policy",
    { at: at(661), result: denied("arn:other", "explicit"), in: inForce(task, "managed") }],
  ["succeeded", "what a sign-in session minted later", {
    at: at(721), principal: { ...principal, createdAt: at(700), signInSessionArn: signIn },
    in: inForce(agents),
  }],
  ["succeeded", "a success before it was undone", { at: at(799), in: undone(inForce(task)) }],
  ["nothing", "a success once it was undone", { at: at(800), in: undone(inForce(task)) }],
  ["nothing", "the person's own session", { at: at(721), in: inForce(agents) }],
];

describe("of a revocation that is in force", () => {
  it.each(cases)("%s: %s", (expected, _what, { in: revocation = inForce(task), ...event }) => {
    const full = trailEvent({ operation: "s3:GetObject", ...event, principal: {
      ...principal, ...event.principal,
    } });
    expect(observe(effectsOf(revocation), full)).toBe(expected);
  });

  it("nothing is told before it is", () => {
    expect(effectsOf({ ...inForce(task), applied: {} })).toEqual([]);
  });
});
