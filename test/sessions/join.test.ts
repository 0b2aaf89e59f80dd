import { describe, expect, it } from "vitest";
import type { TrailEvent } from "../../src/events/event.ts";
import type { Issuance } from "../../src/sessions/issuance.ts";
import type { Session } from "../../src/sessions/session.ts";
import { at, trailEvent } from "../builders/event.ts";
import { issuance } from "../builders/session.ts";
import { derive, only } from "./derived.ts";

describe("a session finds its issuance", () => {
  const keyless = { principal: { createdAt: null } };

  it.each<[string, { event?: TrailEvent; issuances: Issuance[] }, Session["joinedBy"]]>([
    ["by its key", { issuances: [issuance()] }, "access-key"],
    [
      "by its key, when the use came to pass before the issuance by the logs' clocks",
      { event: trailEvent({ at: at(-1) }), issuances: [issuance()] },
      "access-key",
    ],
    [
      "by principal and creation, when the issued key is not the one used (Identity Center)",
      { issuances: [issuance({ accessKeyId: "ASIAANOTHER", at: at(2) })] },
      "principal-and-creation",
    ],
    [
      "not by principal, when the creation is another",
      { issuances: [issuance({ accessKeyId: "ASIAANOTHER", at: at(3) })] },
      null,
    ],
    [
      "by principal alone, without creation date and with one candidate",
      { event: trailEvent(keyless), issuances: [issuance({ accessKeyId: null })] },
      "principal",
    ],
    [
      "not by principal alone with two candidates",
      {
        event: trailEvent(keyless),
        issuances: [
          issuance({ accessKeyId: null }),
          issuance({ accessKeyId: null, eventKey: "k-2" }),
        ],
      },
      null,
    ],
    [
      "by principal alone with two accounts' copies of one",
      {
        event: trailEvent(keyless),
        issuances: [
          issuance({ accessKeyId: null, sharedId: "s-1" }),
          issuance({ accessKeyId: null, sharedId: "s-1", eventKey: "k-2" }),
        ],
      },
      "principal",
    ],
    [
      "not by principal alone once that credential has expired",
      {
        event: trailEvent({ at: at(901), ...keyless }),
        issuances: [issuance({ accessKeyId: null })],
      },
      null,
    ],
    [
      "not when it is another's",
      { issuances: [issuance({ accessKeyId: "X", principalId: "Y" })] },
      null,
    ],
  ])("%s", (_what, { event, issuances }, expected) => {
    const session = only(derive([event ?? trailEvent()], issuances));
    expect(session.joinedBy).toBe(expected);
    expect(session.credentials[0]?.expiresAt).toBe(expected === null ? null : at(900));
  });

  it("by the caller's copy of a cross-account call, which tells who asked", () => {
    const foreign = issuance({
      eventKey: "k-0",
      sharedId: "s-1",
      issuer: { kind: "account", accessKeyId: null, roleArn: null },
    });
    const full = issuance({ eventKey: "k-9", sharedId: "s-1" });
    for (const issuances of [[foreign, full], [full, foreign]]) {
      const session = only(derive([trailEvent()], issuances));
      expect(session.issuance?.eventKey).toBe("k-9");
    }
  });

  it("for a key that leaves another key's issuance of the same second alone", () => {
    const events = [
      trailEvent(),
      trailEvent({ key: "k-2", principal: { accessKeyId: "ASIASECOND" } }),
    ];
    const session = only(derive(events, [issuance()]));
    const expiries = session.credentials.map((each) => [each.accessKeyId, each.expiresAt]);
    expect(expiries).toEqual([
      ["ASIASECOND", null],
      ["ASIATASKKEY000000001", at(900)],
    ]);
  });
});

