import { issuedWithin } from "../lifetime-report.ts";
import type { LifetimeStore } from "../sessions/lifetime-store.ts";
import { isLiveZombie, lifetimeOf, type Measured } from "../sessions/lifetimes.ts";
import { SlowReading } from "./slow-reading.ts";
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

type Reading = Pick<LifetimeStore, "issuedCredentials">;

/** What gauges show of lifetimes, at bounded cost. */
export class CredentialSecondsReading extends SlowReading<Measured, readonly CredentialSeconds[]> {
  constructor(store: Reading) {
    super((measured) => credentialSeconds(store, measured), []);
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
