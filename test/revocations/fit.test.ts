import { describe, expect, it } from "vitest";
import type { Denial, DenialKind } from "../../src/revocations/denial.ts";
import { charactersIn, type Carrier } from "../../src/revocations/document.ts";
import { fit, type Fit } from "../../src/revocations/fit.ts";
import type { Room } from "../../src/revocations/place.ts";
import { at } from "../builders/event.ts";
import { roleIdOf, roleSeen, roleSession } from "../builders/role-session.ts";
import { deniedBy, planned, policyArn } from "./planned.ts";

const roleId = roleIdOf("ro");
const nameOf = (n: number, length: number) => String(n).padStart(length, "a");
const signIn = (n: number) => "arn:aws:signin:eu-west-1:111111111111:session/" +
  `${String(n).padStart(8, "0")}-0000-4000-8000-000000000001`;

function denial(kind: DenialKind, n: number, length: number): Denial {
  const values = {
    "user-id": `${roleId}:${nameOf(n, length)}`,
    "source-identity": nameOf(n, length),
    "sign-in-session": signIn(n),
    role: "",
  };
  const issuedBefore = kind === "sign-in-session" ? null : at(600);
  return { roleId, kind, value: values[kind], issuedBefore };
}

const empty = (carrier: Carrier): Room =>
  ({ carrier, charactersMax: carrier === "inline" ? 10_240 : 6144, foreign: [] });

/** Whether one policy takes so many of them as they are. */
function holds(carrier: Carrier, count: number, one: (n: number) => Denial): boolean {
  const wanted = Array.from({ length: count }, (_, n) => one(n));
  const beside = { room: empty(carrier), granted: [], cutoff: at(600) };
  return fit(wanted, beside, "none")?.widening === "none";
}

function expectCapacity(carrier: Carrier, count: number, one: (n: number) => Denial): void {
  expect([count, count + 1].map((n) => holds(carrier, n, one))).toEqual([true, false]);
}

describe("one policy holds so many", () => {
  it.each<readonly [DenialKind, number, number, number]>([
    // Of names with so many characters: inline, managed.
    ["user-id", 16, 244, 144],
    ["user-id", 32, 175, 103],
    ["user-id", 64, 112, 66],
    ["source-identity", 16, 526, 306],
    ["source-identity", 32, 285, 166],
    ["source-identity", 64, 149, 87],
    ["sign-in-session", 0, 118, 69],
  ])("%s of %i characters", (...[kind, length, inline, managed]) => {
    expectCapacity("inline", inline, (n) => denial(kind, n, length));
    expectCapacity("managed", managed, (n) => denial(kind, n, length));
  });

  it("user ids with a cutoff each", () => {
    const one = (n: number) => ({ ...denial("user-id", n, 32), issuedBefore: at(n) });
    expectCapacity("inline", 41, one);
    expectCapacity("managed", 25, one);
  });
});

const written = ({ document }: Fit) => charactersIn(document ?? "");

describe("what finds no room", () => {
  const wanted = [{ ...denial("user-id", 99, 32), issuedBefore: at(99) }];
  const granted = Array.from({ length: 41 }, (_, n) =>
    ({ ...denial("user-id", n, 32), issuedBefore: at(n) }));
  const fitted = (charactersMax: number, beside = granted) => {
    const room = { ...empty("inline"), charactersMax };
    return fit(wanted, { room, granted: beside, cutoff: at(99) }, "none");
  };

  it("shares one cutoff, then cuts off the whole role, then is refused", () => {
    expect(fitted(10_240)).toMatchObject({ widening: "shared-cutoff" });
    expect(fitted(10_240, granted.slice(1))).toMatchObject({ widening: "none", denials: wanted });
    expect(fitted(2000)).toMatchObject({
      widening: "role-wide",
      denials: [{ roleId, kind: "role", value: "", issuedBefore: at(99) }],
    });
    expect(fitted(100)).toBeNull();
  });

  it("is counted to the character", () => {
    const exact = fitted(100_000);
    const shared = fitted(10_240);
    const whole = fitted(2000);
    if (exact === null || shared === null || whole === null) throw new Error("No room.");
    expect([written(exact), written(shared), written(whole)]).toEqual([10_286, 2619, 193]);
    expect(fitted(10_286)?.widening).toBe("none");
    expect(fitted(10_285)?.widening).toBe("shared-cutoff");
    expect(fitted(2619)?.widening).toBe("shared-cutoff");
    expect(fitted(2618)?.widening).toBe("role-wide");
    expect(fitted(193)?.widening).toBe("role-wide");
    expect(fitted(192)).toBeNull();
  });

  it("keeps what a sign-in session mints after the cutoff", () => {
    const signedIn = denial("sign-in-session", 1, 0);
    const room = { ...empty("inline"), charactersMax: 500 };
    const made = fit([...wanted, signedIn], { room, granted, cutoff: at(99) }, "none");
    expect(made?.denials).toEqual([signedIn, { ...wanted[0], kind: "role", value: "" }]);
  });
});

describe("a plan at the edge of what a role holds", () => {
  const theirs = (length: number) => ({ name: "theirs", document: "x".repeat(length) });
  const task = roleSession("ro", "task-1");
  const other = roleSession("ro", "task-2");
  const sessions = [task, other];
  const target = { kind: "session", id: task.id } as const;
  const key = "inline 111111111111/ro TrailwardenSessionDeny";

  it("counts what others have put there, blanks not", () => {
    const seen = (document: string) => [roleSeen("ro", {
      inlinePolicies: [theirs(5000), { name: "more", document }],
    })];
    const left = (length: number, blanks = 0) => planned(target, {
      sessions, roles: seen("x".repeat(length) + " \n\t".repeat(blanks)),
    }).changes[0];
    expect(left(4984, 9000)).toMatchObject({ widening: "none" });
    expect(left(4985)).toMatchObject({ widening: "role-wide" });
  });

  it("collapses to the whole role, says so, and has another blast radius", () => {
    const plan = planned(target, {
      sessions, roles: [roleSeen("ro", { inlinePolicies: [theirs(10_000)] })],
    });
    expect(plan.changes[0]?.because).toEqual([
      "The policy has no room for another name: the whole role is cut off.",
    ]);
    expect(plan.hits.map(({ name, as }) => [name, as])).toEqual([
      ["task-1", "meant"], ["task-2", "bystander"],
    ]);
    expect(deniedBy(plan, sessions)).toEqual([task.id, other.id]);
  });

  it("says that old names are hit again where it shares a cutoff", () => {
    const back = roleSession("ro", "task-2", { issued: 300 });
    const granted = new Map([[key, [{
      roleId, kind: "user-id", value: `${roleId}:task-2`, issuedBefore: at(100),
    } as const]]]);
    const room = [roleSeen("ro", { inlinePolicies: [theirs(9950)] })];
    const plan = planned(target, { sessions: [task, back], roles: room, granted });
    expect(plan.changes[0]).toMatchObject({ widening: "shared-cutoff" });
    expect(plan.hits.map(({ name, as }) => [name, as])).toEqual([
      ["task-1", "meant"], ["task-2", "bystander"],
    ]);
  });

  it("hangs the managed policy on the role while there is a place for it", () => {
    const means = { carrier: "managed" } as const;
    const policy = { arn: policyArn, document: "{}", versions: [] };
    const role = (count: number) => roleSeen("ro", {
      attachedPolicyArns: Array.from({ length: count }, (_, n) => `arn:${n}`),
    });
    const policies = [{ ...policy, document: '{"Version":"2012-10-17","Statement":[]}' }];
    const of = { sessions, means, policies };
    expect(planned(target, { ...of, roles: [role(9)] }).changes[0])
      .toMatchObject({ attach: true, place: { carrier: "managed" } });
    const full = planned(target, { ...of, roles: [role(10)] }).changes[0];
    expect(full).toMatchObject({ attach: false, place: { carrier: "inline" } });
    expect(full?.because.at(-1)).toBe("The role has 10 policies attached, and may have no more. " +
      "So it goes into the role itself.");
    const attached = roleSeen("ro", { attachedPolicyArns: [policyArn] });
    expect(planned(target, { ...of, roles: [attached] }).changes[0])
      .toMatchObject({ attach: false, place: { carrier: "managed" } });
  });

  it("goes into the role where the managed policy is full", () => {
    const granted = new Map([[`managed ${policyArn}`,
      Array.from({ length: 25 }, (_, n) => ({
        ...denial("user-id", n, 32), roleId: roleIdOf("dev"), issuedBefore: at(n),
        value: `${roleIdOf("dev")}:${nameOf(n, 32)}`,
      }))]]);
    const plan = planned(target, { sessions, granted, means: { carrier: "managed" } });
    expect(plan.changes[0]).toMatchObject({ widening: "none", place: { carrier: "inline" } });
  });
});
