import { existsSync } from "node:fs";
import { resolve, sep } from "node:path";
import { ownRulesFolder, problemText, rulesAt } from "../app.ts";
import type { Config } from "../config/schema.ts";
import { parseCases, type RuleCases } from "../detections/cases.ts";
import { iamAccessLevels } from "../events/access-levels.ts";
import { createNormaliser } from "../events/normalise.ts";
import type { RuleBook } from "../findings/rule-book.ts";
import { judgeCases } from "../judge-records.ts";
import { readTexts, type TextFile } from "../sources/files.ts";
import { UsageError } from "../usage-error.ts";
import { exitCodes } from "./exit-codes.ts";
import { plural } from "./output/table.ts";

/** Says what does not load, and the exit code. */
export function checkRules({ detections, correlations, problems }: RuleBook): number {
  for (const problem of problems) process.stderr.write(`${problemText(problem)}\n`);
  const errors = problems.filter(({ severity }) => severity === "error").length;
  process.stdout.write(
    `${plural(detections.length + correlations.length, "rule")} loaded, ` +
    `${plural(errors, "error")}, ${plural(problems.length - errors, "warning")}.\n`,
  );
  return errors === 0 ? exitCodes.ok : exitCodes.usage;
}

/**
 * Runs the cases at a path. They are judged with trailwarden's own rules beside those under test,
 * as in a real scan.
 *
 * @param config whose placeholders the rules may use
 */
export async function testRules(
  path: string,
  config: Pick<Config, "placeholders">,
): Promise<number> {
  const asked = isOurs(path) ? { onlyRules: ownRulesFolder } : { rules: [path] };
  const book = await rulesAt(asked, config);
  if (checkRules(book) !== exitCodes.ok) return exitCodes.usage;
  const parsed = (await caseFiles(path)).map(({ name, text }) => parseCases(text, name));
  const problems = parsed.flatMap((one) => one.problems);
  for (const problem of problems) process.stderr.write(`${problemText(problem)}\n`);
  if (problems.length > 0) return exitCodes.usage;
  const all = parsed.map(({ cases }) => cases).filter((cases) => cases !== null);
  const { count, failed } = await runAll(all, book);
  process.stdout.write(
    `${plural(count, "case")} of ${plural(all.length, "rule")}: ${failed} failed.\n`,
  );
  return failed === 0 ? exitCodes.ok : exitCodes.findings;
}

/** Our rules are in force already: loaded again from the checkout, each would be there twice. */
function isOurs(path: string): boolean {
  return `${resolve(path)}${sep}`.startsWith(`${resolve(ownRulesFolder)}${sep}`);
}

const ruleEnding = /\.ya?ml$/;

/** Every case file under a folder; of a rule named outright, the one beside it. */
async function caseFiles(path: string): Promise<readonly TextFile[]> {
  const beside = path.replace(ruleEnding, ".cases.json");
  if (beside !== path && !existsSync(beside)) {
    throw new UsageError(
      `There are no cases at ${beside}. See how they look with: trailwarden rules new <name>`,
    );
  }
  const files = await readTexts(beside, [".cases.json"]);
  if (files.length > 0) return files;
  throw new UsageError(
    `There are no cases under ${path}: no file there ends in .cases.json. ` +
    "See how they look with: trailwarden rules new <name>",
  );
}

async function runAll(
  all: readonly RuleCases[],
  rules: RuleBook,
): Promise<{ count: number; failed: number }> {
  const normalise = createNormaliser(iamAccessLevels());
  let failed = 0;
  let count = 0;
  for (const cases of all) {
    const outcomes = await judgeCases(cases, { rules, normalise });
    for (const { rule, name, kind, passed, diff } of outcomes) {
      count += 1;
      if (passed) continue;
      failed += 1;
      const lines = diff.map((line) => `    ${line}`).join("\n");
      process.stdout.write(`${rule}: ${kind}: ${name}\n${lines}\n`);
    }
  }
  return { count, failed };
}
