/** One word of a user agent: `lang/python#3.12` is name `lang`, value `python`, detail `3.12`. */
export interface Token {
  readonly name: string;
  /** What follows the first slash; "" when there is none. */
  readonly value: string;
  /** What follows the value's first `#`; "" when there is none. */
  readonly detail: string;
}

export interface Tokens {
  readonly words: readonly Token[];
  /** The first of each name, by lower-case name. */
  readonly byName: ReadonlyMap<string, Token>;
  /** Text in parentheses, which is prose: `(Windows NT 10.0; Win64; x64)`. */
  readonly comments: string;
}

/** Splits a user agent at blanks, with comments (RFC 9110 §10.1.5) kept apart, nested ones too. */
export function tokenise(text: string): Tokens {
  const words: Token[] = [];
  const byName = new Map<string, Token>();
  const comments: string[] = [];
  for (const [part, isComment] of partsOf(text)) {
    if (isComment) {
      comments.push(part);
      continue;
    }
    for (const word of part.split(" ")) {
      if (word === "") continue;
      const token = tokenOf(word);
      words.push(token);
      const name = token.name.toLowerCase();
      if (!byName.has(name)) byName.set(name, token);
    }
  }
  return { words, byName, comments: comments.join(" ") };
}

/** The value of `md/<key>#<value>`; null when there is none. */
export function metadataOf(tokens: Tokens, key: string): string | null {
  const token = tokens.words.find(({ name, value }) => name === "md" && value === key);
  return token === undefined || token.detail === "" ? null : token.detail;
}

function tokenOf(word: string): Token {
  const slash = word.indexOf("/");
  if (slash < 0) return { name: word, value: "", detail: "" };
  const rest = word.slice(slash + 1);
  const hash = rest.indexOf("#");
  const value = hash < 0 ? rest : rest.slice(0, hash);
  return { name: word.slice(0, slash), value, detail: hash < 0 ? "" : rest.slice(hash + 1) };
}

function partsOf(text: string): readonly (readonly [part: string, isComment: boolean])[] {
  const parts: [string, boolean][] = [];
  let depth = 0;
  let from = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === openParenthesis && depth++ === 0) {
      parts.push([text.slice(from, index), false]);
      from = index + 1;
    } else if (code === closeParenthesis && depth > 0 && --depth === 0) {
      parts.push([text.slice(from, index), true]);
      from = index + 1;
    }
  }
  parts.push([text.slice(from), depth > 0]);
  return parts;
}

const openParenthesis = 0x28;
const closeParenthesis = 0x29;
