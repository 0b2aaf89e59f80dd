import { describe, expect, it } from "vitest";
import { assumed, instantAt, keyMade, record, roleIdentity } from "../builders/record.ts";
import { seen } from "./whole-program.ts";

const lasting = "creates-lasting-credentials";

describe("a credential's use and its issuance", () => {
  it("meet though the use is delivered before the issuance event", async () => {
    const { event } = await seen([[record({ eventID: "use" })], [assumed()]]);
    expect(event("use").session).toMatchObject({ joinedBy: "access-key" });
    expect(event("use").credential).toMatchObject({ expiresAt: "2026-03-01T10:15:00.000Z" });
  });

  it("meet by principal and creation where the issued key is not the used key", async () => {
    const saml = {
      type: "SAMLUser", principalId: "q:ann@example.com", userName: "ann@example.com",
      identityProvider: "q",
    };
    const sso = {
      role: "AWSReservedSSO_ReadOnly_0123456789abcdef", session: "ann@example.com",
      roleId: "AROASSO0000000000001",
    };
    const issued = assumed({
      ...sso, by: saml, accessKeyId: "ASIAISSUED0000000001",
      fields: { eventName: "AssumeRoleWithSAML", eventID: "issued" },
    });
    const used = roleIdentity({ ...sso, accessKeyId: "ASIAUSED000000000001" });
    const { event } = await seen([[issued, record({ eventID: "use", userIdentity: used })]]);
    expect(event("use").session).toMatchObject({
      joinedBy: "principal-and-creation", name: "ann@example.com",
    });
  });

  it("meet when creation and issuance are a second apart, and not when they are ten", async () => {
    const at = async (seconds: number) => {
      const userIdentity = roleIdentity({
        accessKeyId: "ASIAUSED000000000001", createdAt: instantAt(seconds),
      });
      const { event } = await seen([[assumed(), record({ eventID: "use", userIdentity })]]);
      return event("use").session?.["joinedBy"];
    };
    expect(await at(1)).toBe("principal-and-creation");
    expect(await at(10)).not.toBe("principal-and-creation");
  });
});

describe("a session", () => {
  it("of the console with a key per request is one session", async () => {
    const uses = ["A", "B", "C"].map((key, i) => record({
      sessionCredentialFromConsole: "true", eventTime: instantAt(60 * i),
      userIdentity: roleIdentity({ accessKeyId: `ASIACONSOLE00000000${key}` }),
    }));
    const { sessions } = await seen([uses]);
    expect(sessions).toMatchObject([{ anchor: "console", eventCount: 3 }]);
  });

  it("refreshed has overlapping keys, each with its own expiry", async () => {
    const refreshed = {
      accessKeyId: "ASIATASKKEY000000002", expiration: "Mar 1, 2026, 10:25:00 AM",
      fields: { eventTime: instantAt(600) },
    };
    const second = roleIdentity({
      accessKeyId: "ASIATASKKEY000000002", createdAt: instantAt(600),
    });
    const { event } = await seen([[
      assumed(), assumed(refreshed), record({ eventID: "first", eventTime: instantAt(700) }),
      record({ eventID: "second", eventTime: instantAt(660), userIdentity: second }),
    ]]);
    expect(event("first").credential).toMatchObject({ expiresAt: "2026-03-01T10:15:00.000Z" });
    expect(event("second").credential).toMatchObject({ expiresAt: "2026-03-01T10:25:00.000Z" });
  });

  it("at the end of a chain of 3 roles across accounts knows them all", async () => {
    const link = (i: number) => ({
      role: `link-${i}`, session: `s-${i}`, roleId: `AROALINK00000000000${i}`,
      accessKeyId: `ASIALINK00000000000${i}`, createdAt: instantAt(i), account: `${i}`.repeat(12),
    });
    const opened = (i: number) => assumed({
      ...link(i), by: roleIdentity(link(i - 1)), fields: { eventTime: instantAt(i) },
    });
    const { event } = await seen([[
      record({ eventID: "use", userIdentity: roleIdentity(link(3)) }), opened(3), opened(2),
    ]]);
    expect(event("use").session).toMatchObject({ name: "s-3", chainDepth: 2 });
  });

  it("named by signInSessionArn is one, whatever its keys", async () => {
    const signInSessionArn = "arn:aws:signin:us-east-1:111111111111:session/0-1";
    const uses = ["ASIAONE0000000000001", "ASIATWO0000000000001"].map((accessKeyId) => record({
      userIdentity: roleIdentity({ accessKeyId, context: { signInSessionArn } }),
    }));
    const { sessions } = await seen([uses]);
    expect(sessions).toMatchObject([{ anchor: "sign-in-session", eventCount: 2 }]);
  });

  it.each(["2026-03-01T10:00:00Z", "20260301T100000Z"])(
    "with creationDate %s is that of 10:00",
    async (createdAt) => {
      const { sessions } = await seen([[record({ userIdentity: roleIdentity({ createdAt }) })]]);
      expect(sessions).toMatchObject([{ createdAt: Date.UTC(2026, 2, 1, 10) }]);
    },
  );

  it("takes in a forward access session without accessKeyId", async () => {
    const forwarded = record({
      eventID: "forwarded", sourceIPAddress: "cloudformation.amazonaws.com",
      userAgent: "cloudformation.amazonaws.com",
      userIdentity: {
        ...roleIdentity({ accessKeyId: null }), invokedBy: "cloudformation.amazonaws.com",
      },
    });
    const { event } = await seen([[record({ eventID: "own" }), forwarded]]);
    expect(event("forwarded")).toMatchObject({
      principal: { invokedBy: "cloudformation.amazonaws.com" },
      session: { id: event("own").session?.["id"] },
    });
  });
});

describe("what counts once", () => {
  it("is a duplicate eventID in two files", async () => {
    const twice = keyMade({ eventID: "twice" });
    const { events, findings, read } = await seen([[twice], [twice, twice]]);
    expect(events).toHaveLength(1);
    expect(read).toMatchObject({ eventCount: 1, duplicateCount: 2 });
    expect(findings.find(({ rule }) => rule === lasting)).toMatchObject({ eventCount: 1 });
  });

  it("is not another event that carries a used eventID", async () => {
    const { events } = await seen([[
      keyMade({ eventID: "same" }), record({ eventID: "same", requestID: "other" }),
    ]]);
    expect(events).toHaveLength(2);
  });

  it("is a sharedEventID pair: the copy that tells more of the caller is judged", async () => {
    const rich = keyMade({ eventID: "rich", sharedEventID: "shared" });
    const poor = keyMade({
      eventID: "poor", sharedEventID: "shared", recipientAccountId: "222222222222",
      userIdentity: {
        type: "AWSAccount", principalId: "AROATASK000000000000B:task-4711",
        accountId: "111111111111",
      },
    });
    for (const files of [[[rich], [poor]], [[poor], [rich]]]) {
      const { events, findings } = await seen(files);
      expect(events).toHaveLength(2);
      const counted = findings.filter(({ rule }) => rule === lasting);
      expect(counted.map(({ eventIds }) => eventIds)).toEqual([["rich"]]);
    }
  });

  it("is what an UPDATED_DATA addendum with a new eventID corrects", async () => {
    const original = keyMade({ eventID: "original", requestID: "r" });
    const corrected = keyMade({
      eventID: "corrected", requestID: "r", addendum: {
        reason: "UPDATED_DATA", updatedFields: "responseElements", originalRequestID: "r",
        originalEventID: "original",
      },
    });
    for (const files of [[[original], [corrected]], [[corrected], [original]]]) {
      const { flagged } = await seen(files);
      expect(flagged(lasting)).toEqual(["corrected"]);
    }
  });
});

describe("events that come 24 h late", () => {
  it("give the findings they would have given in time", async () => {
    const late = keyMade({
      eventID: "late", addendum: { reason: "DELIVERY_DELAY" }, eventTime: instantAt(120),
    });
    const next = record({
      eventID: "next-day", eventTime: instantAt(86_400),
      userIdentity: roleIdentity({ session: "next", createdAt: instantAt(86_300) }),
    });
    const inTime = await seen([[assumed(), late], [next]]);
    const tooLate = await seen([[next], [assumed()], [late]]);
    expect(inTime.flagged(lasting)).toEqual(["late"]);
    expect(tooLate.flagged(lasting)).toEqual(["late"]);
  });
});
