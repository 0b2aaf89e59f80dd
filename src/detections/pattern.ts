/** A run of any characters, and one character of any kind. */
const ANY = Symbol("*");
const ONE = Symbol("?");

type Part = string | typeof ANY | typeof ONE;

/**
 * A Sigma string: literal runs and wildcards; two runs never stand side by side, nor do two `*`.
 */
export type Pattern = readonly Part[];

/** Where in the field's text a value is expected. */
export type Place = "contains" | "startswith" | "endswith";

/**
 * Reads a Sigma string. A backslash makes a following `*`, `?` or `\` plain; before anything else,
 * and at the end, it stands for itself.
 *
 * https://sigmahq.io/sigma-specification/specification/sigma-rules-specification.html
 */
export function parsePattern(text: string): Pattern {
  const parts: Part[] = [];
  let run = "";
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charAt(i);
    const next = text.charAt(i + 1);
    if (char === "\\" && (next === "*" || next === "?" || next === "\\")) {
      run += next;
      i += 1;
    } else if (char === "*" || char === "?") {
      if (run !== "") parts.push(run);
      run = "";
      if (char === "?") parts.push(ONE);
      else if (parts.at(-1) !== ANY) parts.push(ANY);
    } else run += char;
  }
  if (run !== "") parts.push(run);
  return parts;
}

/** A plain text as a pattern: nothing in it is a wildcard. */
export function literalPattern(text: string): Pattern {
  return text === "" ? [] : [text];
}

/** The text of a pattern without wildcards; null when it has any. */
export function plainText(pattern: Pattern): string | null {
  if (pattern.length === 0) return "";
  const [only] = pattern;
  return pattern.length === 1 && typeof only === "string" ? only : null;
}

/** The pattern with `*` put where the place leaves the text open. */
export function openAt(pattern: Pattern, place: Place): Pattern {
  const opened: Part[] = [...pattern];
  if (place !== "startswith" && opened[0] !== ANY) opened.unshift(ANY);
  if (place !== "endswith" && opened.at(-1) !== ANY) opened.push(ANY);
  return opened;
}

/**
 * The pattern with each literal run replaced by its forms, in all combinations; null when a run has
 * none, or there are more than {@link formsMax} combinations.
 */
export function mapRuns(
  pattern: Pattern,
  formsOf: (run: string) => readonly string[] | null,
): readonly Pattern[] | null {
  let patterns: readonly Pattern[] = [[]];
  for (const part of pattern) {
    const forms: Pattern | null = typeof part === "string" ? formsOf(part) : [part];
    if (forms === null) return null;
    if (patterns.length * forms.length > formsMax) return null;
    patterns = patterns.flatMap((before) => forms.map((form): Pattern => [...before, form]));
  }
  return patterns;
}

/** The pattern as regular expression, literal runs quoted. */
export function patternAsRegex(pattern: Pattern, quote: (run: string) => string): string {
  return pattern.map((part) => (part === ANY ? ".*" : part === ONE ? "." : quote(part))).join("");
}

/** Five writings each of six flags are 15,625: beyond any command line, far below what hurts. */
const formsMax = 20_000;

/** The only literal run of a pattern and where it stands, if that is all there is to it. */
export function onlyRun(
  pattern: Pattern,
): { readonly run: string; readonly place: Place } | null {
  const runs = pattern.filter((part) => typeof part === "string");
  const [run] = runs;
  if (run === undefined || runs.length > 1 || pattern.includes(ONE)) return null;
  const [before, after] = [pattern[0] === ANY, pattern.at(-1) === ANY];
  if (before && after) return { run, place: "contains" };
  return before ? { run, place: "endswith" } : after ? { run, place: "startswith" } : null;
}

export type TextTest = (text: string) => boolean;

/**
 * A test of whole texts, without regular expressions. Case is folded by lower-casing both sides.
 */
export function compilePattern(pattern: Pattern, isCased: boolean): TextTest {
  if (isCased) return compileFolded(pattern);
  const test = compileFolded(
    pattern.map((part) => (typeof part === "string" ? part.toLowerCase() : part)),
  );
  return (text) => test(text.toLowerCase());
}

/** A test of texts whose case is folded already. */
export function compileFolded(pattern: Pattern): TextTest {
  if (pattern.includes(ONE)) return (text) => matchesWithOne(pattern, text);
  const plain = plainText(pattern);
  if (plain !== null) return (text) => text === plain;
  const runs = pattern.filter((part) => typeof part === "string");
  const isOpenAtStart = pattern[0] === ANY;
  const isOpenAtEnd = pattern.at(-1) === ANY;
  const [run] = runs;
  if (run === undefined) return () => true;
  if (runs.length === 1) {
    if (isOpenAtStart && isOpenAtEnd) return (text) => text.includes(run);
    return isOpenAtStart ? (text) => text.endsWith(run) : (text) => text.startsWith(run);
  }
  return (text) => matchesInOrder(runs, text, { isOpenAtStart, isOpenAtEnd });
}

/**
 * Only `*` between the runs: each is looked for after the one before, the first and last where they
 * must stand.
 */
function matchesInOrder(
  runs: readonly string[],
  text: string,
  open: { readonly isOpenAtStart: boolean; readonly isOpenAtEnd: boolean },
): boolean {
  let from = 0;
  for (const [i, run] of runs.entries()) {
    if (i === 0 && !open.isOpenAtStart) {
      if (!text.startsWith(run)) return false;
      from = run.length;
    } else if (i === runs.length - 1 && !open.isOpenAtEnd) {
      return text.length - run.length >= from && text.endsWith(run);
    } else {
      const found = text.indexOf(run, from);
      if (found < 0) return false;
      from = found + run.length;
    }
  }
  return true;
}

/**
 * The general case: on a mismatch, the last `*` takes one character more. Pattern length times text
 * length at worst.
 */
function matchesWithOne(pattern: Pattern, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let starAt = 0;
  for (;;) {
    const part = pattern[p];
    if (part === undefined && t === text.length) return true;
    if (part === ANY) {
      star = p;
      starAt = t;
      p += 1;
      continue;
    }
    const width = widthOf(part, text, t);
    if (width > 0) {
      p += 1;
      t += width;
      continue;
    }
    if (star < 0 || starAt >= text.length) return false;
    starAt += 1;
    p = star + 1;
    t = starAt;
  }
}

/**
 * How many UTF-16 units the part takes at `t`; 0 when it does not stand there. `?` takes a whole
 * character.
 */
function widthOf(part: Part | undefined, text: string, t: number): number {
  if (typeof part === "string") return text.startsWith(part, t) ? part.length : 0;
  if (part !== ONE || t >= text.length) return 0;
  const code = text.codePointAt(t) ?? 0;
  return code > 0xffff ? 2 : 1;
}

/** As the rule's author would write it. */
export function showPattern(pattern: Pattern): string {
  return pattern.map((part) => (part === ANY ? "*" : part === ONE ? "?" : part)).join("");
}
