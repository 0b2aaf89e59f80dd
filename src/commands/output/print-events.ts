import { once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { App } from "../../app.ts";
import { eventsOf, gatherEvents } from "../../judging/beyond.ts";
import { gatherContexts } from "../../judging/context.ts";
import type { TrailEvent } from "../../events/event.ts";
import { factContext, type SessionGroup } from "../../findings/judge.ts";
import type { FactContext } from "../../facts/fact.ts";
import { sessionsOf } from "../../sessions/derive.ts";
import { csvLine } from "./csv.ts";
import type { FindingFormat } from "./print-findings.ts";
import { cell, instant } from "./table.ts";

/** Prints every stored event once, normalised and with its session, group by group. */
export async function printEvents(app: App, format: FindingFormat): Promise<void> {
  const printer = printers[format];
  await write(printer.head);
  let count = 0;
  for await (const context of eventContexts(app)) {
    await write(printer.line(context, count === 0));
    count += 1;
  }
  await write(printer.tail);
}

/** Every stored event with all that is known around it, group by group. */
export async function* eventContexts(app: App): AsyncGenerator<FactContext> {
  const { lastAt } = await app.store.counts();
  let group: SessionGroup | null = null;
  for await (const { groupKey, records } of app.store.allRecords()) {
    if (group?.group.key !== groupKey) {
      const state = await app.store.group(groupKey);
      if (state === null) throw new Error("The store has events without their group.");
      const contexts = await gatherContexts(app.store, app.config, [state]);
      group = { group: state, sessions: sessionsOf(state, contexts(state)), compared: new Map() };
    }
    const of: SessionGroup = group;
    const events = eventsOf(records, app.normalise);
    const context = await gatherEvents(app, { events, asOf: lastAt ?? 0 });
    for (const event of events) yield factContext(event, of, context);
    // An interrupt is heard between turns of the event loop only.
    await nextTurn();
  }
}

interface Printer {
  readonly head: string;
  readonly line: (context: FactContext, isFirst: boolean) => string;
  readonly tail: string;
}

const columns = [
  "eventId", "eventAt", "operation", "access", "result", "principal_kind", "principal_arn",
  "session", "credential", "agent", "network", "user_agent",
];

const printers: Readonly<Record<FindingFormat, Printer>> = {
  ndjson: { head: "", line: (context) => `${JSON.stringify(eventJson(context))}\n`, tail: "" },
  json: {
    head: "[",
    line: (context, isFirst) => `${isFirst ? "" : ","}\n${JSON.stringify(eventJson(context))}`,
    tail: "\n]\n",
  },
  csv: { head: csvLine(columns), line: (context) => csvLine(csvRow(context)), tail: "" },
  table: { head: "", line: tableLine, tail: "" },
  // These have no place for plain events; they are refused before anything is read.
  sarif: { head: "", line: () => "", tail: "" },
  ocsf: { head: "", line: () => "", tail: "" },
};

/** An event, and whose it is. */
export type PlacedEvent = Pick<FactContext, "event" | "session" | "credential">;

/** One normalised event as `scan --events` prints it: the contract others build on. */
export function eventJson({ event, session, credential }: PlacedEvent): object {
  const { principal, userAgent, result, network } = event;
  return {
    eventId: event.id,
    eventAt: new Date(event.at).toISOString(),
    operation: event.operation,
    access: event.access,
    result: result.outcome,
    errorCode: result.errorCode,
    denial: result.denial,
    region: event.region,
    account: event.account,
    principal: {
      kind: principal.kind, id: principal.id, arn: principal.arn, account: principal.account,
      accessKeyId: principal.accessKeyId, sourceIdentity: principal.sourceIdentity,
      invokedBy: principal.invokedBy,
    },
    session: session === null ? null : {
      id: session.id, arn: session.arn, name: session.name, anchor: session.anchor,
      joinedBy: session.joinedBy, roleArn: session.role?.arn ?? null, mode: session.mode.mode,
      chainDepth: session.chain.length,
    },
    credential: credential === null ? null : {
      accessKeyId: credential.accessKeyId, kind: credential.kind,
      expiresAt: isoOrNull(credential.expiresAt),
    },
    agent: session?.attribution.agent == null ? null : {
      name: session.attribution.agent,
      basis: session.attribution.basis.map(({ by }) => by).join(", "),
      status: session.attribution.status,
      confidence: session.attribution.confidence,
    },
    network: { kind: network.kind, name: network.name, address: network.address },
    userAgent: {
      text: userAgent.text, family: userAgent.family, version: userAgent.version,
      os: userAgent.os, language: userAgent.language, agent: userAgent.agent,
      credentialSource: userAgent.credentialSource,
    },
  };
}

function isoOrNull(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

function csvRow({ event, session, credential }: FactContext): readonly unknown[] {
  return [
    event.id, new Date(event.at).toISOString(), event.operation, event.access,
    event.result.outcome, event.principal.kind, event.principal.arn, session?.id,
    credential?.accessKeyId, session?.attribution.agent, event.network.name, event.userAgent.text,
  ];
}

function tableLine({ event, session }: FactContext): string {
  const who = session?.name ?? principalText(event);
  const agent = session?.attribution.agent ?? "-";
  const cells = [
    instant(event.at), event.result.outcome.padEnd(7), event.access.padEnd(11),
    cell(event.operation, 44).padEnd(44), cell(agent, 16).padEnd(16), cell(who, 48),
  ];
  return `${cells.join("  ")}\n`;
}

function principalText({ principal }: TrailEvent): string {
  return principal.arn ?? principal.invokedBy ?? principal.id ?? "-";
}

/** Waits where the reader is slower than we are: a long listing must not pile up in memory. */
export async function write(text: string): Promise<void> {
  if (text !== "" && !process.stdout.write(text)) await once(process.stdout, "drain");
}
