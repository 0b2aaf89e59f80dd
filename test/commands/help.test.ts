import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { afterAll, describe, expect, it } from "vitest";
import { commandLine } from "../../src/cli.ts";
import { overrideVariables } from "../../src/config/environment.ts";
import { Workplace } from "./program.ts";

const place = new Workplace();
afterAll(() => {
  place.remove();
});

const docs = join(import.meta.dirname, "..", "..", "docs");
const cli = readFileSync(join(docs, "cli.md"), "utf8");

interface Verb {
  readonly path: readonly string[];
  readonly command: Command;
}

function verbsOf(command: Command, path: readonly string[] = []): readonly Verb[] {
  return command.commands.flatMap((inner) => {
    const verb = { path: [...path, inner.name()], command: inner };
    return [verb, ...verbsOf(inner, verb.path)];
  });
}

const program = commandLine();
const verbs = verbsOf(program);
const optionsOf = (command: Command): readonly string[] =>
  command.options.flatMap(({ long, short }) => [long, short]).filter((flag) => flag != null);

describe("--help", () => {
  const paths = verbs.map(({ path }) => [path.join(" ")] as const);
  it.each(paths)("of %s exits with 0 and explains", async (path) => {
    const { code, stdout, stderr } = await place.run([...path.split(" "), "--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [usage, , explanation] = stdout.split("\n");
    expect(usage).toContain(`Usage: trailwarden ${path}`);
    // A sentence of its own, before arguments and options.
    expect(explanation).toMatch(/^[a-zA-Z].{15,}/);
    expect(explanation).not.toMatch(/^(?:Arguments|Options|Commands):/);
  });

  it("of the program and --version exit with 0; nothing at all is answered with help", async () => {
    const help = await place.run(["--help"]);
    expect(help.code).toBe(0);
    for (const command of program.commands) expect(help.stdout).toContain(`  ${command.name()} `);
    expect(await place.run(["--version"])).toMatchObject({ code: 0, stdout: "0.1.0\n" });
    const bare = await place.run([]);
    expect(bare).toMatchObject({ code: 2, stdout: "" });
    expect(bare.stderr).toContain("Start here:");
  });
});

describe("docs/cli.md", () => {
  const sections = new Map(cli.split(/^## /m).slice(1).map((text) =>
    [text.slice(0, text.indexOf("\n")), text] as const));

  it.each(program.commands.map((command) => [command.name()]))("tells all of %s", (name) => {
    const section = sections.get(name) ?? "";
    const own = verbs.filter(({ path }) => path[0] === name);
    for (const { path, command } of own) {
      expect(section).toContain(path.join(" "));
      for (const flag of optionsOf(command)) expect(section).toContain(`\`${flag}`);
    }
  });

  it("names no verb and no option that is not there", () => {
    for (const [name, text] of sections) {
      const own = verbs.filter(({ path }) => path[0] === name);
      if (own.length === 0) {
        expect(["Exit codes", "Environment"]).toContain(name);
        continue;
      }
      const known = ["--help", ...own.flatMap(({ command }) => optionsOf(command))];
      const flags = [...text.matchAll(/(?<![\w-])--?[a-z][a-z-]*/g)].map(([flag]) => flag);
      const elsewhere = ["--store", "--config", "--fail-on"];
      const unknown = flags.filter((flag) => ![...known, ...elsewhere].includes(flag));
      expect({ name, unknown }).toEqual({ name, unknown: [] });
      const inner = [...text.matchAll(/^trailwarden (\w+) (\w[\w-]*)/gm)].map(([, a, b]) => [a, b]);
      const paths = own.map(({ path }) => path);
      for (const path of inner) expect(paths).toContainEqual(path);
    }
  });

  it("names every environment variable that is read", () => {
    for (const name of [
      ...["TRAILWARDEN_CONFIG", "TRAILWARDEN_STORE", "NO_COLOR", "FORCE_COLOR"],
      ...["TRAILWARDEN_URL", "TRAILWARDEN_TOKEN", "TRAILWARDEN_MODE"],
      ...overrideVariables,
    ]) {
      expect(sections.get("Environment")).toContain(`\`${name}\``);
    }
  });
});
