import { beforeAll, describe, expect, it } from "vitest";
import { ownRulesFolder, rulesAt } from "../../src/app.ts";
import { Config } from "../../src/config/schema.ts";
import { iamAccessLevels } from "../../src/events/access-levels.ts";
import { createNormaliser } from "../../src/events/normalise.ts";
import type { FindingJson } from "../../src/findings/finding-json.ts";
import { LiveJudge } from "../../src/judging/live-judge.ts";
import { ingestParts } from "../../src/pipeline.ts";
import type { RawRecord } from "../../src/records/record.ts";
import type { TaskEnd } from "../../src/sessions/task-told.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import type { Store } from "../../src/storage/store.ts";
import { batchOf, contentOf, type Laws } from "../builders/living.ts";
import { assumed, instantAt, record, roleIdentity } from "../builders/record.ts";
import { after, begin, taskStart } from "../builders/task.ts";

/** Something that happens, as it reaches us: a record, or word of a task. */
type Happening = (store: Store, laws: Laws) => Promise<unknown>;

let laws: Laws;

beforeAll(async () => {
  laws = {
    rules: await rulesAt({ onlyRules: ownRulesFolder }),
    normalise: createNormaliser(iamAccessLevels()),
    config: Config.parse({
      agents: [{
        name: "aider", mustRegister: true, maxLiveCredentials: 1, maxLiveCredentialsPerTask: 1,
        roles: ["arn:aws:iam::111111111111:role/agents/ro-inventory"],
      }],
      roles: [{ arn: "arn:aws:iam::111111111111:role/agents/ro-inventory", mode: "readonly" }],
    }),
  };
});

const key = "ASIATASKKEY000000001";
const child = "ASIACHILDKEY00000001";
const by = { actor: "token:ci", at: begin };
const { id } = taskStart();

const arrives = (one: RawRecord): Happening => (store, { normalise }) => {
  const name = JSON.stringify(one["eventID"]);
  return ingestParts({ store, normalise }, [
    { delivery: { id: name, name }, batch: batchOf([one]) },
  ]);
};
const ends = (seconds: number, outcome: TaskEnd["outcome"]): Happening => (store) =>
  store.endTask(id, { at: after(seconds), outcome, exitCode: null, revoke: false }, by);
const call = (seconds: number, fields: Readonly<Record<string, unknown>> = {}) =>
  arrives(record({ eventTime: instantAt(seconds), ...fields }));
const told = (accessKeyId: string, seconds: number): Happening => (store) =>
  store.tellCredential(id, {
    accessKeyId, sessionName: "task-4711", issuedAt: after(seconds), expiresAt: after(900),
    roleArn: "arn:aws:iam::111111111111:role/agents/ro-inventory",
  });

const starts: Happening = (store) => store.startTask(taskStart({ heartbeatSeconds: null }), by);
const issue = assumed({ accessKeyId: key });
const write = {
  eventSource: "s3.amazonaws.com", eventName: "PutBucketPolicy", readOnly: false,
  requestParameters: { bucketName: "invoices" },
};
/** The task's session opens another, which goes on after the end. */
const chain = [
  arrives(assumed({
    accessKeyId: child, role: "worker", session: "step", roleId: "AROACHILD00000000000C",
    by: roleIdentity(), fields: { eventTime: instantAt(90) },
  })),
  call(700, {
    userIdentity: roleIdentity({
      role: "worker", session: "step", roleId: "AROACHILD00000000000C", accessKeyId: child,
      createdAt: instantAt(90),
    }),
  }),
];

/** Taken in one after the other, judged after each or only in the end. */
async function judged(
  happenings: readonly Happening[],
  isJudgedEach: boolean,
): Promise<readonly FindingJson[]> {
  const store = await openSqliteStore({ path: ":memory:" });
  try {
    const judge = new LiveJudge({ store, ...laws }, { bytesMax: 1e6 });
    const when = { asOf: 0, announceFrom: -Infinity };
    for (const [i, happening] of happenings.entries()) {
      await happening(store, laws);
      if (isJudgedEach) await judge.judge({ ...when, tasksAsOf: after(100 * i) });
    }
    await judge.finish({ ...when, tasksAsOf: after(1800) });
    return (await contentOf(store)).findings;
  } finally {
    await store.close();
  }
}

function* ordersOf<T>(items: readonly T[]): Generator<readonly T[]> {
  if (items.length === 0) yield [];
  for (const [i, item] of items.entries()) {
    for (const rest of ordersOf(items.toSpliced(i, 1))) yield [item, ...rest];
  }
}

describe("findings on a task are the same in every order of", () => {
  it.each<[string, readonly Happening[], readonly string[]]>([
    ["issue, use, use after the end, task start, its credential, task end",
      [arrives(issue), call(60), call(600), starts, told(key, 0), ends(120, "succeeded")],
      ["zombie-use high"]],
    ["a write after the end, task start, its credential, task end, an earlier end told late",
      [call(200, write), starts, told(key, 0), ends(190, "failed"), ends(100, "succeeded")],
      ["write-under-readonly-role critical", "zombie-use critical"]],
    ["task start, two credentials, task end, a use of one after it",
      [starts, told(key, 0), told("ASIASPARE00000000001", 30), ends(120, "succeeded"), call(600)],
      ["too-many-live-credentials medium", "zombie-credential low", "zombie-use high"]],
    ["task start, its credential, task end, a chained session's issue and use after the end",
      [starts, told(key, 0), ends(120, "succeeded"), ...chain],
      ["role-chaining high", "too-many-live-credentials medium", "zombie-credential low",
        "zombie-use high"]],
  ])("%s", async (_, happenings, expected) => {
    const reference = await judged(happenings, false);
    expect(reference.map(({ rule, level }) => `${rule} ${level}`).sort()).toEqual(expected);
    let count = 0;
    for (const order of ordersOf(happenings)) {
      count += 1;
      expect(await judged(order, true), `order ${count}`).toEqual(reference);
    }
    expect(count).toBe(happenings.length === 6 ? 720 : 120);
  }, 120_000);
});
