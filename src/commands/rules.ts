import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Option, type Command } from "commander";
import { ownRulesFolder, rulesAt } from "../app.ts";
import { configAt } from "../config-file.ts";
import { isRuleName, scaffoldRule } from "../detections/scaffold.ts";
import { facts } from "../facts/catalogue.ts";
import type { RuleBook } from "../findings/rule-book.ts";
import { nearest } from "../text/nearest.ts";
import { UsageError } from "../usage-error.ts";
import { configOption } from "./options.ts";
import { cell, levelText, table } from "./output/table.ts";
import { addBackTest } from "./rules-backtest.ts";
import { checkRules, testRules } from "./rules-test.ts";

type Format = "table" | "json";
const formatOption = () =>
  new Option("-f, --format <format>", "how to print").choices(["table", "json"]).default("table");

const examples = `
Examples:
  trailwarden rules list
  trailwarden rules new denied-burst --dir my-rules
  trailwarden rules test my-rules`;

export function addRulesCommand(program: Command): void {
  const rules = program.command("rules")
    .summary("list, check, test, back-test and write detection rules")
    .description(
      "Rules are Sigma files (https://sigmahq.io), over CloudTrail's fields and our facts.",
    )
    .addHelpText("after", examples);
  addList(rules);
  addCheckAndTest(rules);
  addBackTest(rules);
  addFacts(rules);
  addNew(rules);
}

function addList(rules: Command): void {
  rules.command("list").description("Lists every rule, with its level and what it is about.")
    .argument("[path]", "a folder or file of rules (default: trailwarden's own)")
    .addOption(formatOption())
    .addOption(configOption())
    .addHelpText("after", "\nExample:\n  trailwarden rules list ./my-rules --format json")
    .action(async (path: string | undefined, { format, config }: Given & { format: Format }) => {
      list(await rulesUnder(path, config), format);
    });
}

function addCheckAndTest(rules: Command): void {
  rules.command("check")
    .description("Loads rules and says, by file, line and column, why one does not load.")
    .argument("[path]", "a folder or file of rules (default: trailwarden's own)")
    .addOption(configOption())
    .addHelpText(
      "after",
      "\nExit codes: 0 when every file loads (warnings allowed), 2 when one does not.",
    )
    .action(async (path: string | undefined, { config }: Given) => {
      process.exitCode = checkRules(await rulesUnder(path, config));
    });
  rules.command("test")
    .description("Runs the cases beside rules: those that fire and those that stay quiet.")
    .argument(
      "[path]",
      "a folder of <name>.yml and <name>.cases.json, or one rule (default: trailwarden's own)",
    )
    .addOption(configOption())
    .addHelpText(
      "after",
      "\nExit codes: 0 when every case holds, 1 when one does not, 2 when a file does not load.",
    )
    .action(async (path: string | undefined, { config }: Given) => {
      process.exitCode = await testRules(path ?? ownRulesFolder, await configAt(config));
    });
}

interface Given {
  readonly config?: string;
}

async function rulesUnder(path: string | undefined, config: string | undefined): Promise<RuleBook> {
  return rulesAt({ onlyRules: path ?? ownRulesFolder }, await configAt(config));
}

function addFacts(rules: Command): void {
  rules.command("facts").description("Lists the vocabulary that rules may use, with its meaning.")
    .argument("[prefix]", "only facts that begin so, e.g. credential.")
    .addOption(formatOption())
    .addHelpText("after", "\nExample:\n  trailwarden rules facts credential.")
    .action((prefix: string | undefined, { format }: { format: Format }) => {
      listFacts(prefix ?? "", format);
    });
}

function addNew(rules: Command): void {
  rules.command("new").description("Writes a rule and its cases to start from.")
    .argument("<name>", "lower-case words joined by hyphens")
    .option("--dir <folder>", "where to", ".")
    .addHelpText("after", "\nExample:\n  trailwarden rules new denied-burst --dir my-rules")
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
  const rows = rules.map(({ name, level, entity, title }) =>
    [cell(name, 40), levelText(level), entity, cell(title, 70)]);
  process.stdout.write(`${table(["RULE", "LEVEL", "ABOUT", "TITLE"], rows)}\n`);
}

function listFacts(prefix: string, format: Format): void {
  const wanted = facts.filter(({ name }) => name.startsWith(prefix));
  if (wanted.length === 0) {
    const known = [...new Set(facts.map(({ name }) => name.slice(0, name.indexOf(".") + 1)))];
    const guess = nearest(prefix, [...known, ...facts.map(({ name }) => name)]);
    const hint = guess === null ? `Facts begin with ${known.join(", ")}` : `Did you mean ${guess}?`;
    throw new UsageError(`No fact begins with ${prefix}. ${hint}`);
  }
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
    throw new UsageError(
      `Cannot name a rule "${name}": use lower-case words joined by hyphens, like denied-burst.`,
    );
  }
  const date = new Date().toISOString().slice(0, 10);
  const { yml, cases } = scaffoldRule(name, { uuid: randomUUID(), date });
  const files = [
    [join(dir, `${name}.yml`), yml],
    [join(dir, `${name}.cases.json`), cases],
  ] as const;
  for (const [path] of files) {
    if (existsSync(path)) throw new UsageError(`${path} is there already. Choose another name.`);
  }
  await mkdir(dir, { recursive: true });
  for (const [path, text] of files) await writeFile(path, text);
  process.stdout.write(
    `Wrote ${files.map(([path]) => path).join(" and ")}.\nNext: trailwarden rules test ${dir}\n`,
  );
}
