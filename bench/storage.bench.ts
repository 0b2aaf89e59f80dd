import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, bench, describe } from "vitest";
import type { GroupState } from "../src/sessions/state.ts";
import type { StoredEvent } from "../src/sessions/store.ts";
import { openSqliteStore } from "../src/storage/sqlite.ts";

/**
 * The store layer alone: claim, append, saveGroups, finish. `npx vitest bench
 * bench/storage.bench.ts`. One iteration is one delivery of 5,000 new events of 1.6 kB; events/s =
 * 5,000 times the `hz` column.
 */
const eventsPerDelivery = 5000;
const startAt = Date.UTC(2026, 2, 1);

let made = 0;

function delivery(groupCount: number): { events: StoredEvent[]; states: GroupState[] } {
  const number = made++;
  const events = Array.from({ length: eventsPerDelivery }, (_, i) => event(number, i, groupCount));
  const states = Array.from({ length: groupCount }, (_, i) => state(number, i));
  return { events, states };
}

function event(number: number, i: number, groupCount: number): StoredEvent {
  const eventId = randomUUID();
  const at = startAt + number * 300_000 + i * 60;
  return {
    key: `${eventId}/111122223333/${eventId.slice(0, 16)}`,
    eventId,
    groupKey: groupKey(number, i % groupCount),
    at,
    sharedId: null,
    richness: 0,
    record: record(eventId, at, i),
  };
}

/** Sessions of an hour: a dozen deliveries of five minutes share a group. */
function groupKey(number: number, i: number): string {
  return `AROAEXAMPLE${i}:task-${Math.floor(number / 12)}@2026-03-01`;
}

function state(number: number, i: number): GroupState {
  const key = groupKey(number, i);
  const at = startAt + number * 300_000;
  return {
    key,
    principalId: key.slice(0, key.indexOf("@")),
    createdAt: startAt,
    accessKeyIds: [`ASIAEXAMPLE${i}`],
    firstAt: startAt,
    lastAt: at,
    eventCount: 50,
    ...{ lanes: "x".repeat(3000) },
  } as unknown as GroupState;
}

function record(eventID: string, at: number, i: number): StoredEvent["record"] {
  const arn = `arn:aws:sts::111122223333:assumed-role/agents-${i % 100}/task-${i % 100}`;
  return {
    eventVersion: "1.11",
    userIdentity: {
      type: "AssumedRole",
      principalId: `AROAEXAMPLE${i % 100}:task-${i % 100}`,
      arn,
      accountId: "111122223333",
      accessKeyId: `ASIAEXAMPLE${i % 100}`,
      sessionContext: {
        attributes: { creationDate: "2026-03-01T00:00:00Z", mfaAuthenticated: "false" },
      },
    },
    eventTime: new Date(at).toISOString(),
    eventSource: "s3.amazonaws.com",
    eventName: i % 3 === 0 ? "GetObject" : "PutObject",
    awsRegion: "eu-west-1",
    sourceIPAddress: `203.0.113.${i % 250}`,
    userAgent: "aws-cli/2.17.1 md/awscrt#0.20.11 ua/2.0 os/linux#6.1 lang/python#3.11",
    requestParameters: {
      bucketName: `bucket-${i % 40}`,
      key: `data/${i}/${eventID}.json`,
      text: "y".repeat(300),
    },
    responseElements: null,
    additionalEventData: { bytesTransferredIn: i, "x-amz-id-2": randomUUID() + randomUUID() },
    requestID: randomUUID(),
    eventID,
    readOnly: i % 3 === 0,
    resources: [
      { type: "AWS::S3::Object", ARN: `arn:aws:s3:::bucket-${i % 40}/data/${i}/${eventID}.json` },
    ],
    eventType: "AwsApiCall",
    managementEvent: false,
    recipientAccountId: "111122223333",
    eventCategory: "Data",
  };
}

for (const groupCount of [100, 1000]) {
  describe(`5,000 events of ${groupCount} groups`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "trailwarden-bench-"));
    const path = join(folder, "store.db");
    const store = await openSqliteStore({ path });
    // Made beforehand: what is measured is the store.
    const ready = Array.from({ length: 40 }, () => delivery(groupCount));
    let next = 0;

    bench("ingest into a file", async () => {
      const { events, states } = ready[next++] ?? delivery(groupCount);
      await store.ingest(async (transaction) => {
        await transaction.claim(events.map(({ key }) => key), events.map(({ at }) => at));
        await transaction.append(events);
        await transaction.groups(states.map(({ key }) => key));
        await transaction.saveGroups(states);
        const counts = { duplicateCount: 0, skippedCount: 0, rejectedCount: 0, bytes: 0 };
        const id = `delivery-${groupCount}-${next}`;
        await transaction.finish({ id, name: id }, { ...counts, eventCount: events.length });
      });
    }, { iterations: 30, time: 0, warmupIterations: 3, warmupTime: 0 });

    afterAll(async () => {
      await store.close();
      const bytes = Math.round(statSync(path).size / eventsPerDelivery / next);
      process.stdout.write(`${groupCount} groups: ${bytes} bytes an event on disk\n`);
      rmSync(folder, { recursive: true, force: true });
    });
  });
}
