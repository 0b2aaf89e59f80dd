import { hash } from "node:crypto";
import { hitFields, silencedRules, type Correlation } from "../detections/correlation.ts";
import { loadCorrelations } from "../detections/correlation-load.ts";
import type { Detection, RuleProblem } from "../detections/detection.ts";
import { indexDetections, type DetectionsFor } from "../detections/rule-index.ts";
import { loadRules, type LoadedDetection } from "../detections/load-rules.ts";
import type { Placeholders } from "../detections/placeholders.ts";
import { factCatalogue } from "../facts/catalogue.ts";

/** Every rule in force: loaded, checked, indexed. */
export interface RuleBook {
  readonly detections: readonly LoadedDetection[];
  readonly correlations: readonly Correlation[];
  readonly problems: readonly RuleProblem[];
  /** The detections that could match an event of this eventSource and eventName. */
  readonly candidates: DetectionsFor;
  /** The same of an event whose session is not unusual. */
  readonly usualCandidates: DetectionsFor;
  /** Those about what becomes true of tasks. */
  readonly ofTasks: readonly Detection[];
  /** Those about where events come from. */
  readonly ofSources: readonly Detection[];
  /** Detections that correlations count, and the fields their hits must carry. */
  readonly hitFields: ReadonlyMap<string, readonly string[]>;
  /** Differs where the rules do: findings judged by other rules have to be judged again. */
  readonly digest: string;
}

/**
 * Loads rule files into one book. What is wrong is in `problems`; a document with an error is left
 * out.
 *
 * @param placeholders what rules with `expand` ask for
 */
export function ruleBook(
  files: readonly { readonly name: string; readonly text: string }[],
  placeholders: Placeholders = {},
): RuleBook {
  const loaded = loadRules(files, { facts: factCatalogue, placeholders });
  const { correlations, problems } = loadCorrelations(loaded.correlations, {
    detections: loaded.detections,
    facts: factCatalogue,
  });
  const silenced = silencedRules(correlations);
  const detections = loaded.detections.map((detection) =>
    silenced.has(detection.name) ? { ...detection, raises: false } : detection,
  );
  const ofCalls = detections.filter(({ log }) => log === "cloudtrail");
  return {
    detections,
    correlations,
    problems: [...loaded.problems, ...problems],
    candidates: indexDetections(ofCalls),
    usualCandidates: indexDetections(ofCalls.filter(({ isBudgeted }) => !isBudgeted)),
    ofTasks: detections.filter(({ log }) => log === "tasks"),
    ofSources: detections.filter(({ log }) => log === "sources"),
    hitFields: hitFields(correlations),
    digest: digestOf(files.map(({ text }) => text), placeholders),
  };
}

/** Of what the rules say, wherever their files lie. */
function digestOf(texts: readonly string[], placeholders: Placeholders): string {
  return hash("sha256", JSON.stringify([[...texts].sort(), placeholders]), "hex");
}
