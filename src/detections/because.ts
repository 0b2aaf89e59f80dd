/** A sentence with places: what findings say. */
export interface Template {
  /** Literal text, and the names whose values stand between. */
  readonly parts: readonly (string | { readonly name: string })[];
  /** Each name once, in order of first use. */
  readonly names: readonly string[];
}

export interface TemplateError {
  readonly error: string;
  /** Where in the text, from 0. */
  readonly offset: number;
}

/** Long enough for one sentence with every value at its bound. */
const templateLengthMax = 1000;
/** Characters of a value that a sentence shows: an ARN fits, a smuggled paragraph does not. */
const valueLengthMax = 120;
/** Elements of a list that a sentence shows. */
const listedMax = 5;

/** Reads `{agent.name} called {event.operation}`; `{{` and `}}` stand for the braces themselves. */
export function parseTemplate(text: string): Template | TemplateError {
  if (text.length > templateLengthMax) {
    const error = `The sentence is longer than ${templateLengthMax} characters.`;
    return { error, offset: templateLengthMax };
  }
  const parts: (string | { name: string })[] = [];
  let literal = "";
  for (let at = 0; at < text.length; ) {
    const character = text.charAt(at);
    if (character !== "{" && character !== "}") {
      literal += character;
      at += 1;
    } else if (text.charAt(at + 1) === character) {
      literal += character;
      at += 2;
    } else {
      const place = character === "{"
        ? /^\{\s*([\w][\w.-]*)\s*\}/.exec(text.slice(at, at + 200))
        : null;
      const name = place?.[1];
      if (place === null || name === undefined) return { error: mistakeAt(text, at), offset: at };
      if (literal !== "") parts.push(oneLine(literal));
      literal = "";
      parts.push({ name });
      at += place[0].length;
    }
  }
  if (literal !== "") parts.push(oneLine(literal));
  return { parts, names: namesOf(parts) };
}

/** YAML's block texts carry line breaks; a sentence has none. */
function oneLine(literal: string): string {
  return literal.replace(/\s+/g, " ");
}

function mistakeAt(text: string, at: number): string {
  if (text.charAt(at) === "}") return "A '}' closes no place. Write '}}' for the character itself.";
  const end = text.indexOf("}", at);
  if (end === -1) return "A '{' is not closed. Write '{{' for the character itself.";
  const place = text.slice(at, Math.min(end + 1, at + 60));
  return `'${place}' is no place: expected a fact's or field's name, like {event.operation}.`;
}

function namesOf(parts: Template["parts"]): readonly string[] {
  return [...new Set(parts.flatMap((part) => (typeof part === "string" ? [] : [part.name])))];
}

/**
 * The sentence with its values. Values are chosen by whoever made the call, so they come out on one
 * line, short and visible; see {@link plain}. The edge that shows the sentence still escapes it for
 * its own format.
 */
export function render(template: Template, values: (name: string) => unknown): string {
  return template.parts.map((part) =>
    (typeof part === "string" ? part : plain(values(part.name))),
  ).join("");
}

/**
 * A value as text that is safe to put into a sentence: control characters and line breaks become a
 * visible dot, characters that reorder or hide text are removed, what is long is cut, what is
 * missing is `unknown`.
 */
export function plain(value: unknown): string {
  if (Array.isArray(value)) return plainList(value);
  if (value === null || value === undefined) return "unknown";
  if (typeof value === "number") {
    return Number.isFinite(value) ? String(Math.round(value * 100) / 100) : "unknown";
  }
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return typeof text === "string" ? plainText(text) || "unknown" : "unknown";
}

function plainList(list: readonly unknown[]): string {
  if (list.length === 0) return "none";
  const shown = list.slice(0, listedMax).map(plain).join(", ");
  return list.length > listedMax ? `${shown} and ${list.length - listedMax} more` : shown;
}

function plainText(text: string): string {
  let length = 0;
  let result = "";
  // Read no more than can show, however long the text; a code point takes at most two units, hidden
  // ones count too.
  for (const character of text.slice(0, valueLengthMax * 4)) {
    const seen = visible(character);
    if (seen === "") continue;
    if (length === valueLengthMax) return `${result.slice(0, -lastLength(result))}…`;
    result += seen;
    length += 1;
  }
  const isCut = text.length > valueLengthMax * 4;
  return isCut && result !== "" ? `${result}…` : result.trim();
}

function lastLength(text: string): number {
  return (text.codePointAt(text.length - 2) ?? 0) > 0xffff ? 2 : 1;
}

/**
 * Format characters reorder (bidi), join or hide text; unassigned, private, ignorable and variation
 * characters render as nothing or as anything.
 * https://www.unicode.org/reports/tr44/#General_Category_Values
 */
const hidden = /^[\p{Cf}\p{Co}\p{Cn}\p{Variation_Selector}\p{Default_Ignorable_Code_Point}]$/u;
/** Control characters, lone surrogates, line and paragraph separators. */
const unprintable = /^[\p{Cc}\p{Cs}\u2028\u2029]$/u;

function visible(character: string): string {
  if (character >= " " && character <= "~") return character;
  if (unprintable.test(character)) return "·";
  if (/^\p{Zs}$/u.test(character)) return " ";
  return hidden.test(character) ? "" : character;
}
