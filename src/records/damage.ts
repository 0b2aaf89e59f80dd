import type { RejectReason } from "./record.ts";

/**
 * What can be wrong with a file's structure: the reason it is counted under, and the words for a
 * person.
 */
const damages = {
  tooLarge: ["too-large", "One record is larger than a record may be."],
  misplacedComma: ["not-json", "The commas between records are not where they should be."],
  noValue: ["not-json", "No JSON value begins here."],
  brokenLine: ["not-json", "A line ends inside a string."],
  unbalanced: ["not-json", "The brackets of the record do not close."],
  hopeless: ["not-json", "The file is too damaged to go on; its rest was not read."],
  unfinished: ["truncated", "The file ends inside a record."],
  unclosed: ["truncated", "The file ends before its closing brackets."],
} as const satisfies Readonly<Record<string, readonly [RejectReason, string]>>;
export type DamageName = keyof typeof damages;

/** A stretch of a file in which no value could be told apart. */
export interface Damage {
  readonly type: "damage";
  readonly reason: RejectReason;
  readonly offset: number;
  readonly index: number | null;
  readonly detail: string;
}

/** `index` is null where no record could be told apart. */
export function damage(name: DamageName, offset: number, index: number | null): Damage {
  const [reason, detail] = damages[name];
  return { type: "damage", reason, offset, index, detail };
}
