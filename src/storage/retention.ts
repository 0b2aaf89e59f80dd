import type { Connection } from "./connection.ts";
import { integerIn, textIn } from "./connection.ts";
import { forgetLearned } from "./baselines.ts";
import { addCount } from "./counters.ts";
import { forgetOrigins } from "./origins.ts";
import type { Writer } from "./writer.ts";

/**
 * The longest a queue keeps a message, and brings it again: so long after, a mark is still needed.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
const redeliveryMs = 14 * 86_400_000;

/** Groups of one transaction: other writers wait for it. */
const groupsAtOnce = 200;

/**
 * The longest a temporary credential lives: an issuance older than its sessions' longest life
 * explains none.
 */
const credentialLifeMs = 36 * 3_600_000;

/**
 * Forgets what is older, some groups at a time: breaking off half-way leaves whole groups. Returns
 * events removed.
 */
export async function retainSince(writer: Writer, before: number): Promise<number> {
  let removed = 0;
  for (;;) {
    const some = await writer.transaction(() => forgetGroups(writer.connection, before));
    removed += some.eventCount;
    if (some.groupCount < groupsAtOnce) break;
  }
  await writer.transaction(() => { forgetRest(writer.connection, before); });
  return removed;
}

function forgetGroups(
  connection: Connection,
  before: number,
): { groupCount: number; eventCount: number } {
  const groups = connection.all(OLD_GROUPS, [before, groupsAtOnce]);
  let eventCount = 0;
  const ingests = new Set<number>();
  for (const group of groups) {
    const groupId = integerIn(group, "id");
    const blocks = connection.all(
      "SELECT id, ingest_id, event_count FROM blocks WHERE group_id = ?", [groupId],
    );
    for (const block of blocks) {
      eventCount += integerIn(block, "event_count");
      ingests.add(integerIn(block, "ingest_id"));
      connection.run("DELETE FROM block_prints WHERE block_id = ?", [integerIn(block, "id")]);
    }
    for (const statement of FORGET_GROUP) connection.run(statement, [groupId]);
  }
  forgetKeys(connection, [...ingests].filter((id) => isEmpty(connection, id)));
  addCount(connection, { name: "events", label: "" }, -eventCount);
  return { groupCount: groups.length, eventCount };
}

/**
 * Keys stay until nothing their delivery brought is left: one delivered again must still be told.
 */
function forgetKeys(connection: Connection, ingestIds: readonly number[]): void {
  if (ingestIds.length === 0) return;
  connection.run(FORGET_KEYS, [JSON.stringify(ingestIds)]);
}

function isEmpty(connection: Connection, ingestId: number): boolean {
  return connection.all(
    "SELECT 1 FROM blocks WHERE ingest_id = ? LIMIT 1", [ingestId],
  ).length === 0;
}

/**
 * Findings only where no group that still holds events has a part in them: judging that one again
 * would open them anew.
 */
function forgetRest(connection: Connection, before: number): void {
  for (const row of connection.all(OLD_FINDINGS, [before])) {
    const fingerprint = textIn(row, "fingerprint");
    connection.run("DELETE FROM finding_parts WHERE fingerprint = ?", [fingerprint]);
    connection.run("DELETE FROM findings WHERE fingerprint = ?", [fingerprint]);
    connection.run("DELETE FROM outbox WHERE subject = ?", [fingerprint]);
    connection.run("DELETE FROM notices WHERE fingerprint = ?", [fingerprint]);
    connection.run("DELETE FROM unanswered WHERE fingerprint = ?", [fingerprint]);
  }
  connection.run("DELETE FROM issuances WHERE issued_at < ?", [before - credentialLifeMs]);
  for (const statement of [...FORGET_TASKS, ...FORGET_REVOCATIONS]) {
    connection.run(statement, [before - credentialLifeMs]);
  }
  forgetDeliveries(connection, before - redeliveryMs);
  forgetLearned(connection, before);
  forgetOrigins(connection, before);
  connection.run(FORGET_EMPTY_GROUPS, []);
}

/** What they counted is kept; scanned files, which have no time of arrival, stay known. */
function forgetDeliveries(connection: Connection, before: number): void {
  const [sums] = connection.all(OLD_DELIVERIES, [before]);
  if (sums === undefined) return;
  for (const label of ["deliveries", "duplicates", "skipped"]) {
    addCount(connection, { name: "passing", label }, integerIn(sums, label));
  }
  connection.run("DELETE FROM deliveries WHERE received_at < ?", [before]);
}

const OLD_DELIVERIES = `SELECT count(*) AS deliveries,
  coalesce(sum(duplicate_count), 0) AS duplicates, coalesce(sum(skipped_count), 0) AS skipped
  FROM deliveries WHERE received_at < ?`;
const OLD_GROUPS = `SELECT id FROM groups WHERE last_at < ? AND state IS NOT NULL
  ORDER BY last_at LIMIT ?`;
const FORGET_GROUP = [
  "DELETE FROM blocks WHERE group_id = ?",
  "DELETE FROM group_keys WHERE group_id = ?",
  "DELETE FROM shared_events WHERE group_id = ?",
  "DELETE FROM sessions WHERE group_id = ?",
  "DELETE FROM credentials WHERE group_id = ?",
  "DELETE FROM observables WHERE group_id = ?",
  // Correlations look again where hits go.
  `INSERT INTO counters (name, label, value)
    SELECT 'hits', rule, count(*) FROM hits WHERE group_id = ? GROUP BY rule
    ON CONFLICT (name, label) DO UPDATE SET value = counters.value + excluded.value`,
  "DELETE FROM hits WHERE group_id = ?",
  // Its parts stay, so that findings keep their counts; the row stays for them.
  `UPDATE groups SET state = NULL, dirty = 0, revision = revision + 1,
    principal_id = NULL, created_at = NULL, first_at = NULL, last_at = NULL, event_count = 0
    WHERE id = ?`,
];
const OLD_TASKS = "SELECT id FROM tasks WHERE ended_at < ?";
const FORGET_TASKS = [
  `DELETE FROM task_credentials WHERE task_id IN (${OLD_TASKS})`,
  `DELETE FROM approvals WHERE task_id IN (${OLD_TASKS})`,
  "DELETE FROM tasks WHERE ended_at < ?",
  "DELETE FROM task_news WHERE at < ?",
];
/** Closed ones, a credential's life after the last that was told of them: events lean on them. */
const OLD_REVOCATIONS = "SELECT id FROM revocations WHERE is_open = 0 AND told_at < ?";
const FORGET_REVOCATIONS = [
  `DELETE FROM revocation_changes WHERE revocation_id IN (${OLD_REVOCATIONS})`,
  `DELETE FROM revocation_captures WHERE revocation_id IN (${OLD_REVOCATIONS})`,
  `DELETE FROM revocation_effects WHERE revocation_id IN (${OLD_REVOCATIONS})`,
  "DELETE FROM revocations WHERE is_open = 0 AND told_at < ?",
];
const FORGET_KEYS = "DELETE FROM event_keys WHERE ingest_id IN (SELECT value FROM json_each(?))";
const OLD_FINDINGS = `SELECT fingerprint FROM findings WHERE last_at < ? AND NOT EXISTS (
  SELECT 1 FROM finding_parts JOIN groups ON groups.id = finding_parts.group_id
  WHERE finding_parts.fingerprint = findings.fingerprint AND groups.state IS NOT NULL)`;
const FORGET_EMPTY_GROUPS = `DELETE FROM groups WHERE state IS NULL AND NOT EXISTS (
  SELECT 1 FROM finding_parts WHERE finding_parts.group_id = groups.id)
  AND NOT EXISTS (SELECT 1 FROM blocks WHERE blocks.group_id = groups.id)
  AND NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.group_id = groups.id)
  AND NOT EXISTS (SELECT 1 FROM hits WHERE hits.group_id = groups.id)`;
