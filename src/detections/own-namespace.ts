import type { FactCatalogue } from "../facts/fact.ts";
import { parseTemplate } from "./because.ts";
import { whyNeverSent } from "./cloudtrail-fields.ts";
import { entityTypes, levels, type Detection, type EntityType, type Level } from "./detection.ts";
import type { Item } from "./item.ts";
import type { Problems } from "./problems.ts";
import { notALevel, readText, readTexts } from "./rule-metadata.ts";
import { entryOf, placeIn, positionIn, type MapEntry, type MapNode } from "./rule-node.ts";
import { didYouMean } from "../text/nearest.ts";

/** What a rule says to us alone, under `trailwarden:`. Other Sigma tools ignore it. */
export type OwnNamespace = Pick<Detection, "entity" | "because" | "levelWhen" | "blindSpots">;

const ownKeys = ["entity", "because", "level_when", "blind_spots"];
/** A rule that says nothing is about who made the call. */
const foreign: OwnNamespace = { entity: "session", because: null, levelWhen: {}, blindSpots: [] };

export interface NamespaceContext {
  readonly facts: FactCatalogue;
  readonly problems: Problems;
}

export function readOwnNamespace(root: MapNode, context: NamespaceContext): OwnNamespace {
  const own = entryOf(root, "trailwarden")?.value;
  if (own === undefined) return foreign;
  const { problems } = context;
  if (own.kind !== "map") {
    problems.error(own.at, `trailwarden must be a map of ${ownKeys.join(", ")}.`);
    return foreign;
  }
  for (const { key, keyNode } of own.entries) {
    if (ownKeys.includes(key)) continue;
    problems.error(keyNode.at, `There is no ${key} under trailwarden.${didYouMean(key, ownKeys)}`);
  }
  return {
    entity: readEntity(own, problems),
    because: readBecause(own, context),
    levelWhen: readLevelWhen(own, context),
    blindSpots: readTexts(own, "blind_spots", (at, message) => {
      problems.error(at, message);
    }),
  };
}

/**
 * What is grave in a session is not learned from it, and what is learned decides what later
 * sessions are found guilty of: a finding that spans several could decide on its own past.
 */
export function refuseWide(
  root: MapNode,
  { own, items }: { readonly own: OwnNamespace; readonly items: readonly Item[] },
  problems: Problems,
): void {
  if (own.entity === "session" || own.entity === "event") return;
  const reads = items.flatMap((item) => item.reads.map(({ name }) => name));
  const fact = [...reads, ...Object.keys(own.levelWhen)].find((name) => /^baseline\./.test(name));
  if (fact === undefined) return;
  problems.error(
    positionIn(root, ["trailwarden", "entity"]),
    `A rule that asks for ${fact} is about a session or an event, not about the ${own.entity}: ` +
      "write entity: session.",
  );
}

function readEntity(own: MapNode, problems: Problems): EntityType {
  const text = readText(own, "entity", problems);
  if (text === null) return foreign.entity;
  const entity = entityTypes.find((type) => type === text);
  if (entity !== undefined && entity !== "correlation") return entity;
  const known = entityTypes.filter((type) => type !== "correlation");
  const at = entryOf(own, "entity")?.value.at ?? own.at;
  problems.error(
    at,
    `entity must be one of ${known.join(", ")}; the value is ${text}.${didYouMean(text, known)}`,
  );
  return foreign.entity;
}

function readBecause(own: MapNode, { facts, problems }: NamespaceContext): string | null {
  const text = readText(own, "because", problems);
  const node = entryOf(own, "because")?.value;
  if (text === null || node?.kind !== "scalar") return null;
  const template = parseTemplate(text);
  if ("error" in template) {
    problems.error(placeIn(node, template.offset), template.error);
    return null;
  }
  for (const name of template.names) {
    const at = placeIn(node, Math.max(0, text.search(placeOf(name))));
    if (isOurs(name, facts)) {
      if (!facts.names.has(name)) problems.error(at, noFact(name, facts));
      continue;
    }
    const whyNot = whyNeverSent(name);
    if (whyNot !== null) problems.warning(at, `${whyNot} The sentence will always say unknown.`);
  }
  return text;
}

/** The first place of a name in a sentence; names hold letters, digits, dots and hyphens only. */
function placeOf(name: string): RegExp {
  return new RegExp(`\\{\\s*${name.replaceAll(".", "\\.")}\\s*\\}`);
}

function isOurs(name: string, facts: FactCatalogue): boolean {
  return facts.namespaces.has(name.split(".", 1)[0] ?? "");
}

function noFact(name: string, facts: FactCatalogue): string {
  return `There is no fact ${name}.${didYouMean(name, facts.names.keys())}`;
}

type LevelWhen = Record<string, Readonly<Record<string, Level>>>;

/** `fact: { value: level }`, e.g. `event.result: { denied: medium }`. */
function readLevelWhen(own: MapNode, context: NamespaceContext): LevelWhen {
  const node = entryOf(own, "level_when")?.value;
  if (node === undefined) return {};
  if (node.kind !== "map") {
    context.problems.error(
      node.at,
      "level_when must be a map such as event.result: { denied: medium }.",
    );
    return {};
  }
  return Object.fromEntries(node.entries.map((entry) => [entry.key, readLevels(entry, context)]));
}

function readLevels(
  { key, keyNode, value }: MapEntry,
  { facts, problems }: NamespaceContext,
): Readonly<Record<string, Level>> {
  const fact = facts.names.get(key);
  if (fact === undefined) problems.error(keyNode.at, noFact(key, facts));
  if (value.kind !== "map") {
    problems.error(
      value.at,
      "Expected a map of values and their levels, such as { denied: medium }.",
    );
    return {};
  }
  const found: [string, Level][] = [];
  for (const entry of value.entries) {
    const text = entry.value.kind === "scalar" ? entry.value.text : "a map or list";
    const level = levels.find((known) => known === text);
    if (level === undefined) problems.error(entry.value.at, notALevel(text));
    else found.push([entry.key, level]);
    if (fact?.type === "truth" && entry.key !== "true" && entry.key !== "false") {
      problems.error(entry.keyNode.at, `${key} is true or false; the value is ${entry.key}.`);
    }
  }
  return Object.fromEntries(found);
}
