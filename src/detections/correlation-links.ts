import { fieldNames, fieldOf, findingFieldNames } from "./correlation.ts";
import type { Correlation } from "./correlation.ts";
import { meant } from "./correlation-shape.ts";
import type { Report } from "./correlation-shape.ts";
import type { Detection } from "./detection.ts";

/** What correlations may refer to, by name or id. */
export interface Target {
  readonly name: string;
  readonly id: string;
  readonly title: string;
  readonly file: string;
  readonly isCorrelation: boolean;
}

export type DetectionTarget = Pick<Detection, "name" | "id" | "title" | "file">;

/** Finds what a reference means; names win over ids. */
export class Targets {
  readonly #byName = new Map<string, Target>();
  readonly #byId = new Map<string, Target>();
  readonly #byTitle = new Map<string, Target>();

  constructor(detections: readonly DetectionTarget[]) {
    for (const { name, id, title, file } of detections) {
      this.add({ name, id, title, file, isCorrelation: false });
    }
  }

  /** @returns the one that has its name or id already, and keeps it; else null */
  add(target: Target): Target | null {
    const id = target.id.toLowerCase();
    const taken = this.#byName.get(target.name) ?? this.#byId.get(id) ?? null;
    if (taken !== null) return taken;
    this.#byName.set(target.name, target);
    this.#byId.set(id, target);
    this.#byTitle.set(target.title, target);
    return null;
  }

  find(reference: string): Target | null {
    return this.#byName.get(reference) ?? this.#byId.get(reference.toLowerCase()) ?? null;
  }

  /** Why {@link find} finds nothing, in words. */
  unknown(reference: string): string {
    const titled = this.#byTitle.get(reference);
    if (titled !== undefined) {
      return `'${reference}' is a title: refer to the rule by its name '${titled.name}'.`;
    }
    const near = meant(reference, [...this.#byName.keys()]);
    return `No rule has the name or id '${reference}'${near}.`;
  }
}

/** A correlation on its way in, with the means to say what is wrong with it. */
export interface Draft {
  readonly correlation: Correlation;
  readonly report: Report;
}

/**
 * Orders correlations so that each follows those it is chained to. One that refers to itself
 * through others, or to fields that a firing does not have, is reported and left out.
 */
export function link(drafts: readonly Draft[]): readonly Correlation[] {
  const byName = new Map(drafts.map((draft) => [draft.correlation.name, draft]));
  const done = new Set<string>();
  const ordered: Draft[] = [];
  const visit = (draft: Draft, path: readonly string[]): boolean => {
    const { name, chained } = draft.correlation;
    if (done.has(name)) return ordered.includes(draft);
    if (path.includes(name)) {
      const circle = [...path.slice(path.indexOf(name)), name].join(" -> ");
      draft.report(
        ["correlation", "rules"],
        `Correlations refer to each other in a circle: ${circle}.`,
      );
      return false;
    }
    const isSound = chained.map((inner) => {
      const next = byName.get(inner);
      return next !== undefined && visit(next, [...path, name]) && carries(draft, next.correlation);
    });
    if (!done.has(name)) {
      done.add(name);
      if (isSound.every(Boolean)) ordered.push(draft);
    }
    return ordered.includes(draft);
  };
  for (const draft of drafts) visit(draft, []);
  return withSilence(ordered.map(({ correlation }) => correlation));
}

/** A firing has its group's fields and the finding's, and no others. */
function carries({ correlation, report }: Draft, inner: Correlation): boolean {
  const known: readonly string[] = [...inner.groupBy, ...findingFieldNames];
  const missing = fieldNames(correlation).filter((name) =>
    !known.includes(fieldOf(correlation, name, inner.name)),
  );
  for (const name of missing) {
    report(
      ["correlation", "rules", correlation.rules.indexOf(inner.name)],
      `'${inner.name}' is a correlation and has no field ` +
        `'${fieldOf(correlation, name, inner.name)}': ` +
        "add it to the group-by of that one, or map it by an alias.",
    );
  }
  return missing.length === 0;
}

function withSilence(correlations: readonly Correlation[]): readonly Correlation[] {
  const silenced = new Set(correlations.flatMap(({ silences }) => silences));
  return correlations.map((correlation) =>
    ({ ...correlation, raises: !silenced.has(correlation.name) }),
  );
}

/**
 * Which rules a correlation keeps from raising findings of their own. By the specification that is
 * all of them unless `generate: true` stands there. We take only `generate: false` that literally:
 * left out, it silences the rules in the correlation's own file, its building blocks, and not a
 * detection elsewhere that somebody counts on.
 */
export function silencedBy(
  targets: readonly Target[],
  generate: boolean | undefined,
  file: string,
): readonly string[] {
  if (generate === true) return [];
  return targets.filter((target) =>
    generate === false || target.file === file,
  ).map(({ name }) => name);
}
