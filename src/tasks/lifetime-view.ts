import type { LifetimeReport, ReportAsked, ReportItem } from "../lifetime-report.ts";
import type { SeenTask } from "../sessions/lifetime-store.ts";
import { nothingIssued, withCredential, type LifetimeSum } from "../sessions/lifetime-sums.ts";
import { idleEnd, lifetimeOf, type Measured } from "../sessions/lifetimes.ts";
import { recommendedLifetime, stsMinimumSeconds } from "../sessions/recommended-lifetime.ts";
import type { Store } from "../storage/store.ts";
import { isoAt, isoOrNull } from "./call.ts";
import type {
  AnyTaskDetail, LifetimeItem, LifetimeReportView, LifetimesView, SeenTaskView,
} from "./lifetime-contract.ts";
import { taskView } from "./view.ts";

/** Of a task that has more credentials, those issued last. */
const credentialsShownMax = 1000;

/** A task, told of or inferred, with what its credentials' seconds came to; null: there is none. */
export async function taskDetail(
  store: Pick<Store, "task" | "seenTask" | "credentialsOfTask">,
  id: string,
  measured: Measured,
): Promise<AnyTaskDetail | null> {
  const told = await store.task(id);
  const seen = told === null ? await store.seenTask(id) : null;
  if (told === null && seen === null) return null;
  const lifetimes = await lifetimesOf(store, id, measured);
  if (told !== null) return { ...taskView(told), lifetimes };
  return seen === null ? null : { ...seenTaskView(seen, measured), lifetimes };
}

async function lifetimesOf(
  store: Pick<Store, "credentialsOfTask">,
  id: string,
  measured: Measured,
): Promise<LifetimesView> {
  const credentials = await store.credentialsOfTask(id, credentialsShownMax);
  const all = credentials.map((credential) =>
    ({ credential, lifetime: lifetimeOf(credential, measured) }));
  const sum = all.reduce((before, each) => withCredential(before, each, measured.asOf),
    nothingIssued);
  const { issuedSeconds, usedSeconds, zombieSeconds, savedSeconds } = sum;
  return {
    issuedSeconds, usedSeconds, zombieSeconds, savedSeconds,
    credentials: all.map(({ credential, lifetime }) => {
      const { accessKeyId, roleArn, issuedAt, expiresAt, lastAt } = credential;
      return {
        accessKeyId,
        roleArn,
        issuedAt: isoAt(issuedAt),
        expiresAt: isoOrNull(expiresAt),
        lastCallAt: isoOrNull(lastAt),
        ...lifetime,
        endedAt: isoOrNull(lifetime.endedAt),
      };
    }),
  };
}

export function seenTaskView(task: SeenTask, measured: Measured): SeenTaskView {
  const { id, externalId, agent, basis, confidence, roleArn, startedAt, lastCallAt } = task;
  const { sessionCount, credentialCount } = task;
  return {
    id, externalId, agent, basis, confidence, roleArn,
    startedAt: isoAt(startedAt),
    lastCallAt: isoAt(lastCallAt),
    endedAt: isoOrNull(idleEnd(lastCallAt, measured)),
    sessionCount, credentialCount,
  };
}

export function reportView(
  { items, rest, total }: LifetimeReport,
  { by, since, until, asOf }: Pick<ReportAsked, "by" | "since" | "until" | "asOf">,
): LifetimeReportView {
  return {
    by,
    since: isoOrNull(since ?? null),
    until: isoOrNull(until ?? null),
    asOf: isoAt(asOf),
    stsMinimumSeconds,
    items: items.map(itemView),
    rest: sumView(rest),
    total: sumView(total),
  };
}

function itemView(item: ReportItem): LifetimeItem {
  const { key, task, expectedSeconds, observedSeconds, present } = item;
  const recommended = recommendedLifetime(item);
  return {
    key, task, ...sumView(item), expectedSeconds, observedSeconds,
    presentSeconds: present?.seconds ?? null,
    recommendedSeconds: recommended?.seconds ?? null,
    recommendedFrom: recommended?.from ?? null,
  };
}

function sumView(sum: LifetimeSum): LifetimeReportView["total"] {
  const { credentialCount, unusedCount, liveZombieCount, unknownExpiryCount } = sum;
  const { issuedSeconds, usedSeconds, zombieSeconds, savedSeconds } = sum;
  return {
    credentialCount, unusedCount, liveZombieCount, unknownExpiryCount,
    issuedSeconds, usedSeconds, zombieSeconds, savedSeconds,
  };
}
