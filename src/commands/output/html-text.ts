import { printable } from "../../text/printable.ts";

/** Text that is HTML already. */
export interface Html {
  readonly html: string;
}

type Part = string | number | null | Html | readonly Html[];

/** HTML of a template; what is put in is text of anybody's, and means nothing to a browser. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: texts.map((text, i) => text + textOf(parts[i])).join("") };
}

function textOf(part: Part | undefined): string {
  if (part === null || part === undefined) return "";
  if (typeof part === "object") {
    return "html" in part ? part.html : part.map((one) => one.html).join("");
  }
  return escaped(String(part));
}

const marks: Readonly<Record<string, string>> = {
  "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;",
};

/** https://html.spec.whatwg.org/multipage/syntax.html: for text, and for attributes in quotes. */
function escaped(text: string): string {
  return printable(text).replace(/[&<>"']/g, (mark) => marks[mark] ?? "");
}
