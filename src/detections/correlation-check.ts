import type { FactCatalogue } from "../facts/fact.ts";
import { parseTemplate } from "./because.ts";
import { meant } from "./correlation-shape.ts";
import type { Report } from "./correlation-shape.ts";
import { fieldNames, findingFieldNames, firingValueNames } from "./correlation.ts";
import type { Correlation } from "./correlation.ts";
import { entityTypes } from "./detection.ts";
import type { EntityType } from "./detection.ts";

/**
 * Every field must be able to have a value: an alias covers all rules, and a name in our namespaces
 * is a fact.
 */
export function checkFields(
  correlation: Correlation,
  facts: FactCatalogue,
  report: Report,
): void {
  const { aliases, rules, groupBy } = correlation;
  for (const [index, name] of fieldNames(correlation).entries()) {
    const path = index < groupBy.length
      ? ["correlation", "group-by", index]
      : ["correlation", "condition", "field"];
    const alias = Object.hasOwn(aliases, name) ? aliases[name] : undefined;
    if (alias === undefined) checkName(name, facts, (message) => {
        report(path, message);
      });
    else {
      const uncovered = rules.filter((rule) => !Object.hasOwn(alias, rule));
      for (const rule of uncovered) {
        report(path, `The alias '${name}' names no field for the rule '${rule}'.`);
      }
    }
  }
  for (const [alias, fields] of Object.entries(aliases)) {
    for (const [rule, field] of Object.entries(fields)) {
      checkName(field, facts, (message) => {
        report(["correlation", "aliases", alias, rule], message);
      });
    }
  }
}

function checkName(name: string, facts: FactCatalogue, wrong: (message: string) => void): void {
  const [namespace = ""] = name.split(".");
  const isFinding = namespace === "finding";
  if (!name.includes(".") || (!isFinding && !facts.namespaces.has(namespace))) return;
  const names: readonly string[] = isFinding ? findingFieldNames : [...facts.names.keys()];
  if (!names.includes(name)) {
    wrong(`'${name}' is no ${isFinding ? "field of a finding" : "fact"}${meant(name, names)}.`);
  }
}

/** Our own keys speak only of what a firing has. */
export function checkOurs(correlation: Correlation, report: Report): void {
  const names = [...correlation.groupBy, ...firingValueNames];
  for (const name of Object.keys(correlation.levelWhen)) {
    if (correlation.groupBy.includes(name)) continue;
    report(
      ["trailwarden", "level_when", name],
      `'${name}' is not grouped by: ` +
        `expected one of ${correlation.groupBy.join(", ") || "nothing"}.`,
    );
  }
  if (correlation.because === null) return;
  const template = parseTemplate(correlation.because);
  const path = ["trailwarden", "because"];
  if ("error" in template) report(path, template.error);
  for (const name of "error" in template ? [] : template.names) {
    if (!names.includes(name)) {
      report(
        path,
        `'{${name}}' is not known of a correlation${meant(name, names)}: ` +
          `expected one of ${names.join(", ")}.`,
      );
    }
  }
}

/**
 * `session.id` makes findings about sessions; where the groups tell no entity, the correlation is
 * its own.
 */
export function entityOf(groupBy: readonly string[]): EntityType {
  const [only] = groupBy;
  const namespace = groupBy.length === 1 ? only?.split(".")[0] : undefined;
  return entityTypes.find((type) => type === namespace && type !== "event") ?? "correlation";
}
