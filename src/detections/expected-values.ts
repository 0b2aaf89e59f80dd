import { RE2JS } from "re2js";
import type { FactCatalogue } from "../facts/fact.ts";
import { resolveField, type Field } from "./field.ts";
import { isComparison, isInstantPart, isPlace, type ModifierChain } from "./modifier-chain.ts";
import { parsePattern, patternAsRegex, plainText } from "./pattern.ts";
import { expandPlaceholders, type Expansion, type Placeholders } from "./placeholders.ts";
import type { Problems } from "./problems.ts";
import type { ScalarNode } from "./rule-node.ts";
import { isTextModifier, patternsOf } from "./text-modifiers.ts";
import {
  cidrTest,
  comparisonTest,
  existsTest,
  fieldrefTest,
  isRegexFlag,
  nullTest,
  numberTest,
  regexTest,
  textTest,
  truthTest,
  type Made,
  type ValueTest,
} from "./value-test.ts";

export interface ValueContext {
  readonly facts: FactCatalogue;
  readonly placeholders: Placeholders;
  readonly problems: Problems;
  /** Fields looked at besides the item's own (`fieldref`). */
  readonly reads: Field[];
}

/**
 * A value of a rule as tests, any of which may hold: one, or several where a modifier expands it.
 */
export function testsOf(
  node: ScalarNode,
  { field, chain }: { readonly field: Field; readonly chain: ModifierChain },
  context: ValueContext,
): readonly ValueTest[] {
  const whyNot = misfit(node, field, chain);
  const made = whyNot === null ? make(node, { field, chain }, context) : [{ error: whyNot }];
  const tests: ValueTest[] = [];
  for (const one of made) {
    if ("error" in one) context.problems.error(node.at, one.error);
    else tests.push(one);
  }
  return tests;
}

/** Why the value cannot be held against this kind of field; null when it can. */
function misfit(node: ScalarNode, field: Field, { family, steps }: ModifierChain): string | null {
  const isPlain = family === "text" && steps.length === 0;
  if (field.kind === "keywords") {
    if (family !== "text" && family !== "re" && family !== "cidr") {
      return `${steps.join("|")} needs a field.`;
    }
    return node.value === null ? "null is no keyword." : null;
  }
  if (field.type === null || family === "exists" || family === "fieldref") return null;
  if (field.type === "number") {
    if (family === "number" && steps.some(isInstantPart)) {
      return `${field.name} is a number, no time.`;
    }
    if (family === "number" || (isPlain && (node.value === null || isNumeric(node.text)))) {
      return null;
    }
    return `${field.name} is a number: it is compared with numbers, by gt, gte, lt or lte.`;
  }
  if (field.type === "truth") {
    if (isPlain && (node.value === null || /^(true|false)$/i.test(node.text))) return null;
    return `${field.name} is true or false; the value is ${node.text}.`;
  }
  if (steps.some(isComparison) && !steps.some(isInstantPart)) {
    return `${field.name} is text: it cannot be compared with a number.`;
  }
  return null;
}

function isNumeric(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}

type Target = { readonly field: Field; readonly chain: ModifierChain };

function make(node: ScalarNode, target: Target, context: ValueContext): readonly Made[] {
  const { placeholders } = context;
  switch (target.chain.family) {
    case "text":
      return textTests(node, target, context);
    case "exists":
      if (typeof node.value === "boolean") return [existsTest(node.value)];
      return [{ error: `exists takes true or false; the value is ${unquoted(node)}.` }];
    case "number":
      return [numberFamilyTest(node, target.chain)];
    case "re":
      return forEachText(
        textsOf(node, target.chain, { placeholders, quote: quoteForRegex }),
        (source) => [regexTest(source, target.chain.steps.filter(isRegexFlag))],
      );
    case "cidr":
      return forEachText(
        textsOf(node, target.chain, { placeholders, quote: asWritten }),
        (cidr) => [cidrTest(cidr)],
      );
    case "fieldref":
      return [fieldrefFamilyTest(node, target.chain, context)];
  }
}

function numberFamilyTest(node: ScalarNode, { steps }: ModifierChain): Made {
  const part = steps.find(isInstantPart) ?? null;
  const comparison = steps.find(isComparison) ?? null;
  if (typeof node.value !== "number" || !Number.isFinite(node.value)) {
    return { error: `${steps.join("|")} takes a number; the value is ${unquoted(node)}.` };
  }
  return comparisonTest(node.value, comparison, part);
}

/** A wrong value, and the remedy where its quotes are all that is wrong with it. */
function unquoted({ value, text }: ScalarNode): string {
  if (typeof value !== "string") return String(value);
  const isText = isNumeric(text) || /^(true|false)$/i.test(text);
  return isText ? `the text '${text}'. Write it without quotes` : `'${text}'`;
}

function fieldrefFamilyTest(node: ScalarNode, chain: ModifierChain, context: ValueContext): Made {
  const name = typeof node.value === "string" ? plainText(parsePattern(node.value)) : null;
  if (name === null || name === "") {
    return {
      error: `fieldref takes a field's name, without wildcards; the value is ${node.text}.`,
    };
  }
  const other = resolveField(name, context.facts, { problems: context.problems, at: node.at });
  // The error is told already; the rule will not be loaded.
  if (other === null) return nullTest();
  context.reads.push(other);
  return fieldrefTest(other, chain.steps.find(isPlace) ?? null, chain.isCased);
}

function textTests(
  node: ScalarNode,
  { field, chain }: Target,
  context: ValueContext,
): readonly Made[] {
  const { value } = node;
  const isPlain = chain.steps.length === 0 && !chain.isExpanded;
  if (value === null && isPlain && !chain.isCased) return [nullTest()];
  if (typeof value === "boolean" && isPlain && !chain.isCased) return [truthTest(value)];
  if (value === null || typeof value === "boolean") {
    const names = [...chain.steps, chain.isCased ? "cased" : "", chain.isExpanded ? "expand" : ""];
    return [
      { error: `${names.filter(Boolean).join("|")} takes text; the value is ${String(value)}.` },
    ];
  }
  if (typeof value === "number" && isPlain && !chain.isCased && field.kind !== "keywords") {
    return [numberTest(value, node.text)];
  }
  const isOpen = field.kind === "keywords" || chain.steps.includes("contains");
  if (chain.steps.includes("base64offset") && !isOpen) {
    context.problems.warning(node.at, "base64offset without contains matches whole values only.");
  }
  const isWithin = field.kind === "keywords" && !chain.steps.some(isPlace);
  const written = chain.steps.filter(isTextModifier);
  const steps = isWithin ? [...written, "contains" as const] : written;
  const { placeholders } = context;
  return forEachText(textsOf(node, chain, { placeholders, quote: asWritten }), (text) => {
    const made = patternsOf(text, steps);
    if ("error" in made) return [made];
    return made.patterns.map((pattern) => textTest(pattern, chain.isCased));
  });
}

function forEachText(
  expansion: Expansion,
  then: (text: string) => readonly Made[],
): readonly Made[] {
  if ("error" in expansion) return [expansion];
  const made: Made[] = [];
  for (const text of expansion.texts) {
    made.push(...then(text));
    if (made.length > formsMax) {
      return [{ error: `The value stands for more than ${formsMax} texts.` }];
    }
  }
  return made;
}

/** Placeholders and `windash` multiply: beyond this, a rule would be slower than it is worth. */
const formsMax = 20_000;

interface Filling {
  readonly placeholders: Placeholders;
  /** How a placeholder's value is written into the text around it. */
  readonly quote: (value: string) => string;
}

/** The value's texts, placeholders filled in where `expand` asks for it. */
function textsOf(
  node: ScalarNode,
  chain: ModifierChain,
  { placeholders, quote }: Filling,
): Expansion {
  if (node.value === null || typeof node.value === "boolean") {
    return { error: `${chain.family} takes text; the value is ${String(node.value)}.` };
  }
  return chain.isExpanded
    ? expandPlaceholders(node.text, placeholders, quote)
    : { texts: [node.text] };
}

function asWritten(value: string): string {
  return value;
}

function quoteForRegex(value: string): string {
  return patternAsRegex(parsePattern(value), (run) => RE2JS.quote(run));
}
