/** A metric as an expression names it, and the labels that it asks of it. */
export interface Named {
  readonly metric: string;
  readonly labels: readonly string[];
}

const naming = /\b(trailwarden[_:][a-zA-Z0-9_:]+)(?:\{([^}]*)\})?/g;

/** Our metrics in a PromQL expression. */
export function namedIn(expr: string): readonly Named[] {
  return [...expr.matchAll(naming)].map(([, metric = "", matchers = ""]) => ({
    metric,
    labels: [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = ""]) => label),
  }));
}
