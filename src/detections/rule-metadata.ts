import { levels, type Level, type RuleHead } from "./detection.ts";
import type { SigmaDocument } from "./documents.ts";
import type { Problems } from "./problems.ts";
import { entryOf, type MapNode, type Position, type ScalarNode } from "./rule-node.ts";
import { didYouMean } from "../text/nearest.ts";

type OwnWords =
  "title" | "status" | "description" | "level" | "tags" | "falsepositives" | "references";

/** What a rule says about itself. */
export interface RuleMetadata extends Pick<RuleHead, OwnWords> {
  /** The UUID; null when there is none. */
  readonly id: string | null;
  readonly name: string | null;
}

const statuses = ["stable", "test", "experimental", "deprecated", "unsupported"];
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** With slashes as Sigma 1 wrote it, and many public rules still do. */
const date = /^\d{4}([-/])(0[1-9]|1[0-2])\1(0[1-9]|[12]\d|3[01])$/;
const tag = /^[a-z0-9_-]+\.[a-z0-9._-]+$/;
/** The specification's own bound. */
const titleLengthMax = 256;

/**
 * Reads and checks a rule's own words. What only informs (dates, tags) is a warning when wrong,
 * since public rules are not ours to mend; what we act on is an error.
 *
 * https://sigmahq.io/sigma-specification/specification/sigma-rules-specification.html
 */
export function readMetadata({ root }: SigmaDocument, problems: Problems): RuleMetadata {
  for (const key of ["date", "modified"]) warnOfDate(root, key, problems);
  const warn = warningOf(problems);
  return {
    id: readId(root, problems),
    name: readText(root, "name", problems),
    title: readTitle(root, problems),
    status: readStatus(root, problems),
    description: readText(root, "description", problems),
    level: readLevel(root, problems),
    tags: readTags(root, problems),
    falsepositives: readTexts(root, "falsepositives", warn),
    references: readTexts(root, "references", warn),
  };
}

/** The text under a key; null when it is missing or empty. */
export function readText(root: MapNode, key: string, problems: Problems): string | null {
  const value = entryOf(root, key)?.value;
  if (value === undefined || (value.kind === "scalar" && value.value === null)) return null;
  if (value.kind === "scalar") return value.text === "" ? null : value.text;
  problems.error(value.at, `${key} must be text.`);
  return null;
}

function warningOf(problems: Problems): Tell {
  return (at, message) => {
    problems.warning(at, message);
  };
}

/** How bad it is that something is wrong. */
export type Tell = (at: Position, message: string) => void;

/** A list of texts, or one alone. Anything else in it is told, and left out. */
export function readTexts(root: MapNode, key: string, tell: Tell): readonly string[] {
  return scalarsUnder(root, key, tell).map((node) => node.text);
}

function scalarsUnder(root: MapNode, key: string, tell: Tell): readonly ScalarNode[] {
  const value = entryOf(root, key)?.value;
  if (value === undefined) return [];
  const nodes = value.kind === "list" ? value.items : [value];
  const scalars = nodes.filter((node) => node.kind === "scalar");
  const other = nodes.find((node) => node.kind !== "scalar");
  if (other !== undefined) {
    const hint = "Put a text with a colon in quotes.";
    tell(other.at, `${key} must be a list of texts. ${hint}`);
  }
  return scalars.filter((node) => node.value !== null);
}

function readTitle(root: MapNode, problems: Problems): string {
  const title = readText(root, "title", problems);
  const written = entryOf(root, "title")?.value;
  if (title === null) {
    if (written?.kind !== "list" && written?.kind !== "map") {
      problems.error(written?.at ?? root.at, "The title is missing.");
    }
  } else if (title.length > titleLengthMax) {
    problems.warning(
      written?.at ?? root.at,
      `The title is longer than ${titleLengthMax} characters.`,
    );
  }
  return title ?? "";
}

function readId(root: MapNode, problems: Problems): string | null {
  const id = readText(root, "id", problems);
  if (id === null || uuid.test(id)) return id?.toLowerCase() ?? null;
  problems.error(
    entryOf(root, "id")?.value.at ?? root.at,
    `The id must be a UUID; the value is ${id}.`,
  );
  return null;
}

function readStatus(root: MapNode, problems: Problems): string | null {
  const status = readText(root, "status", problems);
  if (status === null) return null;
  const at = entryOf(root, "status")?.value.at ?? root.at;
  if (!statuses.includes(status)) {
    const known = statuses.join(", ");
    problems.error(
      at,
      `The status must be one of ${known}; the value is ${status}.${didYouMean(status, statuses)}`,
    );
  } else if (status === "deprecated") {
    problems.warning(at, "The rule is deprecated: another one replaces it.");
  }
  return status;
}

function readLevel(root: MapNode, problems: Problems): Level {
  const text = readText(root, "level", problems);
  const level = levels.find((known) => known === text);
  if (level !== undefined) return level;
  const at = entryOf(root, "level")?.value.at ?? root.at;
  if (text === null) problems.warning(at, "The level is missing: medium is taken.");
  else problems.error(at, notALevel(text));
  return "medium";
}

export function notALevel(text: string): string {
  const hint = didYouMean(text, levels);
  return `The level must be one of ${levels.join(", ")}; the value is ${text}.${hint}`;
}

function readTags(root: MapNode, problems: Problems): readonly string[] {
  const warn = warningOf(problems);
  return scalarsUnder(root, "tags", warn).map((node) => {
    if (!tag.test(node.text)) {
      warn(
        node.at,
        `A tag is written like attack.t1078.004; the value is ${node.text}.`,
      );
    }
    return node.text;
  });
}

function warnOfDate(root: MapNode, key: string, problems: Problems): void {
  const text = readText(root, key, problems);
  if (text === null || date.test(text)) return;
  const at = entryOf(root, key)?.value.at ?? root.at;
  problems.warning(at, `${key} must be written like 2026-01-31; the value is ${text}.`);
}
