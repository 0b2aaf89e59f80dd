import { describe, expect, it } from "vitest";
import { CredentialSecondsReading } from "../../src/service/credential-seconds.ts";
import { emptyConfig } from "../../src/config/schema.ts";
import { StandingReading } from "../../src/service/standing.ts";
import { StoreFault } from "../../src/storage/fault.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import { after, begin, taskCredential, taskStart } from "../builders/task.ts";
import { series, watched } from "../telemetry/telemetry-bench.ts";

const ci = { actor: "token:ci", at: begin };
const idleSeconds = 1800;

/** A store with a task of two minutes on a credential of fifteen, and one that runs. */
async function stored() {
  const store = await openSqliteStore({ path: ":memory:" });
  const other = taskStart({ id: "t2", externalId: "T-2", heartbeatSeconds: null });
  for (const [start, key] of [[taskStart(), "ASIAA"], [other, "ASIAB"]] as const) {
    await store.startTask(start, ci);
    await store.tellCredential(start.id, taskCredential(key, 0));
  }
  const end = { at: after(120), outcome: "succeeded", exitCode: 0, revoke: false } as const;
  await store.endTask(taskStart().id, end, ci);
  return store;
}

describe("what gauges show of lifetimes", () => {
  it.each<[string, number, Readonly<Record<string, number>>]>([
    ["two credentials, one of which is a zombie of 13 minutes", 300, {
      'zombie_credentials{agent="aider"}': 1,
      'credential_seconds{agent="aider",role="aider-ro",part="issued"}': 1800,
      'credential_seconds{agent="aider",role="aider-ro",part="used"}': 420,
      'credential_seconds{agent="aider",role="aider-ro",part="zombie"}': 780,
    }],
    ["none that works still, once they have expired", 900, {
      'credential_seconds{agent="aider",role="aider-ro",part="issued"}': 1800,
      'credential_seconds{agent="aider",role="aider-ro",part="used"}': 120,
      'credential_seconds{agent="aider",role="aider-ro",part="zombie"}': 1680,
    }],
    ["nothing a day later", 86_401, {}],
  ])("is %s", async (_what, at, expected) => {
    const store = await stored();
    const { scrape } = watched();
    const asked = { receivers: [], asOf: after(at), config: emptyConfig };
    const reading = new StandingReading(store);
    await reading.read(asked);
    await reading.settled();
    const text = await scrape(await reading.read(asked));
    const found = {
      ...series(text, "trailwarden_zombie_credentials"),
      ...series(text, "trailwarden_credential_seconds"),
    };
    expect(found).toEqual(Object.fromEntries(
      Object.entries(expected).map(([name, value]) => [`trailwarden_${name}`, value]),
    ));
    await store.close();
  });

  it("is read once a minute, however often it is asked for, and nobody waits for it", async () => {
    const store = await stored();
    let reads = 0;
    const seconds = new CredentialSecondsReading({
      issuedCredentials: (within, from) => {
        reads += 1;
        return store.issuedCredentials(within, from);
      },
    });
    const latest = (at: number) => seconds.latest({ asOf: after(at), idleSeconds });
    expect([latest(300), latest(301)]).toEqual([[], []]);
    await seconds.settled();
    const first = latest(359);
    expect(first).toHaveLength(1);
    expect(reads).toBe(1);
    expect(latest(360)).toBe(first);
    await seconds.settled();
    expect(latest(361)).not.toBe(first);
    expect(reads).toBe(2);
    await store.close();
  });

  it("is read again after the store failed", async () => {
    let isBroken = true;
    const seconds = new CredentialSecondsReading({
      issuedCredentials: () => isBroken
        ? Promise.reject(new StoreFault("store-locked", "trail.db"))
        : Promise.resolve({ items: [], next: null }),
    });
    const latest = () => seconds.latest({ asOf: begin, idleSeconds });
    expect(latest()).toEqual([]);
    await seconds.settled();
    expect(latest).toThrow(StoreFault);
    isBroken = false;
    await seconds.settled();
    expect(latest).toThrow(StoreFault);
    await seconds.settled();
    expect(latest()).toEqual([]);
  });
});
