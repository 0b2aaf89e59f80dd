import { brokenRules, problemText, rulesAt, type AppOptions } from "../app.ts";
import { configAt } from "../config-file.ts";
import { changedSettings, inForce, type Setting } from "../config/changes.ts";
import type { Config } from "../config/schema.ts";
import type { RuleBook } from "../findings/rule-book.ts";
import { SourceFault } from "../sources/fault.ts";
import { UsageError } from "../usage-error.ts";

/** What a running service works with. */
export interface InForce {
  readonly config: Config;
  readonly rules: RuleBook;
}

export type Reloaded =
  | {
      readonly problems: readonly [];
      /** In force from now on: what needs a restart is as it was. */
      readonly next: InForce;
      readonly changed: readonly (Setting | "rules")[];
      /** Those of `changed` that wait for a restart. */
      readonly needRestart: readonly Setting[];
    }
  /** What is wrong, line by line: what was in force stays so. */
  | { readonly problems: readonly string[]; readonly next: null };

/** Reads config and rules again, from where they were. Never throws for what stands there. */
export async function reloaded(
  before: InForce,
  from: Pick<AppOptions, "config" | "rules" | "onlyRules">,
): Promise<Reloaded> {
  try {
    const wanted = await configAt(from.config);
    const rules = await rulesAt(from, wanted);
    const problems = newlyBroken(before.rules, rules);
    if (problems.length > 0) return { problems, next: null };
    const { changed, needRestart } = changedSettings(before.config, wanted);
    const isOtherRules = rules.digest !== before.rules.digest;
    return {
      problems: [],
      next: { config: inForce(before.config, wanted), rules },
      changed: isOtherRules ? [...changed, "rules"] : changed,
      needRestart,
    };
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof SourceFault)) throw error;
    return { problems: error.message.split("\n"), next: null };
  }
}

/** A rule that did not load before either was accepted when the service was started. */
function newlyBroken(before: RuleBook, after: RuleBook): readonly string[] {
  const accepted = new Set(brokenRules(before).map(problemText));
  return brokenRules(after).map(problemText).filter((problem) => !accepted.has(problem));
}
