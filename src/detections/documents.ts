import { LineCounter, parseAllDocuments, type Document } from "yaml";
import type { RuleProblem } from "./detection.ts";
import {
  entryOf,
  NodeError,
  plainOf,
  positionIn,
  ruleNodes,
  type MapEntry,
  type MapNode,
  type Position,
  type RuleNode,
} from "./rule-node.ts";
import { yamlMessage, yamlProblem } from "./yaml-problem.ts";

/** A correlation rule as read: parsed YAML, not yet understood. `correlation-*.ts` does that. */
export interface CorrelationDocument {
  readonly file: string;
  /** Where the document begins, from 1. */
  readonly line: number;
  readonly doc: Readonly<Record<string, unknown>>;
  /**
   * Where the value at a path stands, e.g. `["correlation", "rules", 0]`; the nearest thing around
   * it if missing.
   */
  readonly positionOf: (path: readonly (string | number)[]) => Position;
}

/** One YAML document of a rule file, told apart by its keys. */
export interface SigmaDocument {
  readonly kind: "rule" | "correlation" | "filter";
  readonly file: string;
  readonly root: MapNode;
  /** Keys that came from an earlier `action: global` document. */
  readonly inherited: ReadonlySet<string>;
}

export interface RuleFile {
  readonly name: string;
  readonly text: string;
}

/**
 * The documents of a rule file. What cannot be read becomes a problem, and costs only its own
 * document.
 *
 * `action: global`, `reset` and `repeat` are Sigma's legacy way to share keys among the documents
 * of one file: a document's own keys win over the shared ones, maps merge.
 */
export function readDocuments(file: RuleFile, problems: RuleProblem[]): SigmaDocument[] {
  const lines = new LineCounter();
  // Pretty errors repeat the source text in the message; the position is told beside it.
  // It compares each key with every other of its map; `ruleNodes` finds those that stand twice.
  const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false };
  const parsed = parseAllDocuments(file.text, options);
  const documents: SigmaDocument[] = [];
  const shared: { global: MapNode | null; last: MapNode | null } = { global: null, last: null };
  for (const document of Array.isArray(parsed) ? parsed : []) {
    const root = rootOf(document, { file, lines, problems });
    if (root === null) continue;
    const action = actionOf(root);
    if (action === "global") shared.global = without(root, "action");
    else if (action === "reset") shared.global = null;
    else documents.push(withShared(file.name, root, shared));
  }
  if (documents.length === 0 && problems.every((problem) => problem.file !== file.name)) {
    problems.push(wholeFile(file.name, "The file holds no Sigma document."));
  }
  return documents;
}

function actionOf(root: MapNode): string | null {
  const action = entryOf(root, "action")?.value;
  return action?.kind === "scalar" ? action.text : null;
}

function withShared(
  file: string,
  own: MapNode,
  shared: { readonly global: MapNode | null; last: MapNode | null },
): SigmaDocument {
  const isOther = entryOf(own, "correlation") !== undefined || entryOf(own, "filter") !== undefined;
  const isRepeat = actionOf(own) === "repeat";
  const base = isOther ? null : isRepeat ? shared.last : shared.global;
  const root = base === null ? own : merged(base, isRepeat ? without(own, "action") : own);
  if (!isOther) shared.last = root;
  const ownKeys = new Set(own.entries.map((entry) => entry.key));
  const inherited = root.entries.map((entry) => entry.key).filter((key) => !ownKeys.has(key));
  return { kind: kindOf(root), file, root, inherited: new Set(inherited) };
}

function kindOf(root: MapNode): SigmaDocument["kind"] {
  if (entryOf(root, "correlation") !== undefined) return "correlation";
  return entryOf(root, "filter") !== undefined ? "filter" : "rule";
}

/** `over` laid on `base`: maps merge key by key, everything else is replaced. */
function merged(base: MapNode, over: MapNode): MapNode {
  const entries: MapEntry[] = over.entries.map((entry) => {
    const under = entryOf(base, entry.key)?.value;
    if (under?.kind !== "map" || entry.value.kind !== "map") return entry;
    return { ...entry, value: merged(under, entry.value) };
  });
  const missing = base.entries.filter((entry) => entryOf(over, entry.key) === undefined);
  return { kind: "map", entries: [...missing, ...entries], at: over.at };
}

function without(root: MapNode, key: string): MapNode {
  return { ...root, entries: root.entries.filter((entry) => entry.key !== key) };
}

interface Reading {
  readonly file: RuleFile;
  readonly lines: LineCounter;
  readonly problems: RuleProblem[];
}

function rootOf(document: Document, { file, lines, problems }: Reading): MapNode | null {
  const report = (severity: RuleProblem["severity"], at: Position, message: string): void => {
    problems.push({ severity, file: file.name, line: at.line, column: at.column, message });
  };
  const place = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const wrong = yamlProblem(document);
  if (wrong !== null) {
    report("error", place(wrong.offset), wrong.message);
    return null;
  }
  for (const warning of document.warnings) {
    report("warning", place(warning.pos[0]), yamlMessage(warning));
  }
  const root = readRoot(document, lines);
  if (root instanceof NodeError) {
    report("error", root.at, root.message);
    return null;
  }
  if (root.kind === "map") return root;
  // `---` at the end of a file opens an empty document: no harm meant.
  if (root.kind === "scalar" && root.value === null) return null;
  report(
    "error",
    root.at,
    "A Sigma document is a map of keys such as title and detection; this is none.",
  );
  return null;
}

function readRoot(document: Document, lines: LineCounter): RuleNode | NodeError {
  try {
    return ruleNodes(document, lines);
  } catch (cause) {
    if (cause instanceof NodeError) return cause;
    throw cause;
  }
}

function wholeFile(file: string, message: string): RuleProblem {
  return { severity: "warning", file, line: null, column: null, message };
}

/** What the correlation loader gets. */
export function correlationDocument({ file, root }: SigmaDocument): CorrelationDocument {
  return {
    file,
    line: root.at.line,
    doc: plainOf(root) as Readonly<Record<string, unknown>>,
    positionOf: (path) => positionIn(root, path),
  };
}
