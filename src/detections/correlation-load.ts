import type { FactCatalogue } from "../facts/fact.ts";
import { checkFields, checkOurs, entityOf } from "./correlation-check.ts";
import { namesIn, parseExpression } from "./correlation-condition.ts";
import { link, silencedBy, Targets } from "./correlation-links.ts";
import type { DetectionTarget, Draft, Target } from "./correlation-links.ts";
import { readCondition, readTimespan } from "./correlation-rule.ts";
import { meant, readShape } from "./correlation-shape.ts";
import type { CorrelationShape, Mistake, Report } from "./correlation-shape.ts";
import type { Correlation } from "./correlation.ts";
import type { RuleProblem } from "./detection.ts";
import type { CorrelationDocument } from "./documents.ts";

/** What correlations are checked against. */
export interface Known {
  readonly detections: readonly DetectionTarget[];
  readonly facts: FactCatalogue;
}

/**
 * Compiles correlation documents. Each follows those it is chained to; one with an error is left
 * out, and so is one that refers to it.
 *
 * https://sigmahq.io/sigma-specification/specification/sigma-correlation-rules-specification.html
 */
export function loadCorrelations(
  documents: readonly CorrelationDocument[],
  known: Known,
): { readonly correlations: readonly Correlation[]; readonly problems: readonly RuleProblem[] } {
  const problems: RuleProblem[] = [];
  const targets = new Targets(known.detections);
  const shaped = documents.flatMap((document) => {
    const reporter = reporterOf(document, problems);
    const shape = readShape(document.doc);
    if (isShape(shape)) {
      return [{ document, reporter, shape, target: targetOf(shape, document.file) }];
    }
    for (const { path, message } of shape) reporter.report(path, message);
    return [];
  });
  for (const { target, reporter } of shaped) {
    const taken = targets.add(target);
    if (taken === null) continue;
    reporter.report(
      [],
      `The name '${target.name}' or id '${target.id}' is taken by '${taken.title}' ` +
        `in ${taken.file}.`,
    );
  }
  const drafts = shaped.flatMap(({ document, reporter, shape, target }): Draft[] => {
    const correlation = compile(
      shape,
      { target, targets, known, file: document.file, report: reporter.report },
    );
    return correlation === null || reporter.failed()
      ? []
      : [{ correlation, report: reporter.report }];
  });
  const sound = new Set(drafts.map(({ correlation }) => correlation.name));
  const linkable = drafts.filter(({ correlation, report }) => {
    const broken = correlation.chained.filter((name) => !sound.has(name));
    for (const name of broken) {
      report(rulePath(correlation.rules, name), `'${name}' has errors of its own.`);
    }
    return broken.length === 0;
  });
  return { correlations: link(linkable), problems };
}

function rulePath(rules: readonly string[], name: string): readonly (string | number)[] {
  return ["correlation", "rules", rules.indexOf(name)];
}

function isShape(shape: CorrelationShape | readonly Mistake[]): shape is CorrelationShape {
  return !Array.isArray(shape);
}

function targetOf({ id, name, title }: CorrelationShape, file: string): Target {
  const known = name ?? id ?? title;
  return { name: known, id: id ?? known, title, file, isCorrelation: true };
}

interface Reporter {
  readonly report: Report;
  readonly failed: () => boolean;
}

function reporterOf({ file, positionOf }: CorrelationDocument, problems: RuleProblem[]): Reporter {
  let failed = false;
  const report: Report = (path, message, severity = "error") => {
    failed ||= severity === "error";
    const { line, column } = positionOf(path);
    problems.push({ severity, file, line, column, message });
  };
  return { report, failed: () => failed };
}

interface Compiling {
  readonly target: Target;
  readonly targets: Targets;
  readonly known: Known;
  readonly file: string;
  readonly report: Report;
}

function compile(shape: CorrelationShape, compiling: Compiling): Correlation | null {
  const { target, targets, known, file, report } = compiling;
  const { correlation: given, trailwarden: ours } = shape;
  const rename = (reference: string): string => targets.find(reference)?.name ?? reference;
  const found = readRules(given, compiling);
  const timespanMs = readTimespan(given.timespan, report);
  const rules = found.map(({ name }) => name);
  const listed = given.rules === undefined ? null : rules;
  const condition = readCondition(
    { type: given.type, condition: given.condition, rules: listed },
    rename,
    report,
  );
  if (timespanMs === null || condition === null) return null;
  const correlation: Correlation = {
    id: target.id,
    name: target.name,
    title: shape.title,
    status: shape.status ?? null,
    description: shape.description ?? null,
    level: shape.level,
    tags: shape.tags,
    falsepositives: shape.falsepositives,
    references: shape.references,
    file,
    type: given.type,
    rules,
    chained: found.filter(({ isCorrelation }) => isCorrelation).map(({ name }) => name),
    groupBy: given["group-by"],
    timespanMs,
    condition,
    aliases: readAliases(given.aliases, rules, compiling),
    silences: silencedBy(found, given.generate ?? shape.generate, file),
    raises: true,
    entity: ours.entity ?? entityOf(given["group-by"]),
    because: ours.because ?? null,
    levelWhen: ours.level_when,
    blindSpots: ours.blind_spots,
  };
  checkFields(correlation, known.facts, report);
  checkOurs(correlation, report);
  return correlation;
}

/** The rules listed, or else those the extended condition names. */
function readRules(
  given: CorrelationShape["correlation"],
  { targets, report }: Compiling,
): readonly Target[] {
  const { rules, condition } = given;
  const parsed = typeof condition === "string" ? parseExpression(condition) : null;
  const named = parsed === null || "error" in parsed ? [] : namesIn(parsed).all;
  if (rules === undefined && parsed === null) {
    report(["correlation"], "'correlation.rules' is missing: expected names or ids of rules.");
  }
  return (rules ?? named).flatMap((reference, index) => {
    const path = rules === undefined
      ? ["correlation", "condition"]
      : ["correlation", "rules", index];
    const target = targets.find(reference);
    if (target === null) {
      report(path, targets.unknown(reference));
      return [];
    }
    const isTwice = (rules ?? named).slice(0, index).some((earlier) =>
      targets.find(earlier) === target,
    );
    if (isTwice) {
      report(path, `'${reference}' is the rule '${target.name}', which is listed already.`);
    }
    return isTwice ? [] : [target];
  });
}

function readAliases(
  given: Correlation["aliases"],
  rules: readonly string[],
  { targets, report }: Compiling,
): Correlation["aliases"] {
  const aliases = Object.entries(given).map(([alias, fields]) => {
    const resolved = Object.entries(fields).map(([reference, field]) => {
      const name = targets.find(reference)?.name ?? reference;
      if (!rules.includes(name)) {
        report(
          ["correlation", "aliases", alias, reference],
          `The alias names the rule '${reference}', which is not among 'correlation.rules'` +
            `${meant(reference, rules)}.`,
        );
      }
      return [name, field] as const;
    });
    return [alias, Object.fromEntries(resolved)] as const;
  });
  return Object.fromEntries(aliases);
}
