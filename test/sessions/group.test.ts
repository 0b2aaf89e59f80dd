import { describe, expect, it } from "vitest";
import type { Principal } from "../../src/events/principal.ts";
import { groupKey } from "../../src/sessions/group.ts";
import { at, otherPrincipal, trailEvent } from "../builders/event.ts";

describe("an event's group", () => {
  it.each<[string, Partial<Principal>, string]>([
    ["a role session's issue", {}, "AROATASK000000000000B:task-4711@2026-03-01T10:00:00.000Z"],
    [
      "the same issue without a key (a service on its behalf)",
      { accessKeyId: null, credentialKind: "none", invokedBy: "athena.amazonaws.com" },
      "AROATASK000000000000B:task-4711@2026-03-01T10:00:00.000Z",
    ],
    [
      "a role session's key, without creation date",
      { createdAt: null },
      "key:ASIATASKKEY000000001",
    ],
    [
      "a role session's day, without key and creation date",
      { createdAt: null, accessKeyId: null, credentialKind: "none" },
      "AROATASK000000000000B:task-4711@2026-03-01",
    ],
    [
      "a session name with every character AWS allows",
      { id: "AROATASK000000000000B:a=b,c.d@e+f-g_h" },
      "AROATASK000000000000B:a=b,c.d@e+f-g_h@2026-03-01T10:00:00.000Z",
    ],
    ["a principal id without a colon", { id: "AROAX" }, "AROAX@2026-03-01T10:00:00.000Z"],
    [
      "a long-term key's day",
      otherPrincipal({
        kind: "iam-user",
        type: "IAMUser",
        id: "AIDABOB",
        accessKeyId: "AKIABOB",
        credentialKind: "long-term",
      }),
      "AIDABOB/AKIABOB@2026-03-01",
    ],
    [
      "a user's GetSessionToken session",
      otherPrincipal({
        kind: "iam-user",
        type: "IAMUser",
        id: "AIDABOB",
        accessKeyId: "ASIABOB",
        credentialKind: "temporary",
        createdAt: at(0),
      }),
      "AIDABOB@2026-03-01T10:00:00.000Z",
    ],
    [
      "root without a session",
      otherPrincipal({ kind: "root", type: "Root", id: "111111111111" }),
      "111111111111/-@2026-03-01",
    ],
    [
      "a service's day",
      otherPrincipal({ kind: "service", type: "AWSService", invokedBy: "ec2.amazonaws.com" }),
      "service:ec2.amazonaws.com/111111111111@2026-03-01",
    ],
    [
      "an event without a type",
      otherPrincipal({ kind: "unknown", account: null }),
      "service:-/111111111111@2026-03-01",
    ],
    [
      "a foreign account's principal",
      otherPrincipal({ kind: "account", type: "AWSAccount", id: "AROAORCH:orch-1" }),
      "account:AROAORCH:orch-1@2026-03-01",
    ],
    [
      "an Identity Center user",
      otherPrincipal({
        kind: "identity-center-user",
        type: "IdentityCenterUser",
        onBehalfOf: { userId: "u-1", identityStoreArn: null },
      }),
      "u-1@2026-03-01",
    ],
  ])("of %s", (_what, principal, expected) => {
    expect(groupKey(trailEvent({ principal }))).toBe(expected);
  });

  it("has a key of bounded length that still tells long names apart", () => {
    const long = (end: string): string =>
      groupKey(trailEvent({ principal: { id: "x".repeat(5000) + end } }));
    expect(long("a").length).toBeLessThan(256);
    expect(long("a")).not.toBe(long("b"));
    expect(long("a")).toBe(long("a"));
  });

  it("survives an instant that no calendar holds", () => {
    const event = trailEvent({ principal: { createdAt: 1e20 } });
    expect(groupKey(event)).toBe("AROATASK000000000000B:task-4711@100000000000000000000");
  });
});
