import type { App } from "../app.ts";
import { AwsFault } from "../aws/fault.ts";
import { EventHistory, type HistoryQuery } from "../aws/cloudtrail.ts";
import type { Config } from "../config/schema.ts";
import { ingestParts, type Ingested } from "../pipeline.ts";
import type { Credential, Session } from "../sessions/session.ts";
import { retryDelayMs } from "../sources/backoff.ts";
import { systemClock, type Clock } from "../sources/clock.ts";
import { HistoryLane, parcelOf } from "../sources/history-lane.ts";
import { oldestAt } from "../sources/lookup-window.ts";

export interface RefreshOptions {
  readonly regions: readonly string[];
  /** Told of a region that cannot be asked; the others are. */
  readonly onFault: (fault: AwsFault) => void;
  readonly clock?: Clock;
}

/** What asking for a session's calls came to. */
export interface Refreshed {
  readonly eventCount: number;
  /** Known before. */
  readonly duplicateCount: number;
  readonly rejectedCount: number;
  readonly pageCount: number;
  readonly faultCount: number;
}

/** Clocks differ, and the first call may come within the second of the issuance. */
const leewayMs = 5 * 60_000;
/** No temporary credential lives longer (IAM users' GetSessionToken). */
const lifetimeMaxMs = 36 * 3600 * 1000;
/** What passes by itself is asked again so often. */
const attemptsMax = 6;

/**
 * Asks CloudTrail's event history for all calls made with a session's credentials, and takes them
 * in. Only management events are there, of the last 90 days.
 */
export async function refresh(
  app: App,
  session: Session,
  options: RefreshOptions,
): Promise<Refreshed> {
  const clock = options.clock ?? systemClock;
  const { aws } = app.config;
  const account = session.account ?? "";
  const assumeRole = roleFor(app.config, account);
  const sum = { eventCount: 0, duplicateCount: 0, rejectedCount: 0, pageCount: 0, faultCount: 0 };
  for (const region of options.regions) {
    const history = new EventHistory(aws, { account, region, assumeRole });
    const lane = new HistoryLane(history, { clock, onFailure: delayAfter });
    try {
      for (const credential of session.credentials) {
        const query = queryFor(credential, session, clock.now());
        for await (const ingested of takenIn(app, lane, query)) {
          sum.pageCount += 1;
          sum.eventCount += ingested.eventCount;
          sum.duplicateCount += ingested.duplicateCount;
          sum.rejectedCount += ingested.rejectedCount;
        }
      }
    } catch (error) {
      if (!(error instanceof AwsFault)) throw error;
      sum.faultCount += 1;
      options.onFault(error);
    } finally {
      history.close();
    }
  }
  return sum;
}

/** How the config's sources reach this account; else as everything is reached. */
function roleFor({ sources }: Config, account: string) {
  return sources
    .flatMap((source) => (source.kind === "lookup-events" ? source.accounts : []))
    .find(({ id }) => id === account)?.assumeRole;
}

function queryFor(credential: Credential, session: Session, now: number): HistoryQuery {
  const { accessKeyId, kind, issuance, expiresAt, firstAt, lastAt } = credential;
  const begun = Math.min(issuance?.at ?? session.createdAt ?? firstAt, firstAt);
  const end = kind === "temporary" ? (expiresAt ?? begun + lifetimeMaxMs) : lastAt + lifetimeMaxMs;
  const from = Math.max(begun - leewayMs, oldestAt(now));
  return { accessKeyId, from, until: Math.max(from, Math.min(end + leewayMs, now)) };
}

async function* takenIn(
  app: App,
  lane: HistoryLane,
  query: HistoryQuery,
): AsyncGenerator<Ingested> {
  const read = { limits: app.config.read, markers: null };
  const { signal } = new AbortController();
  const id = `refresh/${query.accessKeyId ?? ""}`;
  let token: string | null = null;
  for (;;) {
    const page = await lane.page(query, token, signal);
    if (page === null) return;
    if (page === "expired") {
      // From the top: what comes again is known.
      token = null;
      continue;
    }
    token = page.nextToken;
    const parcel = parcelOf(page, id, `events of ${query.accessKeyId ?? ""} in ${lane.label}`);
    for await (const batch of parcel.batches(read)) {
      const { ingested } = await ingestParts(app, [{ delivery: parcel.delivery, batch }]);
      yield* ingested;
    }
    if (token === null) return;
  }
}

function delayAfter(fault: AwsFault, failureCount: number): number | null {
  const isPassing = ["throttled", "network", "unavailable"].includes(fault.code);
  return isPassing && failureCount < attemptsMax ? retryDelayMs(failureCount + 1) : null;
}
