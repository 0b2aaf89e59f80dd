import { isAlias, isMap, isScalar, isSeq, type Document, type LineCounter, type Node } from "yaml";

/** A place in a rule file, from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A YAML value with its place: aliases resolved, keys as text, nothing else interpreted. */
export type RuleNode = ScalarNode | ListNode | MapNode;

export interface ScalarNode {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  /** As written, without quotes: `012345678901` where `value` is the number 12345678901. */
  readonly text: string;
  /**
   * Columns from `at` to the text's first character; null when the text runs over several lines.
   */
  readonly inset: number | null;
  /** Without quotes over several lines, which YAML joins: often a list without its dashes. */
  readonly isFoldedPlain: boolean;
  readonly at: Position;
}

export interface ListNode {
  readonly kind: "list";
  readonly items: readonly RuleNode[];
  readonly at: Position;
}

export interface MapNode {
  readonly kind: "map";
  readonly entries: readonly MapEntry[];
  readonly at: Position;
}

export interface MapEntry {
  readonly key: string;
  readonly keyNode: ScalarNode;
  readonly value: RuleNode;
}

/**
 * Nodes of one document after aliases are resolved: far above any rule, far below an alias bomb.
 */
export const nodesMax = 50_000;
/** Nesting of one document: Sigma's own structure needs seven levels. */
export const depthMax = 64;

/** A YAML structure a rule cannot have: where, and why. */
export class NodeError extends Error {
  readonly at: Position;
  constructor(at: Position, message: string) {
    super(message);
    this.at = at;
  }
}

/**
 * The document's content as rule nodes.
 *
 * @throws {NodeError} beyond {@link nodesMax} or {@link depthMax}, and on keys that are no scalars
 */
export function ruleNodes(document: Document, lines: LineCounter): RuleNode {
  let count = 0;
  const place = (node: Node): Position => {
    const { line, col } = lines.linePos(node.range?.[0] ?? 0);
    return { line, column: col };
  };
  const convert = (node: Node | null, depth: number, fallback: Position): RuleNode => {
    if (node === null) return emptyScalar(fallback);
    const at = place(node);
    count += 1;
    if (count > nodesMax) throw new NodeError(at, `The document has more than ${nodesMax} values.`);
    if (depth > depthMax) throw new NodeError(at, `Nested deeper than ${depthMax} levels.`);
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (target === undefined) throw new NodeError(at, noAnchor(node.source));
      return convert(target, depth + 1, at);
    }
    if (isScalar(node)) {
      const end = lines.linePos(node.range?.[1] ?? 0).line;
      return scalarNode(node, { at, isFolded: end > at.line });
    }
    if (isSeq(node)) {
      const items = node.items.map((item) => convert(item as Node | null, depth + 1, at));
      return { kind: "list", items, at };
    }
    if (!isMap(node)) throw new NodeError(at, "A value, a list or a map is expected here.");
    const keys = new Set<string>();
    const entries = node.items.map((pair): MapEntry => {
      const keyNode = convert(pair.key as Node | null, depth + 1, at);
      if (keyNode.kind !== "scalar") throw new NodeError(keyNode.at, "A key must be plain text.");
      if (keyNode.text === "<<") throw new NodeError(keyNode.at, "Merge keys are not supported.");
      if (keys.has(keyNode.text)) throw new NodeError(keyNode.at, standsTwice(keyNode.text));
      keys.add(keyNode.text);
      const value = convert(pair.value as Node | null, depth + 1, keyNode.at);
      return { key: keyNode.text, keyNode, value };
    });
    return { kind: "map", entries, at };
  };
  return convert(document.contents, 0, { line: 1, column: 1 });
}

function noAnchor(name: string): string {
  return `The anchor ${name} is not set. If no anchor is meant, write '*${name}' in quotes.`;
}

function standsTwice(key: string): string {
  return `The key ${key} stands twice in one map. Give it a list of values, or begin a second map.`;
}

const insets: Readonly<Record<string, number>> = { PLAIN: 0, QUOTE_SINGLE: 1, QUOTE_DOUBLE: 1 };

function scalarNode(
  node: { readonly value: unknown; readonly type?: unknown; readonly source?: string },
  { at, isFolded }: { readonly at: Position; readonly isFolded: boolean },
): ScalarNode {
  const plain = plainValue(node.value);
  const text = typeof plain === "string" ? plain : (node.source ?? String(plain));
  const inset = typeof node.type === "string" ? (insets[node.type] ?? null) : null;
  const isUnmarked = node.type === "PLAIN";
  return {
    kind: "scalar", value: plain, text, inset: isFolded ? null : inset,
    isFoldedPlain: isFolded && isUnmarked, at,
  };
}

function plainValue(value: unknown): ScalarNode["value"] {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  if (value === null || value === undefined) return null;
  // YAML's core schema makes no other scalars; a custom tag's value is kept as its text.
  return typeof value === "bigint" ? Number(value) : JSON.stringify(value);
}

function emptyScalar(at: Position): ScalarNode {
  return { kind: "scalar", value: null, text: "", inset: null, isFoldedPlain: false, at };
}

/** The value under a key of a map; undefined when there is none. */
export function entryOf(node: MapNode, key: string): MapEntry | undefined {
  return node.entries.find((entry) => entry.key === key);
}

/**
 * The place of a character of a scalar's text, or of the scalar where the text is folded or
 * escaped.
 */
export function placeIn(node: ScalarNode, offset: number): Position {
  if (node.inset === null) return node.at;
  return { line: node.at.line, column: node.at.column + node.inset + offset };
}

/** As plain values: maps become objects with own keys only. */
export function plainOf(node: RuleNode): unknown {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "list":
      return node.items.map(plainOf);
    case "map":
      return Object.fromEntries(node.entries.map((entry) => [entry.key, plainOf(entry.value)]));
  }
}

/** Where the value at `path` stands; where it is missing, the nearest thing around it. */
export function positionIn(root: RuleNode, path: readonly (string | number)[]): Position {
  let node: RuleNode = root;
  for (const step of path) {
    const next: RuleNode | undefined =
      node.kind === "map"
        ? entryOf(node, String(step))?.value
        : node.kind === "list"
          ? node.items[Number(step)]
          : undefined;
    if (next === undefined) return node.at;
    node = next;
  }
  return node.at;
}
