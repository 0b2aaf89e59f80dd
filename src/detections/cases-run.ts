import type { Expectation, RuleCase, RuleCases } from "./cases.ts";
import type { EntityType, Level } from "./detection.ts";

/** What judging records gave: as much of a finding as cases look at. */
export interface JudgedFinding {
  readonly rule: string;
  readonly level: Level;
  readonly because: string;
  readonly entity: { readonly type: EntityType; readonly id: string };
  readonly eventCount: number;
  readonly confidence: "high" | "medium" | "low";
}

/** Takes a case through the whole of the program, to findings, with nothing stored before. */
export type Judge = (one: RuleCase) => readonly JudgedFinding[];

export interface CaseOutcome {
  readonly rule: string;
  readonly name: string;
  readonly kind: "fires" | "quiet";
  readonly passed: boolean;
  /** What was expected and what came, one line each; empty when passed. */
  readonly diff: readonly string[];
}

/**
 * Runs every case of a rule. One that should fire passes when a finding of the rule meets all that
 * it expects.
 */
export function runCases({ rule, cases }: RuleCases, judge: Judge): CaseOutcome[] {
  return cases.map((one) => {
    const judged = judge(one);
    const own = judged.filter((finding) => finding.rule === rule);
    const diff = one.expect === null ? unwanted(rule, own) : missed(rule, { one, own, judged });
    const kind = one.expect === null ? "quiet" : "fires";
    return { rule, name: one.name, kind, passed: diff.length === 0, diff };
  });
}

function unwanted(rule: string, own: readonly JudgedFinding[]): readonly string[] {
  return own.map(({ level, because }) =>
    `Expected no finding of ${rule}; got ${level}: ${because}`,
  );
}

interface Judged {
  readonly one: RuleCase;
  readonly own: readonly JudgedFinding[];
  readonly judged: readonly JudgedFinding[];
}

/** The differences of the finding that is nearest to what was expected. */
function missed(rule: string, { one, own, judged }: Judged): readonly string[] {
  const diffs = own.map((finding) => differences(one.expect ?? {}, finding));
  const [nearest] = diffs.sort((a, b) => a.length - b.length);
  if (nearest !== undefined) return nearest;
  const others = [...new Set(judged.map((finding) => finding.rule))].sort();
  const also = others.length === 0 ? "No other rule fired." : `Others fired: ${others.join(", ")}.`;
  return [`Expected a finding of ${rule}; ${one.records.length} records gave none. ${also}`];
}

function differences(expect: Expectation, finding: JudgedFinding): readonly string[] {
  const { entity, because } = expect;
  const wantedEntity = typeof entity === "string"
    ? entity : entity === undefined ? undefined
    : entityText(entity);
  const gotEntity = typeof entity === "string" ? finding.entity.type : entityText(finding.entity);
  return [
    ...difference("level", expect.level, finding.level),
    ...difference("confidence", expect.confidence, finding.confidence),
    ...difference("entity", wantedEntity, gotEntity),
    ...difference("eventCount", expect.eventCount, finding.eventCount),
    ...(typeof because === "object"
      ? difference("because", because.contains, finding.because, "something that contains ")
      : difference("because", because, finding.because)),
  ];
}

function difference(
  key: string,
  expected: string | number | undefined,
  ...[got, relation = ""]: readonly [got: string | number, relation?: string]
): readonly string[] {
  const isMet = relation === "" ? got === expected : String(got).includes(String(expected));
  return expected === undefined || isMet
    ? []
    : [`${key}: expected ${relation}${expected}; got ${got}`];
}

function entityText({ type, id }: JudgedFinding["entity"]): string {
  return `${type} ${id}`;
}
