import { describe, expect, it } from "vitest";
import { isSuperseded, sessionFor } from "../../src/sessions/find.ts";
import { groupKey } from "../../src/sessions/group.ts";
import { at, rolePrincipal, trailEvent } from "../builders/event.ts";
import { issuance } from "../builders/session.ts";
import { derive, only } from "./derived.ts";

const key = { accessKeyId: "ASIATASKKEY000000001" };

describe("a group's sessions", () => {
  it("of refreshed credentials are one per issue, each with its key and expiry", () => {
    const first = trailEvent({ at: at(500) });
    const second = trailEvent({
      at: at(450),
      principal: { createdAt: at(400), accessKeyId: "ASIAREFRESHED" },
    });
    const issuances = [
      issuance(),
      issuance({ eventKey: "k-2", at: at(400), accessKeyId: "ASIAREFRESHED", expiresAt: at(1300) }),
    ];
    expect(groupKey(first)).not.toBe(groupKey(second));
    expect(only(derive([first], issuances)).credentials[0]?.expiresAt).toBe(at(900));
    expect(only(derive([second], issuances)).credentials[0]?.expiresAt).toBe(at(1300));
  });

  it("in the console are one, whatever the number of its passing keys", () => {
    const events = ["ASIA1", "ASIA2", "ASIA3"].map((accessKeyId, i) =>
      trailEvent({ at: at(i), principal: { accessKeyId, fromConsole: true } }),
    );
    const { group, sessions } = derive(events);
    const session = only({ group, sessions });
    expect([session.anchor, session.eventCount, session.credentials]).toEqual(["console", 3, []]);
    expect(group.accessKeyIds).toEqual([]);
  });

  it("in the console, from before AWS marked it, show no key at all", () => {
    const events = [trailEvent({ principal: { accessKeyId: null, credentialKind: "none" } })];
    expect(only(derive(events)).anchor).toBe("console");
  });

  it("hold the calls that services made on their behalf, whose network is no one's move", () => {
    const forwarded = trailEvent({
      at: at(61),
      principal: { accessKeyId: null, credentialKind: "none", invokedBy: "athena.amazonaws.com" },
      network: { kind: "service", name: "athena.amazonaws.com" },
    });
    const keyed = trailEvent({
      at: at(62),
      principal: { invokedBy: "cloudformation.amazonaws.com" },
      network: { kind: "ipv4", name: "203.0.113.0/24" },
    });
    const { group, sessions } = derive([trailEvent(), forwarded, keyed], [issuance()]);
    const session = only({ group, sessions });
    expect([session.anchor, session.eventCount]).toEqual(["role-issue", 3]);
    expect(session.credentials[0]?.networks.map(({ kind, value }) => [kind, value])).toEqual([
      ["ipv4", "198.51.100.0/24"],
      ["service", "203.0.113.0/24"],
    ]);
    expect(sessionFor(group, sessions, forwarded)).toEqual({ session, credential: null });
  });

  it("count access, denials, and a secret once by name and by ARN", () => {
    const read = {
      service: "secretsmanager",
      operation: "secretsmanager:GetSecretValue",
      isSensitiveRead: true,
    };
    const arn = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:db-AbCdEf";
    const events = [
      trailEvent({ ...read, access: "read", record: { requestParameters: { secretId: "db" } } }),
      trailEvent({ ...read, access: "read", record: { requestParameters: { secretId: arn } } }),
      trailEvent({ access: "write", result: { outcome: "denied" } }),
    ];
    const session = only(derive(events));
    expect([session.counts, session.deniedCount, session.distinctSecretCount]).toEqual([
      { read: 2, write: 1 },
      1,
      1,
    ]);
  });

  it("tell the role's path when any record or the issuance does", () => {
    const pathless = trailEvent({
      principal: rolePrincipal({ name: "ro-inventory", session: "t", createdAt: at(0), ...key }),
    });
    const withPath = "arn:aws:iam::111111111111:role/agents/ro-inventory";
    expect(only(derive([pathless], [issuance()])).role?.arn).toBe(withPath);
    const other = issuance({ roleArn: "arn:aws:iam::111111111111:role/x/y/z/another" });
    expect(only(derive([pathless], [other])).role?.arn).toBe(
      "arn:aws:iam::111111111111:role/ro-inventory",
    );
  });

  it("know which events a later record replaces", () => {
    const replaced = trailEvent({ id: "e-old" });
    const later = trailEvent({
      id: "e-new",
      addendum: { reason: "UPDATED_DATA", originalEventId: "e-old" },
    });
    const { group } = derive([later, replaced]);
    expect([isSuperseded(group, replaced), isSuperseded(group, later)]).toEqual([true, false]);
  });
});

