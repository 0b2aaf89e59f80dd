import { gzipSync } from "node:zlib";
import { ownRulesFolder, rulesAt, type App } from "../../src/app.ts";
import { eventContexts, eventJson } from "../../src/commands/output/print-events.ts";
import { Config } from "../../src/config/schema.ts";
import { iamAccessLevels } from "../../src/events/access-levels.ts";
import { createNormaliser } from "../../src/events/normalise.ts";
import { findingJson, type FindingJson } from "../../src/findings/finding-json.ts";
import { ingestFiles, type IngestSummary } from "../../src/ingest-files.ts";
import { judgeEverything } from "../../src/judging/judge-everything.ts";
import type { RawRecord, Rejection } from "../../src/records/record.ts";
import type { Session } from "../../src/sessions/session.ts";
import type { LocalFile } from "../../src/sources/files.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";

/** What `scan --events` prints, as far as the cases look at it. */
export interface PrintedEvent {
  readonly eventId: string;
  readonly eventAt: string;
  readonly operation: string;
  readonly access: string;
  readonly result: string;
  readonly denial: Readonly<Record<string, string | null>> | null;
  readonly principal: Readonly<Record<string, string | null>>;
  readonly session: Readonly<Record<string, string | number | null>> | null;
  readonly credential: Readonly<Record<string, string | null>> | null;
  readonly agent: { readonly name: string; readonly basis: string } | null;
  readonly userAgent: Readonly<Record<string, string | null>>;
}

/** What the program made of some input. */
export interface Seen {
  readonly events: readonly PrintedEvent[];
  /** By id. */
  readonly event: (id: string) => PrintedEvent;
  readonly findings: readonly FindingJson[];
  /** Ids of the events that a rule's findings count, of those kept as evidence. */
  readonly flagged: (rule: string) => readonly string[];
  readonly sessions: readonly Session[];
  readonly rejections: readonly Rejection[];
  readonly read: IngestSummary;
}

const rules = await rulesAt({ onlyRules: ownRulesFolder });
const normalise = createNormaliser(iamAccessLevels());
const silent = { start: () => undefined, advance: () => undefined, stop: () => undefined };

export interface Setting {
  /** As in YAML. */
  readonly config?: unknown;
  readonly agentsOnly?: boolean;
}

/** Records through the whole program, each list as one file. */
export async function seen(
  files: readonly (readonly RawRecord[])[],
  setting: Setting = {},
): Promise<Seen> {
  return await seenFiles(files.map((records, i) => [
    `file-${i}.json.gz`, gzipSync(JSON.stringify({ Records: records })),
  ]), setting);
}

/** The same, of files as they come. */
export async function seenFiles(
  files: readonly (readonly [name: string, content: Buffer | string])[],
  { config = {}, agentsOnly = false }: Setting = {},
): Promise<Seen> {
  const store = await openSqliteStore({ path: ":memory:" });
  const app: App = {
    store, config: Config.parse(config), rules, normalise, close: () => store.close(),
  };
  try {
    const rejections: Rejection[] = [];
    const read = await ingestFiles(app, files.map(inMemory), {
      agentsOnly, progress: silent, onRejection: (rejection) => rejections.push(rejection),
    });
    await judgeEverything(app, silent);
    return { ...(await printed(app)), rejections, read };
  } finally {
    await app.close();
  }
}

function inMemory([name, content]: readonly [string, Buffer | string], i: number): LocalFile {
  const bytes = Buffer.from(content);
  return {
    delivery: { id: `${i}:${name}`, name },
    bytes: bytes.length,
    path: null,
    open: () => Promise.resolve({ name, bytes }),
  };
}

async function printed(app: App): Promise<Omit<Seen, "rejections" | "read">> {
  const events: PrintedEvent[] = [];
  for await (const context of eventContexts(app)) events.push(eventJson(context) as PrintedEvent);
  const findings: FindingJson[] = [];
  for await (const page of app.store.findings()) findings.push(...page.map(findingJson));
  const sessions: Session[] = [];
  for await (const page of app.store.sessions()) sessions.push(...page);
  const event = (id: string): PrintedEvent => {
    const found = events.filter(({ eventId }) => eventId === id);
    if (found[0] === undefined || found.length > 1) {
      throw new Error(`${id} is there ${found.length} times.`);
    }
    return found[0];
  };
  const flagged = (rule: string) =>
    findings.filter((finding) => finding.rule === rule).flatMap(({ eventIds }) => eventIds).sort();
  return { events, event, findings, flagged, sessions };
}

/** One record through the whole program, as its event. */
export async function seenOne(record: RawRecord, setting: Setting = {}): Promise<PrintedEvent> {
  const { events, rejections } = await seen([[record]], setting);
  if (events[0] === undefined || events.length > 1) {
    throw new Error(`${events.length} events, ${rejections.map(({ reason }) => reason).join()}`);
  }
  return events[0];
}
