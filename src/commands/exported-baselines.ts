import { ExportedPast, pastFrom } from "../baselines/exported.ts";
import type { Past } from "../baselines/levels.ts";
import { expectation, foundText } from "../config/explain-issue.ts";
import { readTexts } from "../sources/files.ts";
import { UsageError } from "../usage-error.ts";

/** What `export` wrote; a UsageError names file, line, key and value of what is wrong. */
export async function pastsIn(path: string): Promise<readonly Past[]> {
  const files = await readTexts(path, [".ndjson"]);
  const read = files.flatMap(({ name, text }) => text.split("\n").flatMap((line, i) =>
    line.trim() === "" ? [] : [pastIn(line, `${name}:${i + 1}`)]));
  const problems = read.flatMap((each) => typeof each === "string" ? [each] : []);
  if (problems.length > 0) throw new UsageError(`${problems.join("\n")}\nNothing was imported.`);
  return read.filter((each) => typeof each !== "string");
}

/** What is wrong with the line, else what it holds. */
function pastIn(line: string, place: string): Past | string {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return `${place}: This is no JSON: ${error.message}.`;
    throw error;
  }
  const { data, error } = ExportedPast.safeParse(json, { error: expectation });
  if (data !== undefined) return pastFrom(data);
  const [{ path, message } = { path: [], message: "" }] = error.issues;
  return `${place}: ${path.join(".")}: This has to be ${message}. ` +
    `Found: ${foundText(json, path)}.`;
}
