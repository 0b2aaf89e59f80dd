import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { callerOf, denies, type Denial } from "../../src/revocations/denial.ts";
import { charactersIn } from "../../src/revocations/document.ts";
import { placeKey } from "../../src/revocations/place.ts";
import type { Plan } from "../../src/revocations/plan.ts";
import type { Target } from "../../src/revocations/target.ts";
import type { Session } from "../../src/sessions/session.ts";
import { roleArnOf, roleSeen, roleSession } from "../builders/role-session.ts";
import { deniedBy, planned } from "./planned.ts";

const roles = ["ro", "dev", "ci"] as const;
const names = ["GitHubActions", "task-1", "i-0123456789abcdef0"] as const;
const identities = ["ann", "run-7", null] as const;
const arnOf = (n: number) =>
  `arn:aws:signin:eu-west-1:111111111111:session/00000000-0000-4000-8000-00000000000${n}`;

const oneSession = fc.record({
  role: fc.constantFrom(...roles),
  name: fc.constantFrom(...names),
  issued: fc.integer({ min: 0, max: 1200 }),
  sourceIdentity: fc.constantFrom(...identities),
  signIn: fc.constantFrom(null, null, 1, 2),
  agent: fc.constantFrom(null, "aider", "codex"),
  parent: fc.option(fc.nat(9)),
});

/** Sessions, some of which were assumed from earlier ones; no two share an id. */
const manySessions = fc.array(oneSession, { minLength: 1, maxLength: 10 }).map((all) => {
  const made: Session[] = [];
  for (const { role, name, signIn, parent, ...rest } of all) {
    const from = parent === null ? undefined : made[parent];
    const session = roleSession(role, name, {
      ...rest, ...(from === undefined ? {} : { from }),
      ...(signIn === null ? {} : { id: `sis:${arnOf(signIn)}`, anchor: "sign-in-session" }),
    });
    if (made.every(({ id }) => id !== session.id)) made.push(session);
  }
  return made;
});

const anyTarget = fc.oneof<fc.Arbitrary<Target>[]>(
  fc.record({ kind: fc.constant("agent"), name: fc.constantFrom("aider", "codex") }),
  fc.record({ kind: fc.constant("role"), arn: fc.constantFrom(...roles.map((r) => roleArnOf(r))) }),
  fc.record({ kind: fc.constant("source-identity"), value: fc.constantFrom("ann", "run-7") }),
  fc.record({ kind: fc.constant("sign-in-session"), arn: fc.constantFrom(arnOf(1), arnOf(2)) }),
);
const aSession = fc.nat(9).map((nth) => ({ nth }));
const targets = fc.array(fc.oneof(anyTarget, aSession), { minLength: 1, maxLength: 4 });

const setting = fc.record({
  sessions: manySessions,
  asked: targets,
  carrier: fc.constantFrom("inline" as const, "managed" as const),
  /** What others' policies leave of the inline quota. */
  left: fc.constantFrom(10_240, 500, 330, 200, 100),
});

describe("whatever is asked for, one after the other", () => {
  it("all in the stated blast radius is denied, and nothing outside of it", () => {
    fc.assert(fc.property(setting, ({ sessions, asked, carrier, left }) => {
      const seen = roles.map((role) => roleSeen(role, {
        inlinePolicies: [{ name: "theirs", document: "x".repeat(10_240 - left) }],
      }));
      const granted = new Map<string, readonly Denial[]>();
      for (const [i, one] of asked.entries()) {
        const target = "nth" in one ? nthOf(sessions, one.nth) : one;
        const of = { sessions, roles: seen, granted, now: 300 * (i + 1), means: { carrier } };
        const plan = planned(target, of);
        check(plan, { sessions, granted, left });
        for (const change of plan.changes) {
          if (change.kind === "key") continue;
          const key = placeKey(change.place);
          granted.set(key, [...granted.get(key) ?? [], ...change.denials]);
        }
      }
    }), { numRuns: 400 });
  });
});

function nthOf(sessions: readonly Session[], nth: number): Target {
  return { kind: "session", id: sessions[nth % sessions.length]?.id ?? "" };
}

interface Around {
  readonly sessions: readonly Session[];
  readonly granted: ReadonlyMap<string, readonly Denial[]>;
  readonly left: number;
}

function check(plan: Plan, { sessions, granted, left }: Around): void {
  const places = new Set(plan.changes.flatMap((change) =>
    change.kind === "deny" ? [placeKey(change.place)] : []));
  const before = [...places].flatMap((key) => granted.get(key) ?? []);
  const stated = new Set(plan.hits.map(({ id }) => id));
  const expected = sessions.filter((session) =>
    stated.has(session.id) || before.some((denial) => denies(denial, callerOf(session))));
  expect(deniedBy(plan, sessions)).toEqual(expected.map(({ id }) => id));
  for (const change of plan.changes) {
    if (change.kind === "key") continue;
    const max = change.place.carrier === "managed" ? 6144 : left;
    expect(charactersIn(change.document ?? "")).toBeLessThanOrEqual(max);
  }
}
