import { isScalar, visit, type Document, type YAMLError } from "yaml";

/** What is wrong with a file's YAML, where it begins, and what to try. */
export interface YamlProblem {
  /** Characters from the beginning of the file. */
  readonly offset: number;
  readonly message: string;
}

/**
 * The first thing wrong with a document: what the parser finds after it is mostly its echo. A tag
 * nobody knows is no error to the parser, but leaves nothing of the value: somebody forgot quotes.
 */
export function yamlProblem(document: Document): YamlProblem | null {
  const [first] = document.errors;
  const found = first ?? document.warnings.find(({ code }) => code === "TAG_RESOLVE_FAILED");
  if (found === undefined) return null;
  const isUnclosed = found.code === "MISSING_CHAR" && found.message.endsWith("quote");
  return {
    offset: isUnclosed ? (lastQuote(document) ?? found.pos[0]) : found.pos[0],
    message: yamlMessage(found),
  };
}

export function yamlMessage(found: YAMLError): string {
  const what = found.message.replace(/[.\s]+$/, "");
  const hint = hintFor(found);
  return `Cannot read the YAML: ${what}.${hint === null ? "" : ` ${hint}`}`;
}

/** A quotation that is never closed is missed at the end of the file; it begins at the last one. */
function lastQuote(document: Document): number | null {
  let last: number | null = null;
  visit(document, {
    Node(_, node) {
      if (!isScalar(node) || node.type?.startsWith("QUOTE_") !== true) return;
      last = node.range?.[0] ?? last;
    },
  });
  return last;
}

const inQuotes = "Put the whole value in quotes; within single quotes write '' for one.";

/** What to try, by the parser's code. */
const hints: Partial<Record<YAMLError["code"], string>> = {
  TAB_AS_INDENT: "Indent with spaces.",
  BAD_INDENT: "Indent this line like those it belongs to.",
  BAD_ALIAS: "An unquoted * refers to an anchor: put the value in quotes.",
  BAD_SCALAR_START: "Put the value in quotes.",
  BLOCK_AS_IMPLICIT_KEY:
    "Put a text with a colon in quotes, and indent what belongs together alike.",
  MULTILINE_IMPLICIT_KEY:
    "Put a text with a colon in quotes, and indent what belongs together alike.",
  BAD_DQ_ESCAPE: "Use single quotes, in which a backslash is itself.",
  TAG_RESOLVE_FAILED: "An unquoted ! begins a tag: put the value in quotes.",
};

function hintFor({ code, message }: YAMLError): string | null {
  if (message.startsWith("Flow")) {
    return "Close the bracket, or put a text that begins with one in quotes.";
  }
  if (message.endsWith("quote")) return "It opens here; within single quotes write '' for one.";
  if (message.includes("at node end")) return inQuotes;
  if (message.includes("block-seq-ind")) return "Begin a list on a line of its own.";
  return hints[code] ?? null;
}
