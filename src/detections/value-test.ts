import { RE2JS, RE2JSException } from "re2js";
import { parseNetwork, type Network } from "./address-range.ts";
import type { Subject } from "./detection.ts";
import { numberOf, textOf, type Leaf, type LeafTest } from "./field-value.ts";
import type { Field } from "./field.ts";
import { partOfInstant, type InstantPart } from "./instant-part.ts";
import type { Comparison } from "./modifier-chain.ts";
import {
  compileFolded,
  compilePattern,
  onlyRun,
  plainText,
  showPattern,
  type Pattern,
  type Place,
  type TextTest,
} from "./pattern.ts";

export type SubjectTest = (subject: Subject) => boolean;

/** One expected value, ready to be held against a field. */
export type ValueTest = { readonly expected: string } & (
  | { readonly by: "exact"; /** Lower-case. */ readonly text: string }
  | {
      readonly by: "folded";
      /** Of lower-case text. */
      readonly test: TextTest;
      /** All it looks for, where that is one run: many such are looked for together. */
      readonly run: ReturnType<typeof onlyRun>;
    }
  | { readonly by: "network"; readonly network: Network }
  | { readonly by: "leaf"; readonly test: LeafTest }
  | { readonly by: "field"; readonly test: (field: Field) => SubjectTest }
);

/** A test, or why the value cannot be one. */
export type Made = ValueTest | { readonly error: string };

export function textTest(pattern: Pattern, isCased: boolean): ValueTest {
  const expected = JSON.stringify(showPattern(pattern));
  if (isCased) {
    const test = compilePattern(pattern, true);
    return { expected, by: "leaf", test: (leaf) => test(textOf(leaf)) };
  }
  const plain = plainText(pattern);
  if (plain !== null) return { expected, by: "exact", text: plain.toLowerCase() };
  const folded = pattern.map((part) => (typeof part === "string" ? part.toLowerCase() : part));
  return { expected, by: "folded", test: compileFolded(folded), run: onlyRun(folded) };
}

/** Null and absent are one: the field holds no value. */
export function nullTest(): ValueTest {
  const test = (field: Field): SubjectTest => (subject) => !field.some(subject, () => true);
  return { expected: "null", by: "field", test };
}

/**
 * Numbers match numbers and numeric text, e.g. an account id written without quotes, and the text
 * they were written as, e.g. `0x17`. Beyond 2^53 a number stands for its neighbours too: only the
 * text is compared.
 */
export function numberTest(wanted: number, written: string): ValueTest {
  const isExact = Math.abs(wanted) <= Number.MAX_SAFE_INTEGER;
  const test: LeafTest = (leaf) =>
    (isExact && numberOf(leaf) === wanted) || textOf(leaf) === written;
  return { expected: isExact ? String(wanted) : written, by: "leaf", test };
}

/**
 * CloudTrail sends both `true` and `"true"` (`mfaAuthenticated`, `sessionCredentialFromConsole`).
 */
export function truthTest(wanted: boolean): ValueTest {
  return { expected: String(wanted), by: "exact", text: String(wanted) };
}

export function existsTest(wanted: boolean): ValueTest {
  const expected = wanted ? "present" : "absent";
  const test = (field: Field): SubjectTest => (subject) => field.isPresent(subject) === wanted;
  return { expected, by: "field", test };
}

const holds: Readonly<Record<Comparison, (found: number, limit: number) => boolean>> = {
  lt: (found, limit) => found < limit,
  lte: (found, limit) => found <= limit,
  gt: (found, limit) => found > limit,
  gte: (found, limit) => found >= limit,
};
const signs: Readonly<Record<Comparison, string>> = { lt: "<", lte: "<=", gt: ">", gte: ">=" };

/**
 * A number of the field, or a part of the instant it holds, compared; equality where no comparison
 * is given.
 */
export function comparisonTest(
  wanted: number,
  comparison: Comparison | null,
  part: InstantPart | null,
): ValueTest {
  const read = part === null ? numberOf : (leaf: Leaf) => partOfInstant(leaf, part);
  const compare = comparison === null ? (found: number) => found === wanted : holds[comparison];
  const test: LeafTest = (leaf) => {
    const found = read(leaf);
    return found !== null && compare(found, wanted);
  };
  const sign = comparison === null ? "" : `${signs[comparison]} `;
  return { expected: `${part === null ? "" : `${part} `}${sign}${wanted}`, by: "leaf", test };
}

export function cidrTest(cidr: string): Made {
  const network = parseNetwork(cidr);
  return typeof network === "string"
    ? { error: network }
    : { expected: cidr, by: "network", network };
}

const flagsOf = { i: RE2JS.CASE_INSENSITIVE, m: RE2JS.MULTILINE, s: RE2JS.DOTALL } as const;
export type RegexFlag = keyof typeof flagsOf;

export function isRegexFlag(name: string): name is RegexFlag {
  return Object.hasOwn(flagsOf, name);
}

/**
 * Regular expressions run in linear time (RE2): what needs backtracking cannot be compiled, and is
 * an error.
 */
export function regexTest(source: string, flags: readonly RegexFlag[]): Made {
  try {
    const regex = RE2JS.compile(
      source,
      flags.reduce((bits, flag) => bits | flagsOf[flag], 0),
    );
    const expected = `/${source}/${flags.join("")}`;
    return { expected, by: "leaf", test: (leaf) => regex.test(textOf(leaf)) };
  } catch (cause) {
    if (!(cause instanceof RE2JSException)) throw cause;
    const why = cause.message.replace(/^error parsing regexp: /, "");
    const hint = needsBacktracking.test(source)
      ? " Look-around, back references and possessive quantifiers are not supported."
      : "";
    return { error: `Cannot read ${source} as a regular expression: ${why}.${hint}` };
  }
}

/** `(?=`, `(?!`, `(?<=`, `(?<!`, `(?>`, `\\1`, `a++`. */
const needsBacktracking = /\(\?(<?[=!]|>)|\\[1-9]|[*+?}]\+/;

/**
 * The field against another field of the same subject, as text; a missing one of either never
 * matches.
 */
export function fieldrefTest(other: Field, place: Place | null, isCased: boolean): ValueTest {
  const fold = isCased ? (text: string) => text : (text: string) => text.toLowerCase();
  const compare = placed[place ?? "equals"];
  return {
    expected: `${place === null ? "the value" : `${place} the value`} of ${other.name}`,
    by: "field",
    test: (field) => (subject) =>
      other.some(subject, (leaf) => {
        const wanted = fold(textOf(leaf));
        return field.some(subject, (own) => compare(fold(textOf(own)), wanted));
      }),
  };
}

const placed: Readonly<Record<Place | "equals", (text: string, wanted: string) => boolean>> = {
  equals: (text, wanted) => text === wanted,
  contains: (text, wanted) => text.includes(wanted),
  startswith: (text, wanted) => text.startsWith(wanted),
  endswith: (text, wanted) => text.endsWith(wanted),
};
