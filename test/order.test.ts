import { beforeAll, describe, expect, it } from "vitest";
import { ownRulesFolder, rulesAt, type App } from "../src/app.ts";
import { emptyConfig } from "../src/config/schema.ts";
import { iamAccessLevels } from "../src/events/access-levels.ts";
import { createNormaliser } from "../src/events/normalise.ts";
import { judgeEverything } from "../src/judging/judge-everything.ts";
import { ingestParts } from "../src/pipeline.ts";
import type { RawRecord } from "../src/records/record.ts";
import type { Session } from "../src/sessions/session.ts";
import { openSqliteStore } from "../src/storage/sqlite.ts";
import {
  agentUserAgent, assumed, instantAt, keyMade, record, roleIdentity,
} from "./builders/record.ts";

const silent = { start: () => undefined, advance: () => undefined, stop: () => undefined };
let bench: Omit<App, "store" | "close">;

beforeAll(async () => {
  const normalise = createNormaliser(iamAccessLevels());
  bench = { rules: await rulesAt({ onlyRules: ownRulesFolder }), normalise, config: emptyConfig };
});

/** Deliveries, everything judged after each: sessions and findings in the end. */
async function judged(deliveries: readonly (readonly RawRecord[])[]) {
  const store = await openSqliteStore({ path: ":memory:" });
  try {
    for (const [i, records] of deliveries.entries()) {
      const found = records.map((one, index) => ({ record: one, index, offset: 0 }));
      const batch = { records: found, rejections: [], others: {}, skippedCount: 0, bytes: 0 };
      await ingestParts({ store, ...bench }, [{ delivery: { id: `${i}`, name: `${i}` }, batch }]);
      await judgeEverything({ store, ...bench }, silent);
    }
    const sessions: Session[] = [];
    for await (const page of store.sessions()) sessions.push(...page);
    const findings: string[] = [];
    for await (const page of store.findings()) {
      const open = page.filter(({ verdict }) => verdict !== "withdrawn");
      findings.push(...open.map(({ because }) => because));
    }
    return { sessions, findings };
  } finally {
    await store.close();
  }
}

const [hop, worker] = ["ASIAHOPKEY0000000001", "ASIATASKKEY000000001"];
const user = {
  type: "IAMUser", principalId: "AIDABOB", arn: "arn:aws:iam::111111111111:user/bob",
  accountId: "111111111111", userName: "bob", accessKeyId: "AKIABOB",
};
const hopIssued = assumed({
  by: user, role: "hop", session: "h", roleId: "AROAHOP", accessKeyId: hop,
  fields: { userAgent: agentUserAgent },
});
/** The role owner's copy of `hop` assuming the worker: of the caller only a principal id. */
const workerIssued = assumed({
  by: { type: "AWSAccount", principalId: "AROAHOP:h", accountId: "222222222222" },
  accessKeyId: worker, fields: { eventTime: instantAt(10) },
});
const undated = { ...roleIdentity(), sessionContext: undefined, accessKeyId: "ASIAOTHER" };
const signInSessionArn = "arn:aws:signin:us-east-1:111111111111:session/1";
const loggedIn = roleIdentity({ context: {
  signInSessionArn, attributes: { creationDate: instantAt(-3600), mfaAuthenticated: "true" },
} });
const grant = record({
  eventSource: "signin.amazonaws.com", eventName: "CreateOAuth2Token", eventTime: instantAt(0),
  userIdentity: { ...roleIdentity({ accessKeyId: null }), sessionContext: undefined },
  requestParameters: { client_id: "arn:aws:signin:::devtools/same-device" },
  additionalEventData: { signInSessionArn, success: "true" },
});

/** Of which records, and what is told of the session it is about. */
type Story = readonly [string, readonly RawRecord[], (session: Session) => unknown, unknown];

const stories: readonly Story[] = [
  ["a session without creation date, whose issuance is known by its principal alone",
    [assumed(), keyMade({ userIdentity: undated })],
    ({ credentials, joinedBy }) => credentials[0]?.accessKeyId === "ASIAOTHER" && joinedBy,
    "principal"],
  ["a chain of which the middle shows only in the role owner's copy",
    [hopIssued, workerIssued, keyMade({ userAgent: "aws-cli/2", userIdentity: roleIdentity({
      accessKeyId: worker, createdAt: instantAt(10),
    }) })],
    ({ credentials, chain, attribution }) =>
      credentials[0]?.accessKeyId === worker && [chain.length, attribution.agent],
    [1, "claude-code"]],
  ["a sign-in session whose grant tells no creation date",
    [grant, record({ userIdentity: loggedIn })],
    ({ anchor, joinedBy }) => anchor === "sign-in-session" && joinedBy,
    "sign-in-session"],
];

describe("records one by one, in any order, judged after each, give what one file gives", () => {
  it.each(stories)("%s", async (...[, records, told, expected]) => {
    const whole = await judged([records]);
    expect(whole.sessions.map(told)).toContainEqual(expected);
    for (const order of permutations(records)) {
      expect(await judged(order.map((one) => [one]))).toEqual(whole);
    }
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, i) =>
    permutations(items.filter((_, k) => k !== i)).map((rest) => [item, ...rest]));
}
