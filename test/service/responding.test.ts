import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Config } from "../../src/config/schema.ts";
import { stateOf } from "../../src/revocations/life-cycle.ts";
import { Responding } from "../../src/service/responding.ts";
import { iamAccessLevels } from "../../src/events/access-levels.ts";
import { createNormaliser } from "../../src/events/normalise.ts";
import { ingestParts } from "../../src/pipeline.ts";
import type { RawRecord } from "../../src/records/record.ts";
import { at } from "../builders/event.ts";
import { batchOf } from "../builders/living.ts";
import { instantAt, record, roleIdentity } from "../builders/record.ts";
import { roleIdOf, roleSession } from "../builders/role-session.ts";
import { office, released, type Office } from "../response/desk.ts";
import { planned } from "../revocations/planned.ts";
import { IamPlace } from "../servers/iam/iam-place.ts";
import { watched } from "../telemetry/telemetry-bench.ts";

const place = new IamPlace();
beforeAll(() => place.open());
afterAll(() => place.close());

const task = roleSession("ro", "task-1");
const foreign = "arn:aws:iam::111111111111:role/responder";
const normalise = createNormaliser(iamAccessLevels());
let here: Office;
beforeEach(async () => {
  here = await office();
  await released(here, "a", planned({ kind: "session", id: task.id }, { sessions: [task] }));
});
afterEach(() => here.store.close());

/** As the committer takes it in. */
async function arrive(one: RawRecord): Promise<void> {
  const delivery = { id: String(one["eventID"]), name: "d" };
  await ingestParts({ store: here.store, normalise }, [{ delivery, batch: batchOf([one]) }]);
}

/** Runs one round and ends; what was told of it. */
async function run(
  response: object,
  { aws = place.aws }: {
    readonly aws?: { readonly endpoint: string; readonly region: string };
  } = {},
) {
  const { telemetry, lines } = watched();
  const stop = new AbortController();
  const responding = new Responding({
    store: here.store,
    normalise,
    config: () => Config.parse({ aws, response }),
    now: () => {
      // The last thing that a round asks for: where everything stands by now.
      stop.abort();
      return at(900);
    },
    watcher: { storeFailed: () => undefined, storeRecovered: () => undefined },
    telemetry: telemetry.response,
  });
  await responding.run(stop.signal);
  return lines.map(({ msg, outcome, state }) => [msg, outcome ?? state]);
}

describe("responding", () => {
  it("asks nobody for anything while it is not enabled, and says where things stand", async () => {
    const asked = place.own.calls.length;
    expect(await run({ enabled: false })).toEqual([
      ["A revocation stands otherwise.", "approved"],
    ]);
    expect(place.own.calls.length).toBe(asked);
  });

  it("tells how it left each place", async () => {
    const lines = await run({
      enabled: true,
      accounts: [{ id: "111111111111", assumeRole: { roleArn: foreign } }],
    });
    expect(lines).toEqual([
      ["A revocation cannot be carried out.", "denied"],
      ["A revocation stands otherwise.", "approved"],
    ]);
  });

  it("goes on where AWS does not say who we are", async () => {
    expect(await run({ enabled: true }, {
      aws: { endpoint: "http://127.0.0.1:1", region: "us-east-1" },
    })).toEqual([
      ["A revocation cannot be carried out.", "network"],
      ["A revocation stands otherwise.", "approved"],
    ]);
  });

  it("looks at what was committed, also while it ends", async () => {
    const revocation = await here.store.revocation("a");
    const [version] = revocation?.versions ?? [];
    const part = `${version?.digest ?? ""} inline 111111111111/ro TrailwardenSessionDeny`;
    await here.store.tellRevocation("a", { kind: "applied", part, at: at(600) }, null);
    await arrive(record({
      eventTime: instantAt(700), eventID: "e1", userIdentity: roleIdentity({
        roleId: roleIdOf("ro"), session: "task-1", role: "ro",
      }),
    }));
    const lines = await run({ enabled: false });
    expect(lines).toContainEqual(["A call of a revoked session went through.", undefined]);
    const seen = await here.store.revocation("a");
    expect(seen && stateOf(seen, at(900))).toBe("violated");
  });
});
