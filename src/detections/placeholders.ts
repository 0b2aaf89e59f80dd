import { didYouMean } from "../text/nearest.ts";

/**
 * What `expand` puts in: placeholder name, without the percent signs -> its values, which may hold
 * wildcards.
 */
export type Placeholders = Readonly<Record<string, readonly string[]>>;

/**
 * A value with more expansions than this is refused: several placeholders in one value multiply.
 */
const expansionsMax = 10_000;

export type Expansion = { readonly texts: readonly string[] } | { readonly error: string };

/**
 * A value with every `%name%` replaced by each of its values; `\%` is a plain percent sign.
 *
 * https://sigmahq.io/sigma-specification/specification/sigma-rules-specification.html
 *
 * @param quote how a placeholder's value is written into the text around it
 */
export function expandPlaceholders(
  text: string,
  placeholders: Placeholders,
  quote: (value: string) => string,
): Expansion {
  let texts: readonly string[] = [""];
  for (const piece of piecesOf(text)) {
    if (piece.kind === "text") {
      texts = texts.map((before) => before + piece.text);
      continue;
    }
    const values = Object.hasOwn(placeholders, piece.name) ? placeholders[piece.name] : undefined;
    if (values === undefined) return { error: unknownPlaceholder(piece.name, placeholders) };
    if (values.length === 0) return { error: `The placeholder %${piece.name}% has no values.` };
    if (texts.length * values.length > expansionsMax) {
      return { error: `The placeholders of this value give more than ${expansionsMax} texts.` };
    }
    texts = texts.flatMap((before) => values.map((value) => before + quote(value)));
  }
  return { texts };
}

/** Whether the text has anything to put in. */
export function hasPlaceholder(text: string): boolean {
  return piecesOf(text).some(({ kind }) => kind === "name");
}

function unknownPlaceholder(name: string, placeholders: Placeholders): string {
  const known = Object.keys(placeholders);
  const shown = known.map((key) => `%${key}%`).join(", ");
  const has = shown === "" ? "" : ` Configured: ${shown}.`;
  const hint = didYouMean(name, known);
  const remedy = ` Give it some in the config: placeholders: { ${name}: [...] }.`;
  return `The placeholder %${name}% has no values.${has}${hint}${remedy}`;
}

type Piece = { readonly kind: "text"; readonly text: string } | {
  readonly kind: "name"; readonly name: string;
};

/** An escaped percent sign, another escape (kept as it is), or a placeholder. */
const special = /\\%|\\[\\*?]|%([A-Za-z0-9_][A-Za-z0-9_.-]*)%/g;

function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(special)) {
    pieces.push({ kind: "text", text: text.slice(end, match.index) });
    const [whole, name] = match;
    if (name !== undefined) pieces.push({ kind: "name", name });
    else pieces.push({ kind: "text", text: whole === "\\%" ? "%" : whole });
    end = match.index + whole.length;
  }
  pieces.push({ kind: "text", text: text.slice(end) });
  return pieces;
}
