import { nestedArraysMax, type LeafTest } from "./field-value.ts";

/**
 * Looks below a value: whether the test passes there. `depth` counts arrays directly within arrays.
 */
export type Walk = (value: unknown, test: LeafTest, depth: number) => boolean;

/**
 * A dotted field name, compiled. On the way any element of an array may lead on. Where keys
 * themselves contain dots, the longest literal key that is there wins over nesting.
 *
 * @param end what to do with the value the name leads to
 */
export function compilePath(name: string, end: Walk): Walk {
  const segments = name.split(".");
  const walks: Walk[] = [];
  walks[segments.length] = end;
  for (let start = segments.length - 1; start >= 0; start -= 1) {
    const steps = segments
      .slice(start)
      .map((_, i) => start + i + 1)
      .map((next) => step(segments.slice(start, next).join("."), walks[next] ?? end))
      .reverse();
    walks[start] = walkOf(steps);
  }
  return walks[0] ?? end;
}

interface Step {
  readonly key: string;
  /** Every object answers to this key by inheritance: only an own one counts. */
  readonly isInherited: boolean;
  readonly then: Walk;
}

function step(name: string, then: Walk): Step {
  // A key as the engine holds it: looking up a string cut from a longer one costs several times as
  // much.
  const [key = name] = Object.keys({ [name]: true });
  return { key, isInherited: key in Object.prototype, then };
}

function walkOf(steps: readonly Step[]): Walk {
  const walk: Walk = (value, test, depth) => {
    if (typeof value !== "object" || value === null) return false;
    if (Array.isArray(value)) {
      if (depth === nestedArraysMax) return false;
      for (const element of value) if (walk(element, test, depth + 1)) return true;
      return false;
    }
    for (const { key, isInherited, then } of steps) {
      if (isInherited && !Object.hasOwn(value, key)) continue;
      const inner = (value as Readonly<Record<string, unknown>>)[key];
      if (inner !== undefined) return then(inner, test, 0);
    }
    return false;
  };
  return walk;
}
