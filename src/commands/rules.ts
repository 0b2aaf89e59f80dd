import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Option, type Command } from "commander";
import { ownRulesFolder, problemText, rulesAt } from "../app.ts";
import { parseCases, type RuleCases } from "../detections/cases.ts";
import { isRuleName, scaffoldRule } from "../detections/scaffold.ts";
import { loadAccessLevels } from "../events/access-levels.ts";
import { createNormaliser } from "../events/normalise.ts";
import { facts } from "../facts/catalogue.ts";
import type { RuleBook } from "../findings/rule-book.ts";
import { judgeCases } from "../judge-records.ts";
import { readTexts } from "../sources/files.ts";
import { UsageError } from "../usage-error.ts";
import { exitCodes } from "./exit-codes.ts";
import { cell, levelText, plural, table } from "./output/table.ts";

type Format = "table" | "json";
const formatOption = () =>
  new Option("-f, --format <format>", "how to print").choices(["table", "json"]).default("table");

export function addRulesCommand(program: Command): void {
  const rules = program.command("rules").summary("list, check, test and write detection rules")
    .description("Rules are Sigma files (https://sigmahq.io), over CloudTrail's fields and trailwarden's facts.");
  rules.command("list").summary("every rule, with its level and what it is about")
    .argument("[path]", "a folder or file of rules (default: trailwarden's own)").addOption(formatOption())
    .action(async (path: string | undefined, { format }: { format: Format }) => {
      list(await rulesAt({ onlyRules: path ?? ownRulesFolder }), format);
    });
  rules.command("check").summary("load rules and say per file why one does not load")
    .argument("[path]", "a folder or file of rules (default: trailwarden's own)")
    .addHelpText("after", "\nExit codes: 0 when every file loads (warnings allowed), 2 when one does not.")
    .action(async (path: string | undefined) => {
      process.exitCode = check(await rulesAt({ onlyRules: path ?? ownRulesFolder }));
    });
  rules.command("test").summary("run the cases beside rules: those that fire and those that stay quiet")
    .argument("[path]", "a folder of <name>.yml and <name>.cases.json (default: trailwarden's own)")
    .addHelpText("after", "\nExit codes: 0 when every case holds, 1 when one does not, 2 when a file does not load.")
    .action(async (path: string | undefined) => {
      process.exitCode = await test(path ?? ownRulesFolder);
    });
  rules.command("facts").summary("the vocabulary that rules may use").addOption(formatOption())
    .argument("[prefix]", "only facts that begin so, e.g. credential.")
    .action((prefix: string | undefined, { format }: { format: Format }) => {
      listFacts(prefix ?? "", format);
    });
  rules.command("new").summary("write a rule and its cases to start from")
    .argument("<name>", "lower-case words joined by hyphens").option("--dir <folder>", "where to", ".")
    .action(async (name: string, { dir }: { dir: string }) => {
      await scaffold(name, dir);
    });
}

function list({ detections, correlations }: RuleBook, format: Format): void {
  const rules = [...detections, ...correlations].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (format === "json") {
    const rows = rules.map(({ name, id, title, level, entity, tags, description, file }) =>
      ({ name, id, title, level, entity, tags, description, file }));
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const rows = rules.map(({ name, level, entity, title }) => [cell(name, 40), levelText(level), entity, cell(title, 70)]);
  process.stdout.write(`${table(["RULE", "LEVEL", "ABOUT", "TITLE"], rows)}\n`);
}

function check({ detections, correlations, problems }: RuleBook): number {
  for (const problem of problems) process.stderr.write(`${problemText(problem)}\n`);
  const errors = problems.filter(({ severity }) => severity === "error").length;
  process.stdout.write(
    `${plural(detections.length + correlations.length, "rule")} loaded, ` +
    `${plural(errors, "error")}, ${plural(problems.length - errors, "warning")}.\n`,
  );
  return errors === 0 ? exitCodes.ok : exitCodes.usage;
}

async function test(path: string): Promise<number> {
  // Cases are judged with trailwarden's own rules beside those under test, as in a real scan.
  const book = await rulesAt(path === ownRulesFolder ? { onlyRules: path } : { rules: [path] });
  if (check(book) !== exitCodes.ok) return exitCodes.usage;
  const parsed = (await readTexts(path, [".cases.json"])).map(({ name, text }) => parseCases(text, name));
  const problems = parsed.flatMap((one) => one.problems);
  for (const problem of problems) process.stderr.write(`${problemText(problem)}\n`);
  if (problems.length > 0) return exitCodes.usage;
  const all = parsed.map(({ cases }) => cases).filter((cases): cases is RuleCases => cases !== null);
  const normalise = createNormaliser(await loadAccessLevels());
  let failed = 0;
  let count = 0;
  for (const cases of all) {
    for (const { rule, name, kind, passed, diff } of await judgeCases(cases, { rules: book, normalise })) {
      count += 1;
      if (passed) continue;
      failed += 1;
      process.stdout.write(`${rule}: ${kind}: ${name}\n${diff.map((line) => `    ${line}`).join("\n")}\n`);
    }
  }
  process.stdout.write(`${plural(count, "case")} of ${plural(all.length, "rule")}: ${failed} failed.\n`);
  return failed === 0 ? exitCodes.ok : exitCodes.findings;
}

function listFacts(prefix: string, format: Format): void {
  const wanted = facts.filter(({ name }) => name.startsWith(prefix));
  if (format === "json") {
    const rows = wanted.map(({ name, type, unit, meaning }) => ({ name, type, unit, meaning }));
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const rows = wanted.map(({ name, type, unit, meaning }) => [name, unit ?? type, meaning]);
  process.stdout.write(`${table(["FACT", "TYPE", "MEANING"], rows)}\n`);
}

async function scaffold(name: string, dir: string): Promise<void> {
  if (!isRuleName(name)) {
    throw new UsageError(`Cannot name a rule "${name}": use lower-case words joined by hyphens, like denied-burst.`);
  }
  const { yml, cases } = scaffoldRule(name, { uuid: randomUUID(), date: new Date().toISOString().slice(0, 10) });
  const files = [[join(dir, `${name}.yml`), yml], [join(dir, `${name}.cases.json`), cases]] as const;
  for (const [path] of files) if (existsSync(path)) throw new UsageError(`${path} is there already.`);
  await mkdir(dir, { recursive: true });
  for (const [path, text] of files) await writeFile(path, text);
  process.stdout.write(`Wrote ${files.map(([path]) => path).join(" and ")}.\nNext: trailwarden rules test ${dir}\n`);
}
