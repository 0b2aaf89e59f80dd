/**
 * A second, slow reading of Sigma, written from the specification for the tests alone: it walks the
 * parsed YAML for every record and uses regular expressions for all texts. It knows the modifiers
 * that the properties draw from.
 */
export interface PlainRule {
  readonly [selection: string]: unknown;
  readonly condition: string;
}

export function referenceMatches(rule: PlainRule, record: unknown): boolean {
  const { condition, ...selections } = rule;
  const held = (name: string): boolean => selectionHolds(selections[name], record);
  const names = Object.keys(selections);
  // Quantities first, then what is left is JavaScript's own grammar of booleans.
  const expanded = condition
    .replaceAll(/\b(\d+|all|any) of (\S+?)(?=\)|\s|$)/g, (_, least: string, pattern: string) => {
      const glob = new RegExp(`^${pattern.replaceAll("*", ".*")}$`);
      const meant = names.filter(
        (name) => (pattern === "them" ? !name.startsWith("_") : glob.test(name)),
      );
      const count = meant.filter(held).length;
      const wanted = least === "all" ? meant.length : least === "any" ? 1 : Number(least);
      return `#${String(count >= wanted)}`;
    })
    .replaceAll(/#?[\w-]+/g, (word) => {
      if (word === "and" || word === "or" || word === "not") return word;
      return word.startsWith("#") ? word.slice(1) : String(held(word));
    });
  return booleanOf(
    expanded.replaceAll("and", "&").replaceAll("or", "|").replaceAll(
      "not",
      "!",
    ).replaceAll(" ", ""),
  );
}

/** `!`, `&` and `|` over `true`, `false` and parentheses, by rewriting until one word is left. */
function booleanOf(text: string): boolean {
  let rest = text;
  for (;;) {
    const next = rest
      .replace(/\((true|false)\)/, "$1")
      .replace(/!(true|false)/, (_, word: string) => (word === "true" ? "false" : "true"));
    const reduced =
      next !== rest
        ? next
        : rest.includes("&") && /(true|false)&(true|false)/.test(rest)
          ? rest.replace(
            /(true|false)&(true|false)/,
            (_, a: string, b: string) => String(a === "true" && b === "true"),
          )
          : rest.replace(/(?<![&!])(true|false)\|(true|false)(?!&)/, (_, a: string, b: string) =>
              String(a === "true" || b === "true"),
            );
    if (reduced === rest) return rest === "true";
    rest = reduced;
  }
}

function selectionHolds(selection: unknown, record: unknown): boolean {
  if (Array.isArray(selection)) return selection.some((item) => selectionHolds(item, record));
  if (typeof selection !== "object" || selection === null) return keywordHolds(selection, record);
  return Object.entries(selection).every(([key, value]) => itemHolds(key, value, record));
}

function keywordHolds(keyword: unknown, record: unknown): boolean {
  if (typeof record === "object" && record !== null) {
    return Object.values(record).some((inner) => keywordHolds(keyword, inner));
  }
  return record !== null && regexOf(`*${String(keyword)}*`, "i").test(textOf(record));
}

function itemHolds(key: string, value: unknown, record: unknown): boolean {
  const [field = "", ...modifiers] = key.split("|");
  const found = valuesAt(field.split("."), record);
  const values = (Array.isArray(value) ? value : [value]) as unknown[];
  const one = (wanted: unknown): boolean => valueHolds(wanted, modifiers, found);
  const holds = modifiers.includes("all") ? values.every(one) : values.some(one);
  return modifiers.includes("neq") ? !holds : holds;
}

/** Everything at a path, arrays flattened; the longest literal key first. */
function valuesAt(path: readonly string[], record: unknown): readonly unknown[] {
  // An empty list at the path's end is present, and holds nothing.
  if (Array.isArray(record) && record.length === 0 && path.length === 0) return [null];
  if (Array.isArray(record)) return record.flatMap((element) => valuesAt(path, element));
  if (path.length === 0) return [record];
  if (typeof record !== "object" || record === null) return [];
  for (let length = path.length; length > 0; length -= 1) {
    const key = path.slice(0, length).join(".");
    const own = new Map(Object.entries(record));
    if (own.has(key)) return valuesAt(path.slice(length), own.get(key));
  }
  return [];
}

function valueHolds(
  wanted: unknown,
  modifiers: readonly string[],
  found: readonly unknown[],
): boolean {
  if (modifiers.includes("exists")) return found.length > 0 === wanted;
  const present = found.filter((value) => value !== null);
  if (wanted === null) return present.length === 0;
  return present.some((value) => oneHolds(wanted, modifiers, value));
}

function oneHolds(wanted: unknown, modifiers: readonly string[], value: unknown): boolean {
  const text = textOf(value);
  const isNumber =
    typeof value === "number" ||
    (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value));
  if (modifiers.includes("gt")) return isNumber && Number(value) > Number(wanted);
  if (modifiers.includes("lte")) return isNumber && Number(value) <= Number(wanted);
  if (modifiers.includes("re")) return new RegExp(String(wanted)).test(text);
  if (typeof wanted === "number" && modifiers.every((name) => name === "neq" || name === "all")) {
    return isNumber && Number(value) === wanted;
  }
  let pattern = String(wanted);
  if (modifiers.includes("contains") || modifiers.includes("endswith")) pattern = `*${pattern}`;
  if (modifiers.includes("contains") || modifiers.includes("startswith")) pattern = `${pattern}*`;
  return regexOf(pattern, modifiers.includes("cased") ? "" : "i").test(text);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function regexOf(pattern: string, flags: string): RegExp {
  const source = pattern.replaceAll(/\\[*?\\]|[^]/gu, (piece) => {
    if (piece === "*") return ".*";
    if (piece === "?") return ".";
    const plain = piece.length > 1 && piece.startsWith("\\") ? piece.slice(1) : piece;
    return plain.replaceAll(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
  });
  return new RegExp(`^${source}$`, `${flags}su`);
}
