/** What a fact can be. Null: not known, or does not apply; a rule treats it as an absent field. */
export type FactValue = string | number | boolean | null | readonly string[];

export type FactType = "text" | "number" | "truth" | "list";

/** What rules may ask: the loader checks every name a rule uses against it. */
export interface FactCatalogue {
  /** e.g. `role`, `event`, `session`: a dotted name that starts with one of these is ours, or an error. */
  readonly namespaces: ReadonlySet<string>;
  readonly names: ReadonlyMap<string, { readonly type: FactType }>;
}
