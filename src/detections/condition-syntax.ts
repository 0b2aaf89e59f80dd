/** A condition as written: names, not yet the selections they stand for. */
export type Expression =
  | { readonly op: "name"; readonly name: string; readonly offset: number }
  | { readonly op: "not"; readonly of: Expression }
  | { readonly op: "and" | "or"; readonly of: readonly Expression[] }
  | {
      readonly op: "of";
      /** How many of them must hold. */
      readonly least: number | "all";
      /** A name with `*`, or null for `them`. */
      readonly pattern: string | null;
      readonly offset: number;
    };

/** Why a condition cannot be read, and at which character. */
export interface SyntaxProblem {
  readonly offset: number;
  readonly error: string;
}

/** Other languages' words for ours. */
const symbols: Readonly<Record<string, string>> = {
  "&&": "and",
  "&": "and",
  "!": "not",
  "||": "or",
};

/** Parentheses within each other: beyond any rule, short of the stack. */
const depthMax = 100;

interface Token {
  readonly text: string;
  readonly offset: number;
}

/**
 * Reads a condition: `or` binds least, then `and`, `not`, `x of`, parentheses.
 *
 * https://sigmahq.io/sigma-specification/specification/sigma-rules-specification.html
 */
export function parseCondition(text: string): Expression | SyntaxProblem {
  const tokens = [...text.matchAll(/[()|]|[^\s()|]+/g)].map(
    (match) => ({ text: match[0], offset: match.index }),
  );
  const foreign = foreignSign(tokens, text);
  if (foreign !== null) return foreign;
  const pipe = tokens.find((token) => token.text === "|" || isWord(token, "near"));
  if (pipe !== undefined) {
    const error = "Aggregations in conditions are obsolete. " +
      "Write a Sigma correlation of its own, such as type: event_count, that names this rule.";
    return { offset: pipe.offset, error };
  }
  try {
    return new Parser(tokens, text.length).whole();
  } catch (cause) {
    if (cause instanceof SyntaxFault) return { offset: cause.offset, error: cause.message };
    throw cause;
  }
}

function foreignSign(tokens: readonly Token[], text: string): SyntaxProblem | null {
  const doubled = text.indexOf("||");
  const found = tokens.find((token) => Object.hasOwn(symbols, token.text)) ??
    (doubled < 0 ? null : { text: "||", offset: doubled });
  if (found === null) return null;
  const error = `A condition has no ${found.text}. Write ${symbols[found.text] ?? "or"}.`;
  return { offset: found.offset, error };
}

/** Carries a syntax problem out of the descent. */
class SyntaxFault extends Error {
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #next = 0;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  whole(): Expression {
    const expression = this.#or(0);
    const rest = this.#peek();
    if (rest !== undefined) {
      throw new SyntaxFault(rest.offset, `Expected and, or or the end, found ${rest.text}.`);
    }
    return expression;
  }

  #or(depth: number): Expression {
    return this.#joined("or", () => this.#joined("and", () => this.#not(depth)));
  }

  #joined(op: "and" | "or", part: () => Expression): Expression {
    const first = part();
    const of = [first];
    while (this.#take(op)) of.push(part());
    return of.length === 1 ? first : { op, of };
  }

  #not(depth: number): Expression {
    if (depth > depthMax) {
      throw new SyntaxFault(this.#offset(), `Nested deeper than ${depthMax} levels.`);
    }
    return this.#take("not") ? { op: "not", of: this.#not(depth + 1) } : this.#primary(depth);
  }

  #primary(depth: number): Expression {
    const token = this.#peek();
    if (token === undefined) {
      throw new SyntaxFault(this.#end, "Expected a selection, found the end.");
    }
    if (this.#take("(")) {
      const inner = this.#or(depth + 1);
      if (!this.#take(")")) {
        throw new SyntaxFault(this.#offset(), "Expected a closing parenthesis.");
      }
      return inner;
    }
    const following = this.#tokens[this.#next + 1];
    if (following !== undefined && isWord(following, "of")) return this.#quantity(token);
    if (["and", "or", "of", ")", "them"].some((word) => isWord(token, word))) {
      throw new SyntaxFault(token.offset, `Expected a selection, found ${token.text}.`);
    }
    if (token.text.includes("*")) {
      throw new SyntaxFault(
        token.offset,
        `Expected a selection, found ${token.text}. Write 1 of ${token.text}.`,
      );
    }
    this.#next += 1;
    return { op: "name", name: token.text, offset: token.offset };
  }

  /** `1 of selection*`, `all of them`; `any` is `1` by another name. */
  #quantity(token: Token): Expression {
    const word = token.text.toLowerCase();
    const least = word === "all" ? "all" : word === "any" ? 1 : Number(word);
    if (least !== "all" && !(Number.isInteger(least) && least > 0)) {
      throw new SyntaxFault(
        token.offset,
        `Expected all, any or a number from 1 before of, found ${token.text}.`,
      );
    }
    this.#next += 2;
    const target = this.#peek();
    if (target === undefined || target.text === "(" || target.text === ")") {
      throw new SyntaxFault(
        this.#offset(),
        "Expected them or a selection pattern such as selection* after of.",
      );
    }
    this.#next += 1;
    const pattern = isWord(target, "them") ? null : target.text;
    return { op: "of", least, pattern, offset: target.offset };
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #take(word: string): boolean {
    const token = this.#peek();
    if (token === undefined || !isWord(token, word)) return false;
    // `not of`, `and of` are no quantities; a selection may be called `all` or `any`, not `not`.
    this.#next += 1;
    return true;
  }

  #offset(): number {
    return this.#peek()?.offset ?? this.#end;
  }
}

function isWord(token: Token, word: string): boolean {
  return token.text.toLowerCase() === word;
}
