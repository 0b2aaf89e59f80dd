import { didYouMean } from "../text/nearest.ts";

/**
 * The modifiers of Sigma 2.1, every one.
 *
 * https://sigmahq.io/sigma-specification/specification/sigma-appendix-modifiers.html
 */
export const modifierNames = [
  "all",
  "startswith",
  "endswith",
  "contains",
  "exists",
  "cased",
  "neq",
  "windash",
  "re",
  "i",
  "m",
  "s",
  "base64",
  "base64offset",
  "utf16le",
  "utf16be",
  "utf16",
  "wide",
  "lt",
  "lte",
  "gt",
  "gte",
  "minute",
  "hour",
  "day",
  "week",
  "month",
  "year",
  "cidr",
  "expand",
  "fieldref",
] as const;
export type ModifierName = (typeof modifierNames)[number];

export function isModifierName(name: string): name is ModifierName {
  return (modifierNames as readonly string[]).includes(name);
}

/** Names other tools use for the same: nearer than any spelling. */
const otherNames: Readonly<Record<string, ModifierName>> = {
  ignorecase: "i",
  multiline: "m",
  dotall: "s",
  regex: "re",
  not: "neq",
  ne: "neq",
  prefix: "startswith",
  suffix: "endswith",
};

export function unknownModifier(name: string): string {
  if (name === "") return "There is no modifier with an empty name.";
  const other = Object.hasOwn(otherNames, name) ? otherNames[name] : undefined;
  const hint = other === undefined ? didYouMean(name, modifierNames) : ` Did you mean ${other}?`;
  return `There is no modifier ${name}.${hint}`;
}
