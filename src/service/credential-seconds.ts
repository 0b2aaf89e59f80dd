import { issuedWithin } from "../lifetime-report.ts";
import type { LifetimeStore } from "../sessions/lifetime-store.ts";
import { isLiveZombie, lifetimeOf, type Measured } from "../sessions/lifetimes.ts";
import type { CredentialSeconds } from "../telemetry/happenings.ts";

/** What sums speak of: a day, so that what was wasted at night shows in the morning. */
const summedMs = 24 * 3_600_000;
/**
 * The longest that a temporary credential can be valid: what was issued before is no zombie now.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 */
const validMs = 36 * 3_600_000;
/** The latest of more: reading them takes about a second, in turns. */
const credentialsMax = 50_000;
/** They change slowly. */
const againMs = 60_000;

type Reading = Pick<LifetimeStore, "issuedCredentials">;

/**
 * What gauges show of lifetimes: read beside scrapes, at most once a minute, at bounded cost. A
 * scrape waits for none of it: it gets what was read last, of which there is nothing at first.
 */
export class CredentialSecondsReading {
  readonly #store: Reading;
  #known: readonly CredentialSeconds[] = [];
  #fault: Error | null = null;
  #readAt = -Infinity;
  /** What is read now; done, when nothing is. */
  #reading: Promise<void> = Promise.resolve();

  constructor(store: Reading) {
    this.#store = store;
  }

  /** Throws what kept it from being read, and then tries again. */
  latest(measured: Measured): readonly CredentialSeconds[] {
    const fault = this.#fault;
    this.#fault = null;
    if (measured.asOf - this.#readAt >= againMs) {
      this.#readAt = measured.asOf;
      this.#reading = this.#read(measured);
    }
    if (fault !== null) throw fault;
    return this.#known;
  }

  /** When nothing is being read any more. */
  settled(): Promise<void> {
    return this.#reading;
  }

  async #read(measured: Measured): Promise<void> {
    try {
      this.#known = await credentialSeconds(this.#store, measured);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#fault = error;
      this.#readAt = -Infinity;
    }
  }
}

async function credentialSeconds(
  store: Reading,
  measured: Measured,
): Promise<readonly CredentialSeconds[]> {
  const { asOf } = measured;
  const sums = new Map<string, CredentialSeconds>();
  let left = credentialsMax;
  for await (const credential of issuedWithin(store, { since: asOf - validMs })) {
    if (left === 0) break;
    left -= 1;
    const { agent, roleArn, issuedAt } = credential;
    const key = JSON.stringify([agent, roleArn]);
    const lifetime = lifetimeOf(credential, measured);
    const { issuedSeconds, usedSeconds, zombieSeconds, savedSeconds } = lifetime;
    const before = sums.get(key) ?? { agent, roleArn, ...nothing };
    const isSummed = issuedAt >= asOf - summedMs && issuedSeconds !== null;
    sums.set(key, {
      agent, roleArn,
      zombieCount: before.zombieCount + (isLiveZombie(credential, lifetime, asOf) ? 1 : 0),
      issuedSeconds: before.issuedSeconds + (isSummed ? issuedSeconds : 0),
      usedSeconds: before.usedSeconds + (isSummed ? usedSeconds : 0),
      zombieSeconds: before.zombieSeconds + (isSummed ? zombieSeconds ?? 0 : 0),
      savedSeconds: before.savedSeconds + (isSummed ? savedSeconds ?? 0 : 0),
    });
  }
  return [...sums.values()];
}

const nothing = {
  zombieCount: 0, issuedSeconds: 0, usedSeconds: 0, zombieSeconds: 0, savedSeconds: 0,
};
