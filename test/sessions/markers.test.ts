import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Config, emptyConfig } from "../../src/config/schema.ts";
import type { AccessLevels } from "../../src/events/access-levels.ts";
import type { TrailEvent } from "../../src/events/event.ts";
import { createNormaliser } from "../../src/events/normalise.ts";
import { mayConcern, type Markers } from "../../src/records/markers.ts";
import { stateOf } from "../../src/sessions/accumulate.ts";
import { sessionsOf } from "../../src/sessions/derive.ts";
import { sessionFor } from "../../src/sessions/find.ts";
import { groupKey } from "../../src/sessions/group.ts";
import { issuanceOf } from "../../src/sessions/issued.ts";
import { markersFor, outsideMarkersFor } from "../../src/sessions/markers.ts";
import { noTasks } from "../../src/sessions/task-tie.ts";

const noLevels: AccessLevels = {
  isKnown: () => false,
  levelOf: () => null,
};
const normalise = createNormaliser(noLevels);

const text = fc.constantFrom("aider-ro", "task-1", "GitHubActions", "x", "codex-1");
const identities = fc.oneof(
  fc
    .record({ role: text, session: text, hasIssuer: fc.boolean(), signIn: fc.boolean() })
    .map(({ role, session, hasIssuer, signIn }) => ({
      type: "AssumedRole",
      principalId: `AROA${role}:${session}`,
      arn: `arn:aws:sts::111111111111:assumed-role/${role}/${session}`,
      accessKeyId: "ASIAKEY",
      sessionContext: {
        sessionIssuer: hasIssuer ? { arn: `arn:aws:iam::111111111111:role/agents/${role}` } : {},
        attributes: { creationDate: "2026-03-01T10:00:00Z" },
        ...(signIn ? { signInSessionArn: "arn:aws:signin:us-east-1:1:session/1" } : {}),
      },
    })),
  fc.constantFrom<Record<string, unknown>[]>(
    { type: "Role", principalId: "AROAx:task-1", arn: "arn:aws:sts::1:assumed-role/x/task-1" },
    { type: "IAMUser", principalId: "AIDABOB", accessKeyId: "AKIABOB", userName: "task-1" },
    { type: "Root", principalId: "111111111111", accountId: "111111111111" },
    { type: "FederatedUser", principalId: "111111111111:task-1", accessKeyId: "ASIAFED" },
    { type: "SAMLUser", principalId: "x:task-1" },
    { type: "WebIdentityUser", principalId: "x:aud:task-1" },
    { type: "IdentityCenterUser", onBehalfOf: { userId: "u-1" } },
    { type: "AWSAccount", principalId: "AROAx:task-1", accountId: "222222222222" },
    { type: "AWSService", invokedBy: "ec2.amazonaws.com" },
    { accountId: "111111111111", invokedBy: "secretsmanager.amazonaws.com" },
    { type: "Unknown" },
    {},
  ),
);
const userAgents = fc.constantFrom(
  "aws-cli/2.36.7 md/awscrt#1 m/b,AN,g",
  "Boto3/1.40",
  "terraform/1.9",
  "aws-mcp.amazonaws.com",
  "codex/1.0",
  undefined,
);

const records = fc.array(
  fc
    .record({ userIdentity: identities, userAgent: userAgents, assumes: fc.boolean() })
    .map(({ assumes, ...fields }) => ({
      ...fields,
      eventVersion: "1.11",
      eventTime: "2026-03-01T10:00:00Z",
      eventSource: assumes ? "sts.amazonaws.com" : "ec2.amazonaws.com",
      eventName: assumes ? "AssumeRole" : "DescribeInstances",
      ...(assumes
        ? {
            requestParameters: { roleArn: "arn:aws:iam::111111111111:role/agents/x" },
            responseElements: {
              credentials: { accessKeyId: "ASIAKEY" },
              assumedRoleUser: { assumedRoleId: "AROAx:task-1" },
            },
          }
        : {}),
    })),
  { minLength: 1, maxLength: 12 },
);

const config = Config.parse({
  agents: [
    { name: "aider", roles: ["arn:aws:iam::*:role/agents/aider-*"], mayAssume: ["*/helper-*"] },
    { name: "tasks", sessionNames: ["task-?"] },
  ],
});

function literals(found: ReturnType<typeof markersFor>): Markers {
  if ("none" in found) throw new Error(found.none);
  return found;
}

/** Events of the records with the agent their session is given to, and whether for itself. */
function attributed(raw: readonly Record<string, unknown>[], declared: Config) {
  const events = raw.flatMap((record, i) => {
    const read = normalise({ ...record, eventID: `e-${i}` });
    return "event" in read ? [read.event] : [];
  });
  const issuances = events.map(issuanceOf).filter((each) => each !== null);
  const groups = new Map<string, TrailEvent[]>();
  for (const event of events) {
    groups.set(groupKey(event), [...(groups.get(groupKey(event)) ?? []), event]);
  }
  return [...groups].flatMap(([key, members]) => {
    const state = stateOf(key, members);
    const ancestors = new Map<string, never>();
    const context = { issuances, config: declared, ancestors, tasks: noTasks };
    const sessions = sessionsOf(state, context);
    return members.map((event) => {
      const attribution = sessionFor(state, sessions, event)?.session.attribution;
      const isOwn = attribution?.basis.every(({ by }) => by !== "chain") === true;
      return { event, status: attribution?.status ?? "none", isOwn };
    });
  });
}

describe("the pre-filter's markers", () => {
  it("are in every record of a session that is given to any agent", () => {
    const markers = literals(markersFor(config));
    fc.assert(
      fc.property(records, (raw) => {
        const agents = attributed(raw, config).filter(({ status }) => status !== "none");
        expect(agents.filter(({ event }) => !mayConcern(event.record, markers))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it("of declared agents are in every record of a session the config gives them itself", () => {
    const markers = literals(markersFor(config, "declared"));
    fc.assert(
      fc.property(records, (raw) => {
        const agents = attributed(raw, config).filter(
          ({ status, isOwn }) => status === "declared" && isOwn,
        );
        expect(agents.filter(({ event }) => !mayConcern(event.record, markers))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it("let a service's own calls fall away", () => {
    const record = { userIdentity: { type: "AWSService", invokedBy: "kms.amazonaws.com" } };
    expect(mayConcern(record, literals(markersFor(emptyConfig)))).toBe(false);
  });

  it("hold role names and session names, and the calls that issue credentials", () => {
    expect(markersFor(config, "declared")).toEqual(
      expect.arrayContaining(["aider-", "helper-", "task-", "AssumeRole", "CreateOAuth2Token"]),
    );
  });

  it("hold no call whose credential is told by nothing", () => {
    expect(markersFor(config, "declared")).not.toContain("GetRoleCredentials");
    const own = literals(outsideMarkersFor(config));
    expect(own).toContain("aider-");
    expect(own).not.toContain("AssumeRole");
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["a role pattern without a name", { roles: ["arn:aws:iam::*:role/agents/*"] }, "holds no name"],
    ["a role pattern without a slash", { roles: ["*aider*"] }, "holds no name"],
    ["a name too short", { sessionNames: ["ab*"] }, "holds no name"],
    ["a user agent", { roles: ["*/aider"], userAgents: ["x"] }, "user agents"],
    ["a source identity", { sourceIdentities: ["bob"] }, "source identity or tags"],
    ["tags", { sessionTags: { team: "blue" } }, "source identity or tags"],
  ])("are none for an agent declared by %s", (_what, agent, reason) => {
    const declared = Config.parse({ agents: [{ name: "a", ...agent }] });
    const found = markersFor(declared, "declared");
    expect("none" in found ? found.none : "").toContain(reason);
  });

  it("avoid what JSON may escape", () => {
    const declared = Config.parse({ agents: [{ name: "a", sessionNames: ["run=nightly<1>*"] }] });
    expect(markersFor(declared, "declared")).toContain("nightly");
  });
});
