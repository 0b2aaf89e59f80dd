import { instantParts, type InstantPart } from "./instant-part.ts";
import { isModifierName, unknownModifier, type ModifierName } from "./modifier-names.ts";
import type { Place } from "./pattern.ts";

/** A field's modifiers, known to go together, in the order they were written. */
export interface ModifierChain {
  readonly family: Family;
  /** What changes values one by one; `all`, `neq`, `cased` and `expand` are told beside. */
  readonly steps: readonly ModifierName[];
  /** Every value must match, not any. */
  readonly isAll: boolean;
  readonly isNegated: boolean;
  readonly isCased: boolean;
  readonly isExpanded: boolean;
}

/** What kind of value a chain makes: modifiers of two kinds never go together. */
export type Family = "text" | "re" | "cidr" | "number" | "exists" | "fieldref";

export const places: readonly Place[] = ["contains", "startswith", "endswith"];
export const comparisons = ["lt", "lte", "gt", "gte"] as const;
export type Comparison = (typeof comparisons)[number];

const generic = ["all", "neq"] as const;
const encodings = [
  "windash", "base64", "base64offset", "utf16le", "utf16be", "utf16", "wide",
] as const;

/** What may stand in a chain of each family; the first of them make the family. */
const companions: Readonly<Record<Family, readonly ModifierName[]>> = {
  text: [...generic, ...places, ...encodings, "cased", "expand"],
  re: ["re", "i", "m", "s", ...generic, "expand"],
  cidr: ["cidr", ...generic, "expand"],
  number: [...comparisons, ...instantParts, ...generic],
  exists: ["exists"],
  fieldref: ["fieldref", ...generic, ...places, "cased"],
};

/** A chain, or what is wrong with the modifier at `index`. */
export type ChainResult = ModifierChain | { readonly index: number; readonly error: string };

/**
 * Reads `contains|all` and its like.
 *
 * https://sigmahq.io/sigma-specification/specification/sigma-appendix-modifiers.html
 */
export function readChain(written: readonly string[]): ChainResult {
  const names: ModifierName[] = [];
  for (const [index, name] of written.entries()) {
    if (!isModifierName(name)) return { index, error: unknownModifier(name) };
    if (names.includes(name)) return { index, error: `The modifier ${name} stands twice.` };
    names.push(name);
  }
  const family = familyOf(names);
  for (const [index, name] of names.entries()) {
    const error = whyIllegal(name, family, names.slice(0, index));
    if (error !== null) return { index, error };
  }
  const beside: readonly ModifierName[] = ["all", "neq", "cased", "expand"];
  return {
    family,
    steps: names.filter((name) => !beside.includes(name)),
    isAll: names.includes("all"),
    isNegated: names.includes("neq"),
    isCased: names.includes("cased"),
    isExpanded: names.includes("expand"),
  };
}

function familyOf(names: readonly ModifierName[]): Family {
  const makes = (family: Family): boolean => {
    if (family === "number") return names.some((name) => isComparison(name) || isInstantPart(name));
    return names.some((name) => name === family);
  };
  return (["exists", "re", "cidr", "fieldref", "number"] as const).find(makes) ?? "text";
}

export function isComparison(name: ModifierName): name is Comparison {
  return (comparisons as readonly ModifierName[]).includes(name);
}

export function isInstantPart(name: ModifierName): name is InstantPart {
  return (instantParts as readonly ModifierName[]).includes(name);
}

export function isPlace(name: ModifierName): name is Place {
  return (places as readonly ModifierName[]).includes(name);
}

function whyIllegal(
  name: ModifierName,
  family: Family,
  before: readonly ModifierName[],
): string | null {
  if (!companions[family].includes(name)) return whyNotTogether(name, family);
  if (isPlace(name)) return alreadyHas(before, isPlace, name) ?? needsBefore(name, family, before);
  if (isComparison(name)) return alreadyHas(before, isComparison, name) ?? negatedNumber(before);
  if (isInstantPart(name)) {
    const comparison = before.find(isComparison);
    if (comparison !== undefined) {
      return `Write ${name}|${comparison}: the part of the time comes first.`;
    }
    return alreadyHas(before, isInstantPart, name);
  }
  if (name === "neq" && before.some(isComparison)) return negatedNumber(["neq"]);
  if (name === "i" || name === "m" || name === "s") return needsBefore(name, family, before);
  const isEncoding = (encodings as readonly ModifierName[]).includes(name) && name !== "windash";
  const place = before.find(isPlace);
  if (isEncoding && place !== undefined) {
    return `Write ${name}|${place}: the wildcards of ${place} cannot be encoded.`;
  }
  return null;
}

function alreadyHas(
  before: readonly ModifierName[],
  isKind: (name: ModifierName) => boolean,
  name: ModifierName,
): string | null {
  const other = before.find(isKind);
  return other === undefined ? null : `The modifiers ${other} and ${name} exclude each other.`;
}

function needsBefore(
  name: ModifierName,
  family: Family,
  before: readonly ModifierName[],
): string | null {
  if (family === "re" && !before.includes("re")) return `The modifier ${name} must come after re.`;
  if (family === "fieldref" && !before.includes("fieldref")) return `Write fieldref|${name}.`;
  return null;
}

function negatedNumber(before: readonly ModifierName[]): string | null {
  return before.includes("neq")
    ? "neq does not go with a comparison: turn the comparison round."
    : null;
}

const remedies: Partial<Record<Family, Partial<Record<ModifierName, string>>>> = {
  re: {
    contains: "A regular expression is searched anywhere already.",
    startswith: "Begin the expression with ^.",
    endswith: "End the expression with $.",
    cased: "A regular expression is case-sensitive already; i makes it case-insensitive.",
  },
  exists: { neq: "Write exists: false." },
};

function whyNotTogether(name: ModifierName, family: Family): string {
  if (family === "text") return `The modifier ${name} must come after re.`;
  const other = family === "number" ? "a comparison or a part of a time" : family;
  const remedy = remedies[family]?.[name];
  const hint = remedy === undefined ? "" : ` ${remedy}`;
  return `The modifier ${name} does not go with ${other}.${hint}`;
}
