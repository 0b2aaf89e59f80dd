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
