import { inNetworks } from "./address-range.ts";
import type { Subject } from "./detection.ts";
import { textOf, type LeafTest } from "./field-value.ts";
import { everywhere, resolveField, seenIn, type Field } from "./field.ts";
import { manyRuns, someRun } from "./many-runs.ts";
import { places, readChain } from "./modifier-chain.ts";
import type { TextTest } from "./pattern.ts";
import { hasPlaceholder } from "./placeholders.ts";
import { placeIn, type MapEntry, type RuleNode, type ScalarNode } from "./rule-node.ts";
import type { SubjectTest, ValueTest } from "./value-test.ts";
import { testsOf, type ValueContext } from "./expected-values.ts";

/** One line of a selection, compiled: a field, its modifiers, its values. */
export interface Item {
  /** As written: `eventName|startswith`; empty for keywords. */
  readonly label: string;
  readonly field: Field;
  /** Every field and fact it looks at. */
  readonly reads: readonly Field[];
  readonly expected: readonly string[];
  readonly matches: SubjectTest;
  readonly seen: (subject: Subject) => string;
  /** Lower-case texts, one of which the field must equal; null when it may be anything else. */
  readonly exact: readonly string[] | null;
}

export type ItemContext = Omit<ValueContext, "reads">;

/**
 * The item of `field|modifier|modifier: value or list`; null when it has an error, which is then
 * told.
 */
export function readItem(entry: MapEntry, context: ItemContext): Item | null {
  const [name = "", ...modifiers] = entry.key.split("|");
  const chain = readChain(modifiers);
  if ("error" in chain) {
    const offset = [name, ...modifiers.slice(0, chain.index)].join("|").length + 1;
    context.problems.error(placeIn(entry.keyNode, offset), chain.error);
    return null;
  }
  const place = { problems: context.problems, at: entry.keyNode.at };
  const field = name === "" ? everywhere : resolveField(name, context.facts, place);
  const values = scalarsOf(entry.value, context);
  if (field === null || values === null) return null;
  if (chain.isAll && values.length < 2) {
    context.problems.error(entry.value.at, "all needs a list of two values or more. Leave it out.");
    return null;
  }
  if (chain.isExpanded && !values.some(({ text }) => hasPlaceholder(text))) {
    const message = "expand needs a placeholder such as %Administrators% in a value.";
    context.problems.error(entry.value.at, message);
    return null;
  }
  if (chain.family === "exists" && values.length > 1) {
    context.problems.error(entry.value.at, "exists takes one value, true or false.");
    return null;
  }
  warnOfNull(values, context);
  warnOfFolding(values, context);
  return compile({ label: entry.key, field, chain }, values, context);
}

/** Keywords: `- text`, any of which is looked for in the whole record, on one walk through it. */
export function readKeywords(nodes: readonly ScalarNode[], context: ItemContext): Item | null {
  const chain = readChain([]);
  if ("error" in chain) throw new Error(chain.error);
  return compile({ label: "", field: everywhere, chain }, nodes, context);
}

type Head = Pick<Item, "label" | "field"> & {
  readonly chain: Exclude<ReturnType<typeof readChain>, { readonly error: string }>;
};

function compile(head: Head, values: readonly ScalarNode[], context: ItemContext): Item | null {
  const { field, chain } = head;
  const reads: Field[] = field.kind === "keywords" ? [] : [field];
  const groups = values.map((value) => testsOf(value, head, { ...context, reads }));
  if (groups.some((group) => group.length === 0)) return null;
  const compiled = chain.isAll
    ? everyOf(groups.map((group) => anyOf(field, group)))
    : anyOf(field, groups.flat());
  return {
    label: head.label,
    field,
    reads,
    expected: groups.flat().map((test) => test.expected),
    matches: chain.isNegated ? (subject) => !compiled(subject) : compiled,
    seen: (subject) => seenIn(field, subject),
    exact: chain.isNegated ? null : exactOf(chain.isAll ? (groups[0] ?? []) : groups.flat()),
  };
}

function scalarsOf(node: RuleNode, { problems }: ItemContext): readonly ScalarNode[] | null {
  if (node.kind === "scalar") return [node];
  if (node.kind === "map") {
    problems.error(
      node.at,
      "A value or a list of values is expected. Write nested fields with dots, and a text that " +
        "begins with { in quotes.",
    );
    return null;
  }
  if (node.items.length === 0) {
    problems.error(node.at, "The list is empty: no value can match.");
    return null;
  }
  const scalars = node.items.filter((item) => item.kind === "scalar");
  if (scalars.length === node.items.length) return scalars;
  const other = node.items.find((item) => item.kind !== "scalar");
  problems.error(other?.at ?? node.at, "A list of values holds values only, no maps or lists.");
  return null;
}

function warnOfNull(values: readonly ScalarNode[], { problems }: ItemContext): void {
  const none = values.find((value) => value.value === null);
  if (values.length < 2 || none === undefined) return;
  problems.warning(
    none.at,
    "Sigma has no null in lists; here it is read as: or the field holds nothing.",
  );
}

function warnOfFolding(values: readonly ScalarNode[], { problems }: ItemContext): void {
  for (const { isFoldedPlain, at, text } of values) {
    if (!isFoldedPlain) continue;
    const shown = text.length > 40 ? `${text.slice(0, 39)}…` : text;
    const hint = "Begin each line with a dash if a list is meant, or put the value in quotes.";
    problems.warning(at, `The lines are joined to one value: ${shown}. ${hint}`);
  }
}

function everyOf(tests: readonly SubjectTest[]): SubjectTest {
  return (subject) => tests.every((test) => test(subject));
}

/** One walk over the field's values for all tests that look at values. */
function anyOf(field: Field, tests: readonly ValueTest[]): SubjectTest {
  const leaf = anyLeaf(tests);
  const whole = tests.flatMap((test) => (test.by === "field" ? [test.test(field)] : []));
  const [first] = whole;
  if (leaf === null) {
    return whole.length === 1 && first !== undefined
      ? first
      : (subject) => whole.some((test) => test(subject));
  }
  if (whole.length === 0) {
    const truth = field.type === "truth" ? exactOf(tests) : null;
    return truth === null ? (subject) => field.some(subject, leaf) : truthTestOf(field, truth);
  }
  return (subject) => field.some(subject, leaf) || whole.some((test) => test(subject));
}

/** As the text `true` or `false` would be compared. */
function truthTestOf({ name }: Field, texts: readonly string[]): SubjectTest {
  const [whenTrue, whenFalse] = [texts.includes("true"), texts.includes("false")];
  return (subject) => {
    const value = subject.fact(name);
    return value === null ? false : value === true ? whenTrue : whenFalse;
  };
}

function anyLeaf(tests: readonly ValueTest[]): LeafTest | null {
  const exact = exactTest(tests.flatMap((test) => (test.by === "exact" ? [test.text] : [])));
  const folded = foldedTests(tests);
  const leaves = tests.flatMap((test) => (test.by === "leaf" ? [test.test] : []));
  const networks = tests.flatMap((test) => (test.by === "network" ? [test.network] : []));
  if (networks.length > 0) {
    const isIn = inNetworks(networks);
    leaves.push((found) => typeof found === "string" && isIn(found));
  }
  const ofText = exact === null ? folded : [exact, ...folded];
  const [only] = ofText;
  const text: LeafTest | null =
    only === undefined
      ? null
      : ofText.length === 1
        ? (leaf) => only(textOf(leaf).toLowerCase())
        : (leaf) => {
            const lower = textOf(leaf).toLowerCase();
            return ofText.some((test) => test(lower));
          };
  const all = text === null ? leaves : [text, ...leaves];
  const [single] = all;
  if (single === undefined) return null;
  return all.length === 1 ? single : (leaf) => all.some((test) => test(leaf));
}

function foldedTests(tests: readonly ValueTest[]): readonly TextTest[] {
  const folded = tests.filter((test) => test.by === "folded");
  const together = places.flatMap((place) => {
    const runs = folded.flatMap(({ run }) => (run?.place === place ? [run.run] : []));
    return runs.length < manyRuns ? [] : [{ place, test: someRun(runs, place) }];
  });
  const taken = together.map(({ place }) => place);
  const alone = folded.filter(({ run }) => run === null || !taken.includes(run.place));
  return [...together.map(({ test }) => test), ...alone.map(({ test }) => test)];
}

function exactTest(texts: readonly string[]): ((text: string) => boolean) | null {
  const [first] = texts;
  if (first === undefined) return null;
  if (texts.length === 1) return (text) => text === first;
  const set = new Set(texts);
  return (text) => set.has(text);
}

function exactOf(tests: readonly ValueTest[]): readonly string[] | null {
  const texts = tests.flatMap((test) => (test.by === "exact" ? [test.text] : []));
  return texts.length === tests.length ? texts : null;
}
