import { hash } from "node:crypto";
import { judgingConfig } from "../config/judging-config.ts";
import { bucketVersion } from "../baselines/day-bucket.ts";
import type { Config } from "../config/schema.ts";
import type { Normalise } from "../events/normalise.ts";
import type { RuleBook } from "../findings/rule-book.ts";
import type { Store } from "../storage/store.ts";
import { version } from "../version.ts";

/** What judging works with. */
export interface Bench {
  readonly store: Store;
  readonly config: Config;
  readonly rules: RuleBook;
  readonly normalise: Normalise;
}

/** What findings rest on beside the records: when it changes, all of them are judged again. */
export function basisOf({ rules, config }: Bench): string {
  return hash("sha256", JSON.stringify([
    version, bucketVersion, rules.digest, judgingConfig(config),
  ]), "hex");
}
