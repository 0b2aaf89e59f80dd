/**
 * A pattern of `*` (any run of characters, `/` and `:` too) and `?` (one character), as in IAM's
 * policies. The rest is literal and case-sensitive.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export type Glob = (text: string) => boolean;

export function compileGlob(pattern: string): Glob {
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  return (text) => matches(pattern, text);
}

export function matchesGlob(pattern: string, text: string): boolean {
  return matches(pattern, text);
}

/**
 * Two pointers and the last star: on a mismatch the star takes one character more. A later star
 * makes earlier ones final, so the work is bounded by pattern times text, with no recursion and
 * nothing exponential.
 */
function matches(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let starText = 0;
  while (t < text.length) {
    const wanted = pattern.charCodeAt(p);
    if (wanted === starCode) {
      star = p++;
      starText = t;
    } else if (p < pattern.length && (wanted === questionCode || wanted === text.charCodeAt(t))) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++starText;
    } else return false;
  }
  while (pattern.charCodeAt(p) === starCode) p++;
  return p === pattern.length;
}

const starCode = 42;
const questionCode = 63;

/** The runs of a pattern that its matches contain as they stand. */
export function literalsOf(pattern: string): readonly string[] {
  return pattern.split(/[*?]+/).filter((literal) => literal !== "");
}

/** How much of a pattern is literal: the more, the more specific. */
export function specificity(pattern: string): number {
  return literalsOf(pattern).reduce((length, literal) => length + literal.length, 0);
}
