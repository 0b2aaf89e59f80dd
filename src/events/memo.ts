/**
 * Answers of a pure function, remembered by its text argument: user agents, ARNs and addresses
 * repeat over millions of records. When full it starts anew, so that hostile, ever-new text costs
 * time but never memory.
 */
export function memoise<T>(entriesMax: number, compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, { readonly answer: T }>();
  return (text) => {
    const hit = known.get(text);
    if (hit !== undefined) return hit.answer;
    const answer = compute(text);
    if (known.size >= entriesMax) known.clear();
    known.set(text, { answer });
    return answer;
  };
}

/** The same of an object, for as long as anybody has it. */
export function memoiseOf<K extends object, T>(compute: (of: K) => T): (of: K) => T {
  const known = new WeakMap<K, { readonly answer: T }>();
  return (of) => {
    const hit = known.get(of);
    if (hit !== undefined) return hit.answer;
    const answer = compute(of);
    known.set(of, { answer });
    return answer;
  };
}

/** The same of a pair of texts. */
export function memoisePair<T>(
  entriesMax: number,
  compute: (a: string, b: string) => T,
): (a: string, b: string) => T {
  const known = new Map<string, Map<string, { readonly answer: T }>>();
  let size = 0;
  return (a, b) => {
    const hit = known.get(a)?.get(b);
    if (hit !== undefined) return hit.answer;
    const answer = compute(a, b);
    size += 1;
    if (size > entriesMax) {
      known.clear();
      size = 1;
    }
    const ofFirst = known.get(a) ?? new Map<string, { readonly answer: T }>();
    known.set(a, ofFirst.set(b, { answer }));
    return answer;
  };
}
